"""Stock rotation, and shares by VAT rate."""
