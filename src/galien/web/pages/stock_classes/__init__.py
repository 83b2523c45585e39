"""ABC classes of products."""
