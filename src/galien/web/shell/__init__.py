"""What surrounds every page: frame, menu, sign-in, error pages, and the template environment."""
