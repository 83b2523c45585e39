"""The parts of the benchmark, each measured and reported on its own."""
