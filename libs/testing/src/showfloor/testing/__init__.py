"""Given/when/then, real PostgreSQL and real NATS for tests."""
