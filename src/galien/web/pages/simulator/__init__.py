"""Every ordered pair of labs on what is bought, the best first."""
