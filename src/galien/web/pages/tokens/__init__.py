"""The keys given to programs."""
