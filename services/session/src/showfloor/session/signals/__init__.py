"""The signal stream: batches in, minute rollups out. No Python object per signal anywhere."""
