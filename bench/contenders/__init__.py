"""The contenders: each answers every case of the standard list, written by hand for its engine."""
