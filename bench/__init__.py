"""Benchmarks: what is measured, against what, as ratios in one run, with equal results checked."""
