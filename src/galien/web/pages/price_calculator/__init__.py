"""The calculator of prices and margins."""
