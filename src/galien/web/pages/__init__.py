"""The pages of the site: a folder each, found by the registry; no central edit."""
