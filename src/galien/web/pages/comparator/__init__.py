"""The comparator of discounts: labs beside what is bought."""
