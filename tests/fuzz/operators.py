"""What operators give the command line and the processes: words, variables, files, and what servers answer them."""

import gzip
import io
import json
import os
import tarfile
from collections.abc import Callable
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from random import Random
from shutil import rmtree
from typing import Any
from unittest.mock import patch

import httpx
from changes import Change, alike, anywhere, json_line, json_text, number, one_of, separated, word
from cyclopts.exceptions import CycloptsError
from inputs import FOLDER, SESSION, Parser, text_of

from showfloor.cli.__main__ import app
from showfloor.cli.api import problem_of, wait_of
from showfloor.cli.backups import archive, manifest
from showfloor.cli.recordings import COLUMNS, BadRecording, Recording
from showfloor.cli.replaying import Player, speed_of
from showfloor.cli.session_api import address_in
from showfloor.embedded.folder import read_json
from showfloor.gateway.config import Config as GatewayConfig
from showfloor.platform.settings import load, read_secret
from showfloor.platform.startup_error import StartupError
from showfloor.session.config import Config as SessionConfig


def _file(read: Callable[[Path], Any], pack: Callable[[bytes], bytes] = bytes) -> Callable[[bytes], Any]:
    path = FOLDER / f"{len(list(FOLDER.iterdir()))}"
    path.touch()

    def run(data: bytes) -> Any:
        path.write_bytes(pack(data))
        return read(path)

    return run


def _lines(data: bytes) -> bytes:
    return gzip.compress(data, 0)


def _recording(path: Path) -> list[Any]:
    recording = Recording(path)
    ids = [SESSION] * len(recording.products)
    player = Player(None, recording.header, 1.0, "run", product_ids=ids)
    read: list[Any] = [player.at(recording.header.duration_ms)]
    for entry in recording.entries():
        if entry.fact:
            read.append(player.fact_body(entry.fact, entry.t))
        elif entry.signals:
            read += [entry.signals.column(name) for name in COLUMNS] + [player.at(entry.signals.base)]
        elif entry.pin is not None and entry.pin >= 0:
            read.append(ids[entry.pin])
    return read


def _settings(data: bytes) -> Any:
    lines = data.decode("utf-8", "surrogateescape").replace("\0", "").split("\n")
    given = dict(line.partition("=")[::2] for line in lines if line.partition("=")[0])
    with patch.dict(os.environ, given, clear=True):
        return load(SessionConfig).policy(), load(GatewayConfig)


def _words(data: bytes) -> Any:
    words = data.decode("utf-8", "surrogateescape").split("\n")
    with patch.dict(os.environ, {}, clear=True):
        return app.parse_args(words, print_error=False, exit_on_error=False)


def _changed_words(rng: Random, _seed: bytes) -> bytes:
    words = rng.choice(COMMANDS).split(b"\n")
    if rng.random() < 0.8:
        at = len(words) - 1 if rng.random() < 0.5 else rng.randrange(len(words))
        words[at] = alike(rng, words[at]) if rng.random() < 0.7 else word(rng).encode(errors="replace")
    else:
        words.insert(rng.randrange(len(words) + 1), rng.choice([b"--debug", b"--data", b"--help", b"--", b"-", b"x"]))
    return b"\n".join(words)


def _answer(data: bytes) -> Any:
    answer = httpx.Response(503, headers=[(b"Retry-After", data[:40].replace(b"\n", b""))], content=data)
    return wait_of(answer), problem_of(answer).get("code")


def _address(data: bytes) -> Any:
    url, _, token = data.decode("utf-8", "surrogateescape").partition("\n")
    found, secret = address_in({"SHOWFLOOR_URL": url, "SHOWFLOOR_TOKEN": token})
    with suppress(httpx.UnsupportedProtocol):
        return httpx.Request("GET", found, headers={"Authorization": f"Bearer {secret}"}) if found else None


def _unpacked(path: Path) -> Any:
    root = path.with_name("unpacked")
    rmtree(root, ignore_errors=True)
    root.mkdir()
    return archive.unpack(path, root, lambda _: None, lambda *_: None)


FILES = {"pg/base/1": b"one", "state": b""}


def _packed(manifest_text: bytes, rename: dict[str, str], changed: Change | None, rng: Random) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for name, body in {manifest.NAME: manifest_text, **FILES}.items():
            member = tarfile.TarInfo(rename.get(name, name))
            member.size = len(body)
            if rng.random() < 0.1:
                member.type = rng.choice([tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.DIRTYPE, tarfile.FIFOTYPE, b"V"])
                member.linkname = rng.choice(["/etc/passwd", "..", "state", ""])
            if rng.random() < 0.1:
                member.pax_headers = {rng.choice(["path", "size", "mtime", "uid", "GNU.sparse.map", "a"]): word(rng)}
            if rng.random() < 0.05:
                member.mtime = number(rng)
            with suppress(ValueError, OverflowError, UnicodeError):  # what cannot be written is left out
                tar.addfile(member, io.BytesIO(body))
    text = out.getvalue()
    return changed(rng, text) if changed else text


