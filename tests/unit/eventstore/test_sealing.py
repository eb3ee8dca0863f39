"""Sealing of texts in tables: whose a text is, keys that go meanwhile, a keyring that is away."""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from showfloor.eventstore.keyring import Keyring, KeyringAway
from showfloor.eventstore.sealing import TRIES, Sealing
from showfloor.kernel.personal import ERASED, Owner, Whose
from showfloor.kernel.refusal import Refusal

MINE = Whose("notes", "user/1")


class Written(msgspec.Struct):
    """What somebody wrote: a viewer of a shop, or a user."""

    page: str
    shop: int | None
    writer: str
    user_id: int | None = None


@pytest.mark.parametrize(
    ("written", "subject"),
    [(Written("p", 7, "v"), "7/v"), (Written("p", None, "v"), "/v"), (Written("p", 7, "", 3), "user/3")],
)
def test_a_text_is_a_users_or_who_the_fields_name(written: Written, subject: str) -> None:
    assert Owner("page", ("shop", "writer"), "user_id").of(written) == Whose("p", subject)


async def test_what_is_sealed_is_kept_and_opens_until_erased(tmp_path: Path) -> None:
    sealing, elsewhere = Sealing(Keyring(tmp_path / "keys")), Sealing(Keyring(tmp_path / "keys"))
    (text,) = await sealing.seal([(MINE, "canary")])
    (raw,) = await sealing.seal_bytes(MINE, [b"canary\xff"])
    assert "canary" not in text and b"canary" not in raw
    assert (await elsewhere.open([text]), await elsewhere.open_bytes([raw])) == (["canary"], [b"canary\xff"])
    assert await elsewhere.destroy(subjects=[MINE.subject]) == 1
    assert (await sealing.open([text]), await sealing.open_bytes([raw])) == ([ERASED], [None])


async def test_texts_are_sealed_again_when_keys_go_meanwhile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ring, other = Keyring(tmp_path / "keys"), Keyring(tmp_path / "keys")
    erasures: list[int] = []
    seal = ring.seal

    def sealed(*one: Any) -> str:
        if len(erasures) < TRIES - 1:
            erasures.append(other.destroy(subjects=["user/2"]))
        return seal(*one)

    monkeypatch.setattr(ring, "seal", sealed)
    (text,) = await Sealing(ring).seal([(MINE, "canary")])
    assert other.open([text]) == ["canary"]


async def test_a_keyring_that_is_away_is_an_outage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ring = Keyring(tmp_path / "keys")

    def away(*_: Any, **__: Any) -> Any:
        raise KeyringAway("away")

    monkeypatch.setattr(ring, "open", away)
    with pytest.raises(Refusal) as refused:
        await Sealing(ring).open(["text"])
    assert refused.value.reason == "STORE_UNAVAILABLE"


def test_a_digest_is_of_its_keyring_and_its_kind(tmp_path: Path) -> None:
    sealing, again, foreign = (Sealing(Keyring(tmp_path / name)) for name in ("keys", "keys", "others"))
    digest = sealing.digest("email", "ana@example.com")
    assert digest == again.digest("email", b"ana@example.com")
    assert digest not in (foreign.digest("email", "ana@example.com"), sealing.digest("issuer", "ana@example.com"))
