"""Two versions of a service live beside one another on one database: a migration adds, and takes nothing away."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
FILES = sorted(ROOT.glob("services/*/src/showfloor/*/migrations/*.sql"))
TAKES_AWAY = re.compile(
    r"\b(DROP|RENAME|TRUNCATE|DELETE\s+FROM|SET\s+NOT\s+NULL|ALTER\s+COLUMN\s+\w+\s+(SET\s+DATA\s+)?TYPE"
    r"|ADD\s+COLUMN\s+(?:(?!DEFAULT)[^;,])*NOT\s+NULL(?![^;,]*DEFAULT))\b",
    re.IGNORECASE,
)


def taken(text: str) -> list[str]:
    """Return what of a migration an older version would stumble over."""
    return [found.group() for found in TAKES_AWAY.finditer(re.sub(r"--.*", "", text))]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_migration_only_adds(file: Path) -> None:
    assert taken(file.read_text()) == [], "the version before still runs: add beside it, take away a version later"


@pytest.mark.parametrize(
    "text",
    [
        "ALTER TABLE a DROP COLUMN b;", "ALTER TABLE a RENAME COLUMN b TO c;", "DROP TABLE a;", "TRUNCATE a;",
        "ALTER TABLE a ALTER COLUMN b TYPE bigint;", "ALTER TABLE a ALTER COLUMN b SET NOT NULL;",
        "ALTER TABLE a ADD COLUMN b int NOT NULL;", "DELETE FROM a;",
    ],
)  # fmt: skip
def test_what_takes_away_is_found(text: str) -> None:
    assert taken(text)


@pytest.mark.parametrize(
    "text",
    [
        "CREATE TABLE a (b int NOT NULL);", "ALTER TABLE a ADD COLUMN b int NOT NULL DEFAULT 0;",
        "ALTER TABLE a ADD COLUMN b int;", "CREATE INDEX b ON a (c);",
        "ALTER TABLE a ADD COLUMN b int DEFAULT 0 NOT NULL;",
    ],
)  # fmt: skip
def test_what_adds_is_none(text: str) -> None:
    assert taken(text) == []
