"""What people write, are called, and can be reached by lies nowhere in clear: database, stream, log file, backup.

Once they are erased nothing shows it any more, nor does a backup from before, restored with today's keys.
"""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from showfloor.eventstore.keyring import Keyring
from showfloor.testing.canaries import found_in
from showfloor.testing.system import Rest, System, soon

NAME, WORDS, REPLY, TOLD, OTHER = (f"canary-{kind}-5b1d9e" for kind in ("name", "words", "reply", "told", "other"))
CONTROL = "a title that is found 5b1d9e"
PERSON, ADDRESS, STAGE, HOST, GUEST, BUYER = (
    f"canary-{kind}-7c2e4a" for kind in ("person", "address", "stage", "host", "guest", "buyer")
)
PASSWORD = "long enough for all"


@pytest.fixture
def own(tmp_path: Path) -> Iterator[System]:
    """A system of this test's own, which it stops, restores and searches."""
    system = System(tmp_path / "data")
    try:
        system.up()
        yield system
    finally:
        system.end()


def written(system: System) -> tuple[Rest, str, str, str]:
    """Have a viewer, the host and a connector write; return who may read it, the account, the session, the viewer."""
    api = Rest(system.url, system.token())
    shop = api.post("/shops", {"name": "Tea", "currency": "EUR"})["shop_id"]
    account = api.post("/accounts", {"name": "Tea LIVE", "shop_id": shop, "kind": "creator"})["account_id"]
    session = api.post("/sessions", {"account_id": account, "title": CONTROL})["session"]["session_id"]
    api.post(f"/sessions/{session}/live")
    with closing(Rest(system.url).http) as anyone:
        joined = anyone.post(f"/watch/{session}/join", json={"display_name": NAME}).json()
    viewer = Rest(system.url, joined["viewer_token"])
    comment = viewer.post(f"/watch/{session}/comments", {"text": WORDS})["comment_id"]
    viewer.post(f"/watch/{session}/follow")
    viewer.http.close()
    api.post(f"/sessions/{session}/replies", {"text": REPLY, "comment_id": comment})
    listed = soon(lambda: api.get(f"/sessions/{session}/comments").get("comments", []), lambda found: len(found) == 2)
    (ref,) = (one["author_ref"] for one in listed if one["comment_id"] == comment)
    known = {"viewer_ref": ref, "display_name": NAME}
    for number, (who, text) in enumerate(((known, TOLD), ({"viewer_ref": "v2", "display_name": "Bo"}, OTHER))):
        fact = {"comment": {"request_id": f"c{number}", "viewer": who, "text": text}}
        answer = api.post(f"/sessions/{session}/activity", {"facts": [fact]})
        assert not answer["outcomes"][0]["refused_reason"], answer
    soon(lambda: len(shown(api, session)["feed"]) == len(shown(api, session)["texts"]) == 4)
    return api, account, session, ref


def shown(api: Rest, session: str) -> dict[str, Any]:
    """Return the texts and names that anybody is shown, and what still counts."""
    comments = api.get(f"/sessions/{session}/comments")["comments"]
    feed = api.get(f"/sessions/{session}/activity")["activities"]
    (row,) = api.get("/sessions", metrics="comments")["sessions"]
    return {
        "texts": sorted(one["text"] for one in comments),
        "names": {one["author_name"] for one in comments},
        "feed": sorted(one["summary"] for one in feed if one["kind"] == "comment"),
        "counts": [one["value"] for one in row["readings"]],
    }


@pytest.mark.requirement("D20")
def test_an_erased_text_is_found_nowhere_not_even_in_a_backup(own: System, tmp_path: Path) -> None:
    api, account, session, ref = written(own)
    before = shown(api, session)
    assert before["texts"] == before["feed"] == sorted([WORDS, REPLY, TOLD, OTHER])
    assert before["names"] == {NAME, "Bo", "host"}

    own.cli("backup", tmp_path / "backups")
    told = own.cli("erase", account, ref).stdout
    assert "keys destroyed" in told and "is renewed" in told
    after = shown(api, session)
    assert after["texts"] == after["feed"] == sorted(["", REPLY, "", OTHER])
    assert after["names"] == {"viewer", "Bo", "host"}
    assert after["counts"] == before["counts"]
    assert own.cli("erase", account, ref).stdout.startswith("0 keys destroyed")

    own.cli("rebuild", "all", "--compare")
    api.http.close()
    own.cli("down")
    canaries = (NAME, WORDS, REPLY, TOLD, OTHER)
    assert found_in(own.folder.root, CONTROL), "the search finds nothing at all"
    assert found_in(own.folder.root, *canaries) == []

    (file,) = (tmp_path / "backups").glob("*.tar.gz")
    restored = System(tmp_path / "restored")
    restored.cli("restore", file)
    try:
        restored.up()
        again = Rest(restored.url, restored.token())
        assert shown(again, session) == after
        again.http.close()
    finally:
        restored.end()
    assert found_in(restored.folder.root, CONTROL)
    assert found_in(restored.folder.root, *canaries) == []


