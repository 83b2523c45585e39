"""What is set of a stock by hand: levels by product, known events."""
