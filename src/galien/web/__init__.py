"""The pages people see: one folder each, with the shell and the components they share."""
