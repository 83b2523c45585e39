"""Belgium's inventory of the change of method."""
