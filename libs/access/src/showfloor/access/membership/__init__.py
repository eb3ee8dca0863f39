"""Who is what to whom: the directory's public events, kept by each service in tables of its own, and asked there."""
