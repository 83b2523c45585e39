"""What each answer on prices tells a program: the same keys at the command line and by the API."""
