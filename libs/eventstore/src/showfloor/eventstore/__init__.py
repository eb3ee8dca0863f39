"""The event log, group commit, views, deadlines: everything that touches PostgreSQL."""
