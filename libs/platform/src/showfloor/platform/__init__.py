"""Settings, embedded PostgreSQL and NATS, the supervisor and the life of a process."""
