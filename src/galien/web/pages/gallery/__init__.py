"""The gallery: every component in its states, for those who build pages."""
