"""Settings, health, migrations and the life of a process."""
