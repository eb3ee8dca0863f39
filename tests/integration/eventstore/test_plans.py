"""Every question to the log is answered by an index, also when it was planned while the tables were empty."""

from collections.abc import Iterator
from contextlib import closing
from typing import Any
from uuid import uuid4

import pytest

from showfloor.eventstore import commits, postgres_log
from showfloor.eventstore.log import Done, NewRow, Quiet
from showfloor.eventstore.postgres_log import LogConnections

DONE = Done(bytes(16), 1, 1)
MANY = 64  # streams of one question


def questions() -> dict[str, tuple[str, Any]]:
    rows = [NewRow(uuid4(), 1, "t:1", b"", "r", DONE) for _ in range(MANY)]
    quiet = [Quiet(uuid4(), "r", DONE) for _ in range(MANY)]
    streams, unchanged = [one.stream for one in quiet], {one.stream: 1 for one in quiet}
    numbers = [1] * MANY
    return {
        "commit": (commits.commit_sql(rows, unchanged, quiet), commits.parameters(rows, unchanged, quiet)),
        "find": (postgres_log._FIND, tuple(map(list, zip(*(row[:4] for row in rows), strict=True)))),
        "streams": (postgres_log._READ_STREAMS, (streams, numbers, ["shape"])),
        "spans": (postgres_log._READ_SPANS, (streams, numbers, numbers)),
        "requests": (postgres_log._REQUESTS, (streams, ["r"] * MANY)),
        "forget": (postgres_log._FORGET_QUIET, (60.0,)),
        "read": (postgres_log._READ, (0, 10, 1_000)),
    }


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for part in plan.get("Plans", ()):
        yield from nodes(part)


def reads_all(node: dict[str, Any]) -> bool:
    return node["Node Type"] == "Seq Scan" or ("Index" in node["Node Type"] and "Index Cond" not in node)


@pytest.mark.parametrize("plans", ["custom", "generic"])
def test_no_question_reads_all_of_a_table(database, plans):
    with closing(LogConnections(database)) as log, log.get() as connection:
        connection.execute(f"SET plan_cache_mode = force_{plans}_plan")
        for name, (sql, given) in questions().items():
            explained = connection.execute(f"EXPLAIN (FORMAT JSON) {sql}", given, prepare=True).fetchone()
            whole = [node for node in nodes(explained[0][0]["Plan"]) if reads_all(node)]
            assert not whole, f"{name}: {whole}"
