"""The labs to sign with, in any number, and what to negotiate."""
