"""Stock: what the shelves hold, read from files or from the workspace, and what to do about it."""
