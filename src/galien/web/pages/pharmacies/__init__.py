"""The pharmacies of the group."""
