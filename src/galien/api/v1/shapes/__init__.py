"""What answers look like, for the description of the API and the programs that are written from it."""
