"""The calculator of the regulated margin."""
