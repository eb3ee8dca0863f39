"""The whole of Showfloor for tests: started by its own command, spoken to through the gateway."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

import httpx
import psutil

from showfloor.embedded.folder import DataFolder
from showfloor.embedded.postgres import Postgres
from showfloor.testing.ports import free_port
from showfloor.testing.waiting import PATIENCE as SOON

SHOWFLOOR = str(Path(sys.executable).with_name("showfloor"))
PATIENCE = 300.0  # seconds for one command: a guard, no measure
T = TypeVar("T")


class Rest:
    """Somebody's use of the API. No answer may ever be a server's fault: a 5xx fails the test at once."""

    def __init__(self, url: str, token: str = "") -> None:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        self.http = httpx.Client(base_url=f"{url}/v1", headers=headers, timeout=PATIENCE)

    def send(self, method: str, path: str, body: Any = None, key: str | None = None, **more: Any) -> httpx.Response:
        """Send a request as it is. A changing one gets a new Idempotency-Key unless `key` names one."""
        headers = dict(more.pop("headers", {}))
        if method != "GET":
            headers.setdefault("Idempotency-Key", key or str(uuid4()))
        if body is not None:
            more["json"] = body
        answer = self.http.request(method, path, headers=headers, **more)
        assert answer.status_code < 500, f"{method} {path}: {answer.status_code} {answer.text[:500]}"
        return answer

    def get(self, path: str, **query: Any) -> Any:
        """Return the answer; fail the test on a refusal."""
        return _good(self.send("GET", path, params=query))

    def post(self, path: str, body: Any = None, key: str | None = None) -> Any:
        """Like get, for a change."""
        return _good(self.send("POST", path, {} if body is None else body, key))

    def put(self, path: str, body: Any = None, key: str | None = None) -> Any:
        """Like post."""
        return _good(self.send("PUT", path, {} if body is None else body, key))

    def delete(self, path: str, key: str | None = None) -> Any:
        """Like post."""
        return _good(self.send("DELETE", path, key=key))

    def refused(self, status: int, code: str, method: str, path: str, body: Any = None, **more: Any) -> dict[str, Any]:
        """Return the problem document of a request that must be refused with this status and code."""
        answer = self.send(method, path, body, **more)
        assert answer.headers["content-type"].startswith("application/problem+json"), answer.text[:500]
        problem: dict[str, Any] = answer.json()
        assert (answer.status_code, problem["code"]) == (status, code), problem
        assert problem["status"] == status
        assert problem["detail"]
        assert problem["request_id"]
        return problem


class System:
    """A running Showfloor."""

    def __init__(self, root: Path, env: dict[str, str] | None = None) -> None:
        self.folder = DataFolder(root)
        self.env = {**os.environ, **(env or {})}
        self._port = free_port()  # the usual one may be somebody's who works on this machine

    def cli(self, *words: object, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run `showfloor WORDS --data FOLDER`; with `check` fail the test unless it exits 0."""
        done = subprocess.run(
            self.words(*words), capture_output=True, text=True, timeout=PATIENCE, env=self.env, check=False
        )
        assert not check or done.returncode == 0, f"{words}: {done.stdout}\n{done.stderr}\n{self.last_words()}"
        return done

    def words(self, *words: object) -> list[str]:
        """Return the command line of `showfloor WORDS` for this system."""
        return [SHOWFLOOR, *map(str, words), "--data", str(self.folder.root)]

    def up(self) -> None:
        """Start it, on the same port as before, and return when it is ready."""
        self.cli("up", "--no-demo", "--detach", "--port", self._port)

    @property
    def url(self) -> str:
        """Where the gateway answers."""
        return str(self.folder.state()["url"])

    def token(self) -> str:
        """Return a new bearer token of the system's own operator account."""
        return self.cli("token", "--api").stdout.split()[-1]

    def process(self, name: str) -> dict[str, Any]:
        """Return the line of state.json of one process."""
        return next(one for one in self.folder.state()["processes"] if one["name"] == name)

    def rebuild(self) -> None:
        """Build every view of every service again. Fails the test unless each is as before, row for row."""
        told = self.cli("rebuild", "all", "--compare").stdout
        assert told.count(", as the old") > 1, told

    def last_words(self) -> str:
        """Return the end of every log: why it failed."""
        return "\n".join(f"== {log.name}\n{log.read_text(errors='replace')[-1500:]}" for log in self._logs())

    def end(self) -> None:
        """Stop it, whatever state it is in; nothing of it outlives the test."""
        self.cli("down", check=False)
        pids = [one.get("pid") for one in self.folder.state().get("processes", ())]
        for pid in filter(None, pids):
            if psutil.pid_exists(pid):
                psutil.Process(pid).kill()

    def _logs(self) -> list[Path]:
        return sorted(self.folder.log("up").parent.glob("*.log"))


def soon(look: Callable[[], T], good: Callable[[T], object] = bool, within: float = SOON) -> T:
    """Return what `look` sees as soon as it is `good`. Raises AssertionError after `within` seconds."""
    end = time.monotonic() + within
    while not good(seen := look()):
        assert time.monotonic() < end, f"not within {within} s; last seen: {seen!r}"
        time.sleep(0.1)
    return seen


def view_schema(postgres: Postgres, view: str, service: str) -> str:
    """Return the schema of the definition of a view that is in use."""
    sql = f"SELECT schema FROM view_definition WHERE view = '{view}' ORDER BY used_at DESC, made_at DESC LIMIT 1"  # noqa: S608 - a test's own word
    return postgres.query(sql, database=service)


def _good(answer: httpx.Response) -> Any:
    assert answer.is_success, f"{answer.request.method} {answer.request.url}: {answer.status_code} {answer.text[:800]}"
    return answer.json() if answer.content else None
