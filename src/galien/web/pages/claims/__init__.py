"""Claims to suppliers: prepared, sent, followed until they are recovered."""
