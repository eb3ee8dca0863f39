"""Real PostgreSQL and real NATS from wheels, in one data folder."""
