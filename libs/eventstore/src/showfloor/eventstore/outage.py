"""Tells an outage of the database from a defect.

After an outage the same statement succeeds later: the caller waits and keeps order. A defect would come again, so it is
isolated to its own caller, view or message.
"""

import psycopg

from showfloor.eventstore.log import LogUnavailable
from showfloor.kernel.refusal import Refusal, RefusalKind

# By class of SQLSTATE (the first two characters), then by whole SQLSTATE where a class is mixed. The whole one wins.
_CLASSES = {
    "08": True,  # connection exception: there is no connection, or it broke
    "40": True,  # transaction rollback: serialization failure, deadlock, conflict with recovery on a standby
    "53": True,  # insufficient resources: disk full, out of memory, too many connections
    "57": True,  # operator intervention: shutdown, crash of another backend, start-up, a cancelled statement
    "58": True,  # system error: the server cannot read or write its own files; no statement of ours names one
}
_STATES = {
    "08P01": False,  # protocol violation, connection still alive: what we sent was malformed, and will be again
    "25006": True,  # read-only transaction: a failover, or a guard against a full disk. Not the statement's fault
    "25P03": True,  # idle in transaction for too long: we, or the machine, stood still
    "25P04": True,  # transaction timeout: likewise
    "40002": False,  # integrity constraint violation at the commit: the data is wrong, and will be again
    "53400": False,  # configuration limit exceeded: this statement asks for more than it may ever have
    "55P03": True,  # lock not available: somebody else holds it
}
_ENDED = ("FATAL", "PANIC")  # severities after which the server has closed the connection, whatever the reason was
_UNKNOWN = ("08007", "40003")  # transaction resolution unknown, statement completion unknown


def is_outage(error: BaseException) -> bool:
    """Tell whether waiting helps: the database is away, stands still, takes no writes, or ended the connection.

    psycopg's classes do not say: a read-only transaction is an InternalError, a row too large an OperationalError.
    """
    if isinstance(error, psycopg.Error):
        return _is_outage_of_postgres(error)
    if isinstance(error, Refusal):  # an outage that was met, and translated, further down
        return error.kind is RefusalKind.UNAVAILABLE
    return isinstance(error, LogUnavailable | ConnectionError | TimeoutError)


def unavailable() -> Refusal:
    """Return what a caller is told of an outage."""
    message = "the database cannot be reached, or takes no writes; try again later"
    return Refusal(RefusalKind.UNAVAILABLE, "DATABASE_UNAVAILABLE", message)


def in_doubt(error: BaseException) -> bool:
    """Tell whether a commit that ended in this error may stand all the same: the server did not say no."""
    if not isinstance(error, psycopg.Error) or error.sqlstate is None:
        return True
    return error.sqlstate in _UNKNOWN or error.diag.severity_nonlocalized in _ENDED


def _is_outage_of_postgres(error: psycopg.Error) -> bool:
    if isinstance(error, psycopg.errors.PipelineAborted):
        return False  # says only that a statement before it failed, which has an error of its own
    state = error.sqlstate
    if state is None:  # psycopg's own: a broken connection, an exhausted pool; or a value that it cannot send
        return isinstance(error, psycopg.OperationalError | psycopg.InterfaceError)
    if error.diag.severity_nonlocalized in _ENDED:
        return True
    return _STATES.get(state, _CLASSES.get(state[:2], False))
