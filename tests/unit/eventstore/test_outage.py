"""What is an outage and what a defect: every SQLSTATE that psycopg knows, and the errors that carry none."""

import inspect
from types import SimpleNamespace

import psycopg
import pytest
from psycopg import errors
from psycopg_pool import PoolClosed, PoolTimeout, TooManyRequests

from showfloor.eventstore.log import LogUnavailable, VersionConflict
from showfloor.eventstore.outage import in_doubt, is_outage
from showfloor.kernel.refusal import Refusal, RefusalKind

OUTAGES = [
    "08000", "08001", "08003", "08004", "08006", "08007",
    "25006", "25P03", "25P04",
    "40000", "40001", "40003", "40P01",
    "53000", "53100", "53200", "53300",
    "55P03",
    "57000", "57014", "57P01", "57P02", "57P03", "57P04", "57P05",
    "58000", "58030", "58P01", "58P02", "58P03",
]  # fmt: skip

KNOWN = sorted(
    {
        kind.sqlstate
        for kind in vars(errors).values()
        if inspect.isclass(kind) and issubclass(kind, psycopg.Error) and kind.sqlstate
    }
)


def ended(state: str) -> psycopg.Error:
    """An error after which the server closed the connection."""
    kind = errors.lookup(state)
    diag = property(lambda _self: SimpleNamespace(severity_nonlocalized="FATAL"))
    return type(kind.__name__, (kind,), {"diag": diag})("the server said so")


@pytest.mark.parametrize("state", KNOWN)
def test_every_sqlstate_is_an_outage_or_a_defect(state):
    assert is_outage(errors.lookup(state)("said the server")) is (state in OUTAGES)


def test_the_table_names_only_sqlstates_that_there_are():
    assert set(OUTAGES) <= set(KNOWN)


@pytest.mark.parametrize("state", ["08P01", "28000", "28P01", "3D000", "25P03", "57P01", "XX000"])
def test_an_error_that_ends_the_connection_is_an_outage(state):
    assert is_outage(ended(state))
    assert in_doubt(ended(state))


@pytest.mark.parametrize(
    ("error", "outage"),
    [
        (psycopg.OperationalError("server closed the connection unexpectedly"), True),
        (psycopg.InterfaceError("the connection is closed"), True),
        (errors.ConnectionTimeout("connection timeout expired"), True),
        (PoolTimeout("couldn't get a connection"), True),
        (PoolClosed("the pool is closed"), True),
        (TooManyRequests("the pool queue is full"), True),
        (LogUnavailable("away"), True),
        (ConnectionResetError(), True),
        (TimeoutError(), True),
        (Refusal(RefusalKind.UNAVAILABLE, "DATABASE_UNAVAILABLE", "away"), True),
        (errors.PipelineAborted("pipeline aborted"), False),
        (psycopg.DataError("PostgreSQL text fields cannot contain NUL (0x00) bytes"), False),
        (psycopg.ProgrammingError("the query has 1 placeholder but 2 parameters were passed"), False),
        (Refusal(RefusalKind.WRONG_STATE, "ACCOUNT_CLOSED", "closed"), False),
        (VersionConflict("another was first"), False),
        (FileNotFoundError("no such file"), False),
        (KeyError("x"), False),
    ],
    ids=repr,
)
def test_errors_without_a_sqlstate(error, outage):
    assert is_outage(error) is outage


@pytest.mark.parametrize(
    ("error", "doubt"),
    [
        (psycopg.OperationalError("server closed the connection unexpectedly"), True),
        (errors.lookup("08007")("unknown"), True),
        (errors.lookup("40003")("unknown"), True),
        (errors.lookup("25006")("cannot execute INSERT in a read-only transaction"), False),
        (errors.lookup("53100")("no space left on device"), False),
        (errors.lookup("40P01")("deadlock detected"), False),
    ],
    ids=repr,
)
def test_only_a_commit_not_refused_by_the_server_is_in_doubt(error, doubt):
    assert in_doubt(error) is doubt
