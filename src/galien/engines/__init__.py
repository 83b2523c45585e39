"""Engines: what runs the portable SQL, and what makes the derived files, behind one protocol."""
