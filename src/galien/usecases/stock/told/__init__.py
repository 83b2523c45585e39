"""What each answer on stock tells a program: the same keys at the command line and by the API."""
