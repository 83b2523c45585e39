"""A person's own account: sessions and keys."""
