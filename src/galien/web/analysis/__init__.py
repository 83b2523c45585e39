"""Analysis pages: one declaration each, one address, one way from an answer to a page."""
