"""The analysis pages as the site knows them: one page for each declaration."""
