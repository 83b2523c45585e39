"""Stock: what would have sold, what to order and when, what a policy would have given, what is short."""
