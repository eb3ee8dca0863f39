"""The outside of the directory: its public events, and the queries of its routes."""
