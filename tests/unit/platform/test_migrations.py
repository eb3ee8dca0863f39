"""Where the migrations of a service lie, and what is said of one that is not there."""

from pathlib import Path

import pytest

from showfloor.platform.migrations import Migrations
from showfloor.platform.startup_error import StartupError


def test_they_lie_in_the_package_which_is_not_imported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "showfloor/moon").mkdir(parents=True)
    (tmp_path / "showfloor/moon/__init__.py").write_text("raise AssertionError")
    monkeypatch.syspath_prepend(tmp_path)
    moon = Migrations("showfloor.moon")
    assert (moon.service, moon.folder) == ("moon", tmp_path / "showfloor/moon/migrations")


@pytest.mark.parametrize("package", ["", "showfloor.nothing", "nothing.at.all"])
def test_a_service_that_is_not_there_is_told_in_words(package: str) -> None:
    with pytest.raises(StartupError, match="there is no such service"):
        _ = Migrations(package).folder
