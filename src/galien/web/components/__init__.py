"""What pages are made of: plain models, the macros that print them, and charts."""
