"""The contract monitor."""
