"""Nothing secret and nothing personal lies where others may read it: logs, metrics, traces, state, command lines."""

import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import psutil
import pytest
from access_cast import Cast

from showfloor.testing.system import Rest

PASSWORD = f"pass {uuid4().hex}"
NAME = f"Zelda-{uuid4().hex[:8]}"
COMMENT = f"my-phone-is-{uuid4().hex[:8]}"


@pytest.fixture
def used(cast: Cast, host: Any) -> dict[str, str]:
    """Use every secret and personal datum there is, in good requests and bad ones, and return them."""
    system, secrets = cast.system, {"operator key": cast.operator_key, **files(cast.system)}
    email = f"{uuid4().hex}@example.com"
    user = cast.operator.post("/users", {"name": NAME, "email": email})["user_id"]
    secrets["link"] = cast.link(user)
    secrets["token"] = Rest(system.url).post("/sign-in", {"code": secrets["link"]})["token"]
    Rest(system.url, secrets["token"]).post("/me/password", {"password": PASSWORD})
    Rest(system.url).post("/sign-in", {"email": email, "password": PASSWORD})
    Rest(system.url).refused(401, "UNAUTHENTICATED", "POST", "/sign-in", {"email": email, "password": PASSWORD + "x"})
    Rest(system.url).refused(401, "UNAUTHENTICATED", "POST", "/sign-in/link", {"token": secrets["link"]})
    Rest(system.url).refused(400, "INVALID_FIELD", "POST", "/sign-in", {"emial": email, "password": PASSWORD})
    Rest(system.url, secrets["token"] + "x").refused(401, "UNAUTHENTICATED", "GET", "/me")
    session = host.live(products=1)
    path = f"/watch/{session.id}"
    secrets["viewer token"] = Rest(system.url).post(f"{path}/join", {"display_name": NAME})["viewer_token"]
    viewer = Rest(system.url, secrets["viewer token"])
    viewer.post(f"{path}/comments", {"text": COMMENT})
    viewer.refused(400, "INVALID_FIELD", "POST", f"{path}/comments", {"text": COMMENT, "wrong": COMMENT})
    topics = {"topics": f"watch:{session.id},{COMMENT}", "viewer_token": secrets["viewer token"]}
    Rest(system.url).refused(400, "INVALID_FIELD", "GET", "/stream", params=topics)
    Rest(system.url).refused(404, "NO_SUCH_ROUTE", "GET", "/nothing", params=topics)
    return {**secrets, "password": PASSWORD, "e-mail": email, "name": NAME, "comment": COMMENT}


def files(system: Any) -> dict[str, str]:
    """Return what the system's secret files hold, by their names. The folder in `keys` holds public keys."""
    found = [path for folder in (system.folder.secrets, system.folder.keys) for path in folder.iterdir()]
    found += system.folder.services.rglob("*.key.json")
    texts = {path.name: path.read_text().strip() for path in found if path.is_file() and "jwks" not in path.name}
    assert {"nats-session.password", "nats-gateway.password", "postgres-session_app.pgpass"} <= texts.keys()
    texts |= {name: text.rpartition(":")[2] for name, text in texts.items() if name.endswith(".pgpass")}
    return texts


def open_places(system: Any, spans: Path) -> Iterator[tuple[str, str]]:
    """Yield everything that people or programs without the secrets may read."""
    for log in system.folder.log("up").parent.glob("*.log"):
        yield log.name, log.read_text(errors="replace")
    yield "state.json", repr(system.folder.state())
    yield "spans", spans.read_text()
    for told in system.folder.state()["processes"]:
        if "http" in told["ports"]:
            yield f"metrics of {told['name']}", httpx.get(f"http://127.0.0.1:{told['ports']['http']}/metrics").text
        process = psutil.Process(told["pid"])
        for one in (process, *process.children(recursive=True)):
            with suppress(psutil.NoSuchProcess):  # a child that works for a moment has ended: nobody can read it now
                yield f"command line of {told['name']}", " ".join(one.cmdline())
                if one.uids().real == process.uids().real and told["name"] not in ("postgres", "nats"):
                    yield f"environment of {told['name']}", repr(one.environ())


def test_no_secret_and_no_name_is_where_others_may_read(cast: Cast, used: dict[str, str], spans: Path) -> None:
    read = list(open_places(cast.system, spans))
    assert {"gateway.log", "session.log", "spans", "metrics of gateway", "environment of gateway"} <= dict(read).keys()
    assert [(place, what) for place, text in read for what, secret in used.items() if secret in text] == []


def test_secrets_are_for_their_owner_alone(cast: Cast) -> None:
    folder = cast.system.folder
    private = [
        *folder.secrets.rglob("*"),
        folder.operator_key,
        *folder.root.rglob("*.key"),
        *folder.keys.glob("*.key*"),
        *folder.services.rglob("*.key.json"),
        *folder.keyring.rglob("*"),
    ]
    assert len(private) >= 8
    for path in private:
        wanted = 0o700 if path.is_dir() else 0o600
        assert stat.S_IMODE(path.stat().st_mode) == wanted, path


def test_each_system_has_secrets_of_its_own(cast: Cast) -> None:
    values = list(files(cast.system).values())
    assert len(values) == len(set(values))
    assert all(len(value) >= 32 for value in values)
