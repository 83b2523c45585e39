"""The book of law: topics, parameters, their values through time."""
