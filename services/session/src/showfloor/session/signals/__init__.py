"""The signal lane: batches in, minute rollups out. No Python object per signal anywhere."""
