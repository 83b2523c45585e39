"""What medicines bring: regulated margin, fees and discounts, by month and by pharmacy."""
