"""What the embedded PostgreSQL refuses before it starts."""

from pathlib import Path

import pytest

from showfloor.embedded.folder import DataFolder
from showfloor.embedded.postgres import Postgres
from showfloor.platform.startup_error import StartupError


@pytest.mark.parametrize(("found", "way_out"), [("16", "upgrade_db"), ("19", "or a newer one")])
def test_data_of_another_postgres_stays_as_it_is(tmp_path: Path, found: str, way_out: str) -> None:
    folder = DataFolder(tmp_path)
    folder.postgres.mkdir()
    (folder.postgres / "PG_VERSION").write_text(f"{found}\n")
    with pytest.raises(StartupError) as refused:
        Postgres(folder).prepare()
    assert f"PostgreSQL {found}" in refused.value.cause
    assert way_out in refused.value.next_step
    assert [entry.name for entry in folder.postgres.iterdir()] == ["PG_VERSION"]
