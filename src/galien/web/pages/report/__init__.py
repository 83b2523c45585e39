"""The yearly report of a pharmacy, to read and to hand over."""
