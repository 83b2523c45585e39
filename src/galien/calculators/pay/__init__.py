"""What a pharmacy is paid on medicines: regulated margin, dispensing fees, discounts, and reforms tried."""
