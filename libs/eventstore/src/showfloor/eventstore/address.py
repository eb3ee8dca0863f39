"""TCP timeouts of every connection to PostgreSQL."""

from psycopg.conninfo import conninfo_to_dict, make_conninfo

DEAD_AFTER = 5  # seconds of silence, the time that a command has

_LIMITS = {
    "keepalives_idle": 2,  # seconds without traffic before the kernel asks whether anybody is there
    "keepalives_interval": 1,
    "keepalives_count": DEAD_AFTER - 2,
    "tcp_user_timeout": DEAD_AFTER * 1_000,  # milliseconds for which what we sent may stay unconfirmed
}


def with_tcp_timeouts(dsn: str) -> str:
    """Return a DSN whose TCP connections end within seconds after packets stop coming through.

    Otherwise a connection that a firewall forgot holds the writer for a quarter of an hour. What the DSN itself says of
    these limits stands.
    """
    return make_conninfo(dsn, **{name: limit for name, limit in _LIMITS.items() if name not in conninfo_to_dict(dsn)})


def database_in(dsn: str) -> str:
    """Return the name of the database in a DSN; "" when it names none."""
    return str(conninfo_to_dict(dsn).get("dbname") or "")
