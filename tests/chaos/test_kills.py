"""kill -9 of every process while a recording is played: in the end everything adds up to the unit."""

import asyncio
import gzip
import json
import os
import random
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from importlib import resources
from pathlib import Path

import pytest

from showfloor.cli import totals
from showfloor.cli.replaying import play_file
from showfloor.platform.trouble import Trouble
from showfloor.testing.system import Rest, System, soon

SEED = int(os.environ.get("SHOWFLOOR_CHAOS_SEED", "7"))
ROUNDS = int(os.environ.get("SHOWFLOOR_CHAOS_ROUNDS", "1"))
VICTIMS = ("postgres", "nats", "session", "gateway", "supervisor")
SECONDS = 60  # for one round: long enough to kill and heal each part once
PAUSE = (1.0, 4.0)  # seconds between one part's being well again and the next kill


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """A system of this module's own, to be killed."""
    system = System(tmp_path_factory.mktemp("chaos") / "data")
    try:
        system.up()
        yield system
    finally:
        system.end()


@pytest.fixture(scope="module")
def sample() -> Path:
    """The recording that comes with Showfloor."""
    return Path(str(resources.files("showfloor.cli") / "data/demo.live"))


def header(recording: Path) -> dict[str, dict[str, int]]:
    with gzip.open(recording, "rt", encoding="utf-8") as file:
        return dict(json.loads(file.readline()))


def kill(system: System, name: str) -> None:
    """kill -9, then wait until all is well again; the supervisor is started by hand."""
    if name == "supervisor":
        os.kill(int(system.folder.state()["pid"]), signal.SIGKILL)
        soon(lambda: not system.folder.running())
        system.up()
        return
    before = system.part(name)
    os.kill(int(before["pid"]), signal.SIGKILL)
    again = lambda part: part["status"] == "running" and part["pid"] not in (None, before["pid"])  # noqa: E731
    soon(lambda: system.part(name), again, within=60)


@pytest.mark.timeout(300 * ROUNDS)
def test_nothing_is_lost_and_nothing_counts_twice(system: System, sample: Path) -> None:
    chance = random.Random(SEED)
    for _ in range(ROUNDS):
        speed = header(sample)["duration_ms"] / 1000 / SECONDS  # type: ignore[operator]
        words = system.words("replay", sample, "--speed", f"{speed:.0f}")
        replay = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        try:
            for name in chance.sample(VICTIMS, len(VICTIMS)):
                time.sleep(chance.uniform(*PAUSE))
                assert replay.poll() is None, f"the replay was over before {name} could be killed"
                sys.stdout.write(f"seed {SEED}: kill -9 {name}\n")
                kill(system, name)
            printed, _ = replay.communicate(timeout=150)
        finally:
            replay.kill()
        assert replay.returncode == 0, f"{printed}\n{system.last_words()}"
        assert_equal(system, printed, header(sample)["totals"])


def assert_equal(system: System, printed: str, wanted: dict[str, int]) -> None:
    """Board, list and recap show the recording's totals, and so they do after every view was built again."""
    found = re.search(r"Session (\S{36}):", printed)
    assert found, printed
    session, api = found[1], Rest(system.url, system.token())

    def shown() -> list[dict[str, int]]:
        board, recap = api.get(f"/sessions/{session}/board"), api.get(f"/sessions/{session}/recap")
        query = {"account_ids": board["session"]["account_id"], "metrics": list(wanted), "page_size": 200}
        rows = api.get("/sessions", **query)["sessions"]
        row = next(row for row in rows if row["session"]["session_id"] == session)
        screens = (board["core"], row["readings"], recap["readings"])
        return [{one["metric"]: round(one["value"]) for one in s if one["metric"] in wanted} for s in screens]

    assert shown() == [wanted] * 3
    system.rebuild()
    assert shown() == [wanted] * 3


def test_one_lost_order_is_found(system: System, sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The check above can fail: a recording with one order cut out does not add up."""
    with gzip.open(sample, "rt", encoding="utf-8") as file:
        lines = file.readlines()
    lost = next(n for n, line in enumerate(lines) if '"kind":"order"' in line)
    cut = tmp_path / "cut.live"
    with gzip.open(cut, "wt", encoding="utf-8") as out:
        out.writelines(lines[:lost] + lines[lost + 1 :])
    monkeypatch.setattr(totals, "PATIENCE_S", 3.0)
    with pytest.raises(Trouble, match="does not add up"):
        asyncio.run(play_file(cut, 0.0, system.folder.root))
