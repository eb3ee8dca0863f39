"""PostgreSQL and NATS from wheels in one data folder, and the supervisor of every process."""
