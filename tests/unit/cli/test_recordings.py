"""The format of a recording."""

import gzip
import json
from pathlib import Path

import pytest

from showfloor.cli.recordings import BadRecording, Recording

DEMO = Path(__file__).parents[3] / "cli/src/showfloor/cli/data/demo.live"


@pytest.mark.requirement("R151")
def test_the_shipped_recording_says_that_it_is_simulated() -> None:
    header = Recording(DEMO).header
    assert header.simulated == ["everything: this LIVE never took place"]
    assert "simulated" in header.title


def test_the_shipped_recording_adds_up_to_its_own_totals() -> None:
    recording = Recording(DEMO)
    entries = list(recording.entries())
    orders = [e.fact for e in entries if e.fact and e.fact.kind == "order"]
    assert sum(order.price * order.quantity for order in orders) == recording.header.totals["gmv"]
    assert sum(order.quantity for order in orders) == recording.header.totals["units_sold"]
    assert sum(e.signals.rows for e in entries if e.signals) == recording.header.signals
    assert sum(e.fact is not None for e in entries) == recording.header.facts


def broken(tmp_path: Path, lines: list[bytes]) -> Path:
    path = tmp_path / "broken.live"
    path.write_bytes(gzip.compress(b"\n".join(lines) + b"\n"))
    return path


def good_lines() -> list[bytes]:
    return gzip.decompress(DEMO.read_bytes()).splitlines()[:6]


SIGNALS = (
    b'{"t":1,"signals":{"rows":1,"base":%b,"offset_ms":"","kind":"","viewer":"","product":"","channel":"","viewers":"",'
    b'"traits":""}}'
)


@pytest.mark.parametrize("duration", [-1, 10**15])
def test_a_recording_is_a_week_at_most(tmp_path: Path, duration: int) -> None:
    lines = good_lines()
    lines[0] = json.dumps({**json.loads(lines[0]), "duration_ms": duration}).encode()
    with pytest.raises(BadRecording, match="line 1: duration_ms"):
        Recording(broken(tmp_path, lines))


@pytest.mark.parametrize(
    ("line", "content", "says"),
    [
        (0, b'{"format":"other/1"}', "line 1"),
        (1, b"{}", "line 2"),
        (3, b'{"t":-5,"pin":0}', "line 4: t is -5"),
        (3, b'{"t":999999999,"pin":0}', "line 4: t is 999999999"),
        (3, b'{"t":1}', "line 4: needs exactly one of fact, pin, signals"),
        (3, b'{"t":1,"pin":0,"other":1}', "line 4"),
        (3, b"\x00\xff", "line 4"),
        (2, b'{"t":1,"pin":99999}', "line 3: pins a product"),
        (2, b'{"t":1,"pin":-2}', "line 3: pins a product"),
        (2, b'{"t":1,"fact":{"id":"a","kind":"comment","viewer":"v","product":99999}}', "line 3: is about a product"),
        (2, b'{"t":1,"fact":{"id":"a","kind":"order","viewer":"v"}}', "line 3: is about a product"),
        (2, SIGNALS % b"2", "line 3: base is 2"),
        (2, SIGNALS % b"-9999999999999999", "line 3: base is -9999999999999999"),
    ],
)
def test_a_broken_line_is_named(tmp_path: Path, line: int, content: bytes, says: str) -> None:
    lines = good_lines()
    lines[line] = content
    with pytest.raises(BadRecording, match=says):
        list(Recording(broken(tmp_path, lines)).entries())


def test_a_file_that_is_no_recording_or_cut_short_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "no.live"
    path.write_bytes(b"hello")
    with pytest.raises(BadRecording, match="not a gzip file"):
        Recording(path)
    path.write_bytes(DEMO.read_bytes()[:5000])
    with pytest.raises(BadRecording, match="cut short"):
        list(Recording(path).entries())
