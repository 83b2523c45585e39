"""Files received and their receipts."""
