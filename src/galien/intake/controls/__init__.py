"""Controls: each declared with its code, its severity and the sentence told to the sender."""
