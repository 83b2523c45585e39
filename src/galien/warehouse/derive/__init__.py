"""The analytical file of a release: derived from its Parquet files, and always possible to make again."""
