"""Following another service: what its log lists, and what a refusal of it is."""

from pathlib import Path

import pytest

from showfloor.access.actor import follower
from showfloor.access.tokens import Signer, Verifier, keys_in, publish_keys
from showfloor.api.common.v1.log_service_pb2 import PublicEvent, ReadEventsResponse
from showfloor.kernel.refusal import Refusal, RefusalKind
from showfloor.platform.settings import ProcessSettings, address_of
from showfloor.platform.startup_error import StartupError
from showfloor.rpc.channel import connect
from showfloor.service import following


def test_an_event_of_the_log_is_read_like_one_of_the_bus() -> None:
    one = PublicEvent(position=3, type="a.v1.B", key="k", time="0001-01-01T00:00:00+23:59")
    assert following.message_of("a", one).position == 3  # a time that no calendar in UTC has is nobody's trouble
    one.time = "soon"
    with pytest.raises(ValueError, match="soon"):
        following.message_of("a", one)


async def test_private_events_are_passed_over_up_to_the_end_of_the_log(monkeypatch: pytest.MonkeyPatch) -> None:
    one = PublicEvent(position=7, type="a.v1.B", key="k", time="2026-01-01T00:00:00Z")
    pages = {0: ReadEventsResponse(last_position=5), 5: ReadEventsResponse(events=[one], last_position=9)}

    async def call(_ask: object, request: object, **_: object) -> ReadEventsResponse:
        after = request.after_position  # type: ignore[attr-defined]
        return pages.get(after, ReadEventsResponse(last_position=after))

    monkeypatch.setattr(following, "call", call)
    async with connect("127.0.0.1:1") as channel:
        read = following.OwnersLog("a", channel, "b", lambda actor: actor.subject)
        assert [message.position for message in await read(0, 10)] == [7]
        assert await read(9, 10) == []
        assert read.end == 9


@pytest.mark.parametrize("kind", [RefusalKind.UNAUTHENTICATED, RefusalKind.UNAVAILABLE])
async def test_what_the_owner_refuses_is_said_as_it_is(monkeypatch: pytest.MonkeyPatch, kind: RefusalKind) -> None:
    async def call(*_: object, **__: object) -> None:
        raise Refusal(kind, kind.name, "no")

    monkeypatch.setattr(following, "call", call)
    async with connect("127.0.0.1:1") as channel:
        read = following.OwnersLog("a", channel, "b", lambda actor: actor.subject)
        with pytest.raises(Refusal) as told:
            await read(0, 1)
    assert told.value.kind is kind


def settings(folder: Path) -> ProcessSettings:
    keys = {"service_key_file": folder / "key.json", "service_jwks": folder / "services"}
    return ProcessSettings(database_url="unused:", nats_url="unused:", **keys)


def test_a_service_makes_its_key_and_tells_it_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    publish_keys(Signer(tmp_path / "of_all.json"), tmp_path / "jwks.json")
    token_of = following.own_tokens("polls", settings(tmp_path))
    verifier = Verifier(keys_in(tmp_path / "jwks.json", tmp_path / "services"))
    assert verifier.verify(token_of(follower("polls"))) == follower("polls")
    monkeypatch.setattr(following, "publish_keys", lambda *_: pytest.fail("others know it already"))
    following.own_tokens("polls", settings(tmp_path))


def test_a_public_key_that_was_damaged_is_written_again(tmp_path: Path) -> None:
    following.own_tokens("polls", settings(tmp_path))
    public = tmp_path / "services" / "polls.json"
    good = public.read_bytes()
    for damaged in (b"", b"[]", b'{"keys":[1]}'):
        public.write_bytes(damaged)
        following.own_tokens("polls", settings(tmp_path))
        assert public.read_bytes() == good


def test_keys_not_to_be_read_or_written_are_told_at_the_start(tmp_path: Path) -> None:
    (tmp_path / "services").write_text("no folder")
    with pytest.raises(StartupError, match="public key of polls cannot be written"):
        following.own_tokens("polls", settings(tmp_path))
    (tmp_path / "key.json").write_bytes(b"")
    with pytest.raises(StartupError, match="private key of polls cannot be read or made: it is no key"):
        following.own_tokens("polls", settings(tmp_path))


def test_what_a_following_service_lacks_is_told_at_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(StartupError, match="has no key of its own"):
        following.own_tokens("polls", ProcessSettings(database_url="unused:", nats_url="unused:"))
    monkeypatch.setenv("SHOWFLOOR_SHOP_ADDRESS", "127.0.0.1:99999")
    with pytest.raises(StartupError, match="not known where shop answers"):
        address_of("shop")
    monkeypatch.setenv("SHOWFLOOR_SHOP_ADDRESS", "127.0.0.1:5")
    assert address_of("shop") == "127.0.0.1:5"
