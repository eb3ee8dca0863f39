"""Who is asking, how they prove it inside Showfloor, and what they may do."""
