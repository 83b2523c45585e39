"""Stock: classes, rotation, value, sleepers; demand and orders."""
