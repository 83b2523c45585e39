"""REST API, version 1: each module declares a subject, the same use cases as the site by key or session."""
