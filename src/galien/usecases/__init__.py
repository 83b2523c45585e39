"""Use cases: one module for each thing a user can do, whatever the door they come by."""
