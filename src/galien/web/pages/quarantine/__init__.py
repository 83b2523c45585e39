"""Lines set aside, and reading them again."""
