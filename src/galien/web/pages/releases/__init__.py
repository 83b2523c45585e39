"""Published releases: what changed, publishing, going back."""
