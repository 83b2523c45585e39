"""Long work under way and done."""