class People:
    """A user, a creator with an account, an account named after its host, and an import that names another."""

    def __init__(self, system: System) -> None:
        self.api, self.operator = (
            Rest(system.url, system.token()),
            Rest(system.url, system.folder.operator_key.read_text().strip()),
        )
        self.shop = self.api.post("/shops", {"name": CONTROL, "currency": "EUR"})["shop_id"]
        body = {"name": PERSON, "email": f"{ADDRESS}@example.com", "shop_id": self.shop}
        self.user = self.api.post("/users", body)["user_id"]
        link = self.operator.post("/operator/sign-in-links", {"user_id": self.user})["code"]
        self.hers = Rest(system.url, Rest(system.url).post("/sign-in", {"code": link})["token"])
        self.hers.post("/me/password", {"password": PASSWORD})
        creator = {"name": STAGE, "owner_user_id": self.user}
        self.creator = self.operator.post("/creators", creator)["creator_id"]
        account = {"name": HOST, "shop_id": self.shop, "kind": "creator"}
        self.account = self.api.post("/accounts", account)["account_id"]
        told = f"session,host,started_at,duration_s,gmv_eur\n1,{GUEST},2026-01-02T03:04:05Z,60,{BUYER}\n"
        place = f"/shops/{self.shop}/imports"
        sent = self.api.send(
            "POST", place, params={"kind": "history", "file_name": f"{GUEST}.csv"}, content=told.encode()
        )
        assert sent.is_success, sent.text

    def seen(self) -> dict[str, set[str]]:
        """Return what people are called, as operators and the shop are shown it."""
        return {
            "users": {one["name"] for one in self.api.get("/users")["users"]},
            "creators": {one["name"] for one in self.operator.get("/creators")["creators"]},
            "accounts": {one["name"] for one in self.api.get("/accounts")["accounts"]},
        }

    def close(self) -> None:
        """Hang up."""
        for one in (self.api, self.operator, self.hers):
            one.http.close()


@pytest.mark.requirement("D20")
def test_people_are_found_nowhere_and_no_backup_brings_them_back(own: System, tmp_path: Path) -> None:
    people = People(own)
    before = people.seen()
    assert PERSON in before["users"] and STAGE in before["creators"] and HOST in before["accounts"]
    signed_in = {"email": f"{ADDRESS}@example.com", "password": PASSWORD}
    assert Rest(own.url).post("/sign-in", signed_in)["user"]["name"] == PERSON
    own.cli("backup", tmp_path / "backups")

    for path in (f"/users/{people.user}", f"/creators/{people.creator}", f"/accounts/{people.account}/name"):
        people.operator.delete(path)
        people.operator.delete(path)
    after = people.seen()
    assert not {PERSON, STAGE, HOST} & set().union(*after.values())
    people.hers.refused(401, "UNAUTHENTICATED", "GET", "/me")
    Rest(own.url).refused(401, "UNAUTHENTICATED", "POST", "/sign-in", signed_in)

    own.cli("backup", tmp_path / "newest")  # with today's keys beside it
    own.cli("rebuild", "all", "--compare")
    people.close()
    own.cli("down")
    canaries = (PERSON, ADDRESS, STAGE, HOST, GUEST, BUYER)
    assert found_in(own.folder.root, CONTROL), "the search finds nothing at all"
    assert found_in(own.folder.root, *canaries) == []

    (file,) = (tmp_path / "backups").glob("*.tar.gz")
    restored = System(tmp_path / "restored")
    restored.cli("restore", file, "--keys", tmp_path / "newest")
    try:
        restored.up()
        Rest(restored.url).refused(401, "UNAUTHENTICATED", "POST", "/sign-in", signed_in)
        again = Rest(restored.url, restored.token())
        assert not {PERSON, STAGE, HOST} & {one["name"] for one in again.get("/accounts")["accounts"]}
        assert PERSON not in {one["name"] for one in again.get("/users")["users"]}
        again.http.close()
    finally:
        restored.end()
    assert found_in(restored.folder.root, CONTROL)
    assert found_in(restored.folder.root, *canaries) == []


def test_a_backup_without_its_keys_is_not_restored(own: System, tmp_path: Path) -> None:
    own.cli("backup", tmp_path / "backups")
    keys = [*(tmp_path / "backups").glob("showfloor-keys-*.sqlite")]
    assert [one.stat().st_mode & 0o777 for one in keys] == [0o600] * 3, "one of each service"
    away = tmp_path / "elsewhere"
    away.mkdir()
    for one in keys:
        one.rename(away / one.name)
    (file,) = (tmp_path / "backups").glob("*.tar.gz")
    restored = System(tmp_path / "restored")
    refused = restored.cli("restore", file, check=False)
    assert refused.returncode == 1 and "the keys of what people wrote in " in refused.stderr
    assert not restored.folder.root.exists()
    restored.cli("restore", file, "--keys", away)
    assert restored.folder.root.exists()


def test_a_system_without_its_keyring_does_not_start(own: System, tmp_path: Path) -> None:
    own.cli("down")
    kept, file = tmp_path / "kept.sqlite", own.folder.keyring / "session.sqlite"
    file.rename(kept)
    refused = own.cli("up", "--no-demo", check=False)
    assert refused.returncode == 1 and "the keyring is missing: what people wrote is sealed with" in refused.stderr
    assert "SHOWFLOOR_LOST_KEYRING=" in refused.stderr and str(file) in refused.stderr
    assert not file.exists()
    told = own.cli("doctor", check=False)
    assert told.returncode == 1 and "the keyring is missing" in " ".join(told.stdout.split())
    with closing(Keyring(file)) as foreign:
        there = foreign.id
    refused = own.cli("erase", UUID(int=1), "v1", check=False)
    assert refused.returncode == 1 and f"session.sqlite is {there}" in refused.stderr
    kept.rename(file)
    assert own.cli("erase", UUID(int=1), "v1").stdout.startswith("0 keys destroyed")
    own.up()
    assert "keyrings" in own.cli("doctor", check=False).stdout
