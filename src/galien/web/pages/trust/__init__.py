"""What an owner has opened to whom, and who looked."""
