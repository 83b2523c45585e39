"""What pharmacies open to organisations, dated."""
