"""What a pharmacy is worth."""
