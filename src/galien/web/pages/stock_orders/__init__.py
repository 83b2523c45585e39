"""Orders proposed, changed and sent."""
