"""Files and past sessions that are brought in."""
