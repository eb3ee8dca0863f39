"""What we write into the configuration of others comes out of it again, whatever is in it."""

import json
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from showfloor.embedded.nats import binary
from showfloor.embedded.quoting import nats_config, nats_text, postgres_folders
from showfloor.testing.ports import free_port

HARD = [
    "plain",
    "with space",
    "Ärger mit Umlauten",
    "数据 资料夹",
    'it\'s "quoted"',
    "back\\slash\\u00e9\\x41\\n",
    "comma, colon: {brace} [bracket] (round)",
    "$VAR ${HOME} `id` # no comment // none",
    "tab\tand\nline\r",
    "zero width \u200b joiner 👩\u200d🍳",
    "%s %% %ff",
    "\u00a0\u3000\ufeff",
    "include 'x'",
]
LETTERS = ["".join(map(chr, range(max(start, 1), start + 256))) for start in range(0, 0x20000, 256)]
READ = [*HARD, *(text for text in LETTERS if not 0xD800 <= ord(text[0]) < 0xE000)]  # halves of pairs are no letters
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=60)


def checked(config: str, folder: Path) -> subprocess.CompletedProcess[str]:
    file = folder / "nats.conf"
    file.write_text(config, encoding="utf-8")
    return subprocess.run([binary(), "-t", "-c", file], capture_output=True, text=True, timeout=20, check=False)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(TEXTS, min_size=1, max_size=40))
@example(HARD)
def test_nats_takes_every_text(tmp_path: Path, texts: list[str]) -> None:
    named = {f"k{number}": text for number, text in enumerate(texts)}
    config = {"jetstream": {"store_dir": f"/{texts[0]}"}, "server_metadata": named}
    done = checked(nats_config(config), tmp_path)
    assert done.returncode == 0, (config, done.stderr)


def test_json_is_what_it_does_not_take(tmp_path: Path) -> None:
    """The mistake that this module is there for."""
    assert checked(json.dumps({"server_name": "é"}), tmp_path).returncode != 0


@pytest.fixture
def told(tmp_path: Path) -> Iterator[list[str]]:
    """What a running server says that it read."""
    port = free_port()
    config = {"host": "127.0.0.1", "port": free_port(), "http": f"127.0.0.1:{port}", "server_metadata": {}}
    config["server_metadata"] = {f"k{number}": text for number, text in enumerate(READ)}
    file = tmp_path / "nats.conf"
    file.write_text(nats_config(config), encoding="utf-8")
    with subprocess.Popen([binary(), "-c", file], stderr=subprocess.PIPE, text=True) as server:
        try:
            while True:
                try:
                    answer = httpx.get(f"http://127.0.0.1:{port}/varz").json()
                    break
                except httpx.TransportError:
                    assert server.poll() is None, server.stderr and server.stderr.read()
                    time.sleep(0.02)
            yield [answer["metadata"][f"k{number}"] for number in range(len(READ))]
        finally:
            server.kill()


def test_nats_reads_what_was_meant(told: list[str]) -> None:
    assert told == READ


def test_plain_values_look_like_json() -> None:
    plain = {"port": 4222, "jetstream": {"sync_interval": "always"}, "allow": ["a.>", "b"], "none": []}
    assert json.loads(nats_config(plain)) == plain
    assert nats_text("a\x07b") == '"a\\x07b"'


def test_a_list_of_folders_has_one_entry() -> None:
    assert postgres_folders('/a, "b" ') == '"/a, ""b"" "'