def _changed_backup(rng: Random, seed: bytes) -> bytes:
    chance = rng.random()
    whole = json_text(rng, BACKED_UP) if chance < 0.4 else BACKED_UP
    names = {rng.choice([manifest.NAME, *FILES]): word(rng)} if 0.4 < chance < 0.6 else {}
    return _packed(whole, names, anywhere if chance > 0.8 else None, rng)


def _zipped_or_not(rng: Random, seed: bytes) -> bytes:
    lines = gzip.decompress(seed)
    changed = json_line(rng, lines)
    return gzip.compress(changed, 1) if rng.random() < 0.9 else anywhere(rng, gzip.compress(changed, 1))


RECORDING = (
    b'{"format":"showfloor-recording/1","title":"T","shop":"S","account":"A","currency":"EUR","duration_ms":1000,'
    b'"simulated":[],"totals":{"gmv":1},"signals":1,"facts":1}\n'
    b'[{"reference":"r","title":"T","category":"C","price":1}]\n'
    b'{"t":1,"pin":0}\n{"t":2,"fact":{"id":"1","kind":"comment","viewer":"v","text":"hi"}}\n'
    b'{"t":3,"fact":{"id":"2","kind":"order","viewer":"v","product":0,"quantity":1,"price":5}}\n'
    b'{"t":3,"signals":{"rows":1,"base":1,"offset_ms":"AAAAAA==","kind":"AQ==","viewer":"AAA=","product":"AAA=",'
    b'"channel":"AA==","viewers":"AAAAAAAAAAA=","traits":"AA=="}}\n'
)
MANIFEST = (
    b'{"product":"showfloor-backup","format":2,"version":"1","postgres":"18.1","began":"2026-01-01T00:00:00Z","ended":'
    b'"2026-01-01T00:00:01Z","signals":"folded","services":{"session":{"last_position":1,"migrations":{},"views":{}}},'
    b'"folders":["b"],"files":{"a":{"size":1,"sha256":"00"}}}'
)
BACKED_UP = json.dumps(
    json.loads(MANIFEST)
    | {
        "folders": ["pg", "pg/base"],
        "files": {name: {"size": len(body), "sha256": sha256(body).hexdigest()} for name, body in FILES.items()},
    }
).encode()
SETTINGS = (
    b"SHOWFLOOR_DATABASE_URL=postgresql://a@/b\nSHOWFLOOR_NATS_URL=nats://127.0.0.1:4222\nSHOWFLOOR_LISTEN=[::1]:0\n"
    b"SHOWFLOOR_SESSION_ADDRESS=127.0.0.1:1\nSHOWFLOOR_SIGNING_KEY_FILE=/k\nSHOWFLOOR_USER_RATE=1.5\n"
    b"SHOWFLOOR_BAG_LIMIT=100\nSHOWFLOOR_PUBLIC_URL=https://a.example.com\nSHOWFLOOR_MAX_STREAMS=5\n"
    b"SHOWFLOOR_SUGGESTION_FALL=0.2\nSHOWFLOOR_LOG_LEVEL=info"
)
COMMANDS = (
    b"up\n--port\n8080\n--no-demo", b"replay\n/f\n--speed\n60", b"import\nhistory\n/f\n--shop\nS", b"status",
    b"logs\ngateway\n-n\n5", b"record\n/h\n--session\ns1\n--out\n/o\n--seed\n2", b"restore\n/f\n--data\n/d",
    b"backup\n/f", b"rebuild\nall\n--service\nsession", b"token\n--api", b"nats\nrebuild", b"doctor\n--json",
    b"--version", b"--help",
)  # fmt: skip


def parsers() -> list[Parser]:
    """Return them all."""
    error = (StartupError,)
    recording = (BadRecording,)
    address = b"https://live.example.com/a\ntoken-1"
    refused = b'{"type":"about:blank","title":"T","status":503,"code":"UNAVAILABLE","detail":"later"}'
    secret = lambda path: read_secret(path, variable="SHOWFLOOR_X")  # noqa: E731
    backup = _packed(BACKED_UP, {}, None, Random(4))
    return [
        Parser(".live lines", RECORDING, _file(_recording, _lines), recording, json_line),
        Parser(".live file", gzip.compress(RECORDING), _file(_recording), recording, _zipped_or_not),
        Parser("backup manifest", MANIFEST, lambda data: manifest.read(data, FOLDER), error, json_text),
        Parser("backup file", backup, _file(_unpacked, _lines), error, _changed_backup),
        Parser("state file", b'{"status":"ready","url":"http://a"}', _file(read_json), error, json_text),
        Parser("secret file", b"secret\n", _file(secret), error),
        Parser("settings", SETTINGS, _settings, error, separated(b"\n", b"=")),
        Parser("words of the command line", COMMANDS[0], _words, (CycloptsError,), _changed_words),
        Parser("replay's --speed", b"60", lambda data: speed_of(text_of(data)), error, one_of(b"60", b"1.5", b"max")),
        Parser("SHOWFLOOR_URL and TOKEN", address, _address, error, separated(b"\n")),
        Parser("answer of the API", refused, _answer, (), json_text),
    ]
