"""Every public event of the directory, made over REST, as it comes from a real broker: as docs/asyncapi.json says."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from directory_changes import everything
from google.protobuf.message import Message

from showfloor.gateway.directory.domain.creator import CreatorCreated
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


async def test_every_public_event_is_as_the_document_says(
    gateway: Any, bus: NatsBus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    translation, met = PUBLIC.translations[CreatorCreated], []

    def unlucky(event: CreatorCreated) -> Message | None:
        met.append(event.creator_id)
        assert event.creator_id != met[0], "the first creator cannot be told of"
        return translation.fill(event)

    monkeypatch.setitem(PUBLIC.translations, CreatorCreated, Translation(translation.message, unlucky))
    described = Described(DOCUMENT, "gateway", tmp_path)
    async with reading(bus, described.stream) as came:
        owner, first = await gateway.owner()
        operator, key = await gateway.operator(), {"Idempotency-Key": uuid4().hex}
        body = {"name": "Unlucky", "owner_user_id": first["user_id"]}
        assert (await operator.post("/v1/creators", json=body, headers=key)).status_code == 200
        await everything(operator, owner, first["user_id"])
        await described.check_all(came)
