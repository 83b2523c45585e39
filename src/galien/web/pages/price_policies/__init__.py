"""Price policies: written, tried, applied, and what they brought."""
