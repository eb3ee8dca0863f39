"""Schemathesis at the running gateway: no 5xx, no status or content that the description does not name."""

import asyncio
import re
import sys
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

SECONDS = 20  # each
CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"
# Signing out would end the run's own sign-in; a stream does not end.
LEFT_OUT = "^(signOut|stream|setPassword|signIn|signInByLink)$"
WATCH, OPERATOR = "^/v1/watch", "^/v1/(operator|users)"


async def attack(url: str, token: str, folder: Path, *scope: str, **known: str) -> None:
    """Run Schemathesis for SECONDS; fail with its report when it finds something. `known` are ids that exist."""
    ids = "".join(f'{name} = "{value}"\n' for name, value in known.items())
    (folder / "schemathesis.toml").write_text(f"[parameters]\n{ids}")
    program = str(Path(sys.executable).with_name("schemathesis"))
    arguments = [
        "run", f"{url}/openapi.json", "--url", url, "--checks", CHECKS, "--phases", "examples,coverage,fuzzing",
        "--max-time", str(SECONDS), "--max-examples", "10", "--exclude-operation-id-regex", LEFT_OUT,
        "--continue-on-failure", "--no-color", "--generation-database", "none", "--suppress-health-check", "all",
        "--warnings", "off", "-H", f"Authorization: Bearer {token}", *scope,
    ]  # fmt: skip
    process = await asyncio.create_subprocess_exec(
        program, *arguments, cwd=folder, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    output, _ = await asyncio.wait_for(process.communicate(), SECONDS + 60)
    assert process.returncode == 0, output.decode()[-6000:]
    tested = re.search(r"Tested: (\d+)", output.decode())
    assert tested is not None, output.decode()[-2000:]
    assert int(tested[1]) > 4, output.decode()[-2000:]


async def on_air(gateway: Any) -> tuple[Any, dict[str, str]]:
    client, first = await gateway.owner()
    body = {"account_id": first["account_id"], "title": "On air"}
    made = await client.post("/v1/sessions", json=body, headers={"Idempotency-Key": str(uuid4())})
    session_id = made.json()["session"]["session_id"]
    await client.post(f"/v1/sessions/{session_id}/live", json={}, headers={"Idempotency-Key": str(uuid4())})
    return client, {"session_id": session_id, "account_id": first["account_id"], "shop_id": first["shop_id"]}


async def test_as_the_owner(gateway: Any, tmp_path: Path) -> None:
    client, known = await on_air(gateway)
    token = client.headers["authorization"].removeprefix("Bearer ")
    await attack(gateway.url, token, tmp_path, "--exclude-path-regex", f"{WATCH}|{OPERATOR}", **known)


async def test_as_a_viewer(gateway: Any, tmp_path: Path) -> None:
    _, known = await on_air(gateway)
    joined = await (await gateway.client()).post(f"/v1/watch/{known['session_id']}/join", json={})
    await attack(gateway.url, joined.json()["viewer_token"], tmp_path, "--include-path-regex", WATCH, **known)


@pytest.mark.parametrize("token", ["operator-key-of-this-test"])
async def test_as_the_operator(gateway: Any, tmp_path: Path, token: str) -> None:
    await attack(gateway.url, token, tmp_path, "--include-path-regex", OPERATOR)
