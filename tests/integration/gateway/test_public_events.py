"""Every public event of the directory, made over REST, as it comes from a real broker: as docs/asyncapi.json says."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from google.protobuf.message import Message

from showfloor.gateway.directory.domain.creator import CreatorAdded
from showfloor.gateway.directory.edges.publish import PUBLIC
from showfloor.messaging.nats_bus import NatsBus
from showfloor.service.publishing import Translation
from showfloor.testing.asyncapi import Described
from showfloor.testing.nats import NatsServer
from showfloor.testing.reading import reading

DOCUMENT = json.loads((Path(__file__).parents[3] / "docs/asyncapi.json").read_text())


@pytest.fixture
async def bus(nats_server: NatsServer) -> AsyncIterator[NatsBus]:
    made = await NatsBus.connect(nats_server.url, name="test")
    yield made
    await made.close()


async def everything(front: Any) -> None:
    """Do to the directory what makes each kind of public event."""
    owner, first = await front.owner()

    async def change(method: str, path: str, body: Any = None) -> Any:
        answer = await owner.request(method, path, json=body, headers={"Idempotency-Key": uuid4().hex})
        assert answer.status_code == 200, answer.text
        return answer.json()

    shop_id = first["shop_id"]
    ben = (await change("POST", "/v1/users", {"email": "b@example.com", "name": "Ben", "shop_id": shop_id}))["user_id"]
    for name in ("Unlucky", "Cleo"):
        await change("POST", "/v1/creators", {"name": name, "shop_id": shop_id})
    account = await change("POST", "/v1/accounts", {"name": "Second", "kind": "marketing", "shop_id": shop_id})
    for place, role in ((f"shops/{shop_id}", "staff"), (f"accounts/{account['account_id']}", "analyst")):
        await change("PUT", f"/v1/{place}/members/{ben}", {"role": role})
        await change("DELETE", f"/v1/{place}/members/{ben}", {})


async def test_every_public_event_is_as_the_document_says(
    front: Any, bus: NatsBus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    translation = PUBLIC.translations[CreatorAdded]

    def unlucky(event: CreatorAdded) -> Message | None:
        assert event.name != "Unlucky"
        return translation.fill(event)

    monkeypatch.setitem(PUBLIC.translations, CreatorAdded, Translation(translation.message, unlucky))
    described = Described(DOCUMENT, "gateway", tmp_path)
    async with reading(bus, described.stream) as came:
        await everything(front)
        await described.check_all(came)
