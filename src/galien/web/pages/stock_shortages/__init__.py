"""What was ordered and did not come."""
