"""REST API, version 1: the same questions, receipts and releases as the site, by token or session."""
