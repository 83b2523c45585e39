"""What Galien remembers: people, rights, receipts, releases, jobs, views, in Django's database."""
