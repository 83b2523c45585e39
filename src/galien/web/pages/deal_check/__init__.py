"""Is this deal worth it: an offer weighed against buying as one sells."""
