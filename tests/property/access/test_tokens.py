"""A token says who is asking for a minute, and only if our key signed it for our services."""

import base64
import json
import os
import stat

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from joserfc import jwt
from joserfc.jwk import OctKey, OKPKey

from showfloor.access import tokens
from showfloor.access.actor import Actor, ActorKind, ViewerScope, follower
from showfloor.access.tokens import Signer, Verifier, keys_in, publish_keys
from showfloor.kernel.refusal import Refusal, RefusalKind

ids = st.text(st.characters(exclude_categories=("Cs",)), max_size=8)
actors = st.builds(
    Actor,
    subject=ids,
    kind=st.sampled_from(ActorKind),
    scopes=st.lists(ids, max_size=3).map(tuple),
    viewer=st.none() | st.builds(ViewerScope, session_id=ids, viewer_ref=ids),
    token_id=ids,
    directory_position=st.integers(0, 2**63 - 1),
)
ANYBODY = Actor(subject="user:1", kind=ActorKind.USER)


class Clock:
    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def signer(tmp_path, clock):
    return Signer(tmp_path / "deep" / "keys.json", clock)


@pytest.fixture
def verifier(signer, clock):
    return Verifier(signer.jwks, clock)


def refused(verifier: Verifier, token: str, kind: RefusalKind = RefusalKind.UNAUTHENTICATED) -> None:
    with pytest.raises(Refusal) as caught:
        verifier.verify(token)
    assert caught.value.kind is kind
    assert len(token) < 20 or token not in repr(caught.value)


def forged(signer: Signer, header: dict | None = None, **changes) -> str:
    """A token signed with the right key, but with other claims or header."""
    (key, *_rest) = signer._keys
    claims = {
        "iss": tokens.ISSUER,
        "aud": tokens.AUDIENCE,
        "iat": 1_800_000_000,
        "exp": 1_800_000_060,
        "act": msgspec.to_builtins(ANYBODY),
    }
    claims |= changes
    claims = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode({"alg": "Ed25519", "kid": key.kid} | (header or {}), claims, key, algorithms=["Ed25519"])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(actors)
def test_an_actor_comes_back_whole(signer, verifier, actor):
    token = signer.sign(actor)
    assert verifier.verify(token) == actor
    assert verifier.verify(token) == actor


def test_the_longest_token_that_is_ever_made_is_short(signer):
    """Ids are UUIDs, a viewer's name has 64 characters, and a service has a few scopes."""
    one = "ffffffff-ffff-ffff-ffff-ffffffffffff"
    longest = Actor(
        subject=f"service:gateway/{one}",
        kind=ActorKind.SERVICE,
        scopes=("ingest", "payments", "checkout", "feeds", "events"),
        viewer=ViewerScope(session_id=one, viewer_ref="v" * 64),
        token_id=one,
        directory_position=2**63 - 1,
    )
    assert len(signer.sign(longest)) < tokens.MAX_TOKEN_CHARS == 2_048


def test_ids_that_nobody_makes_are_not_signed(signer):
    with pytest.raises(ValueError, match="longer than any"):
        signer.sign(Actor(subject="user:" + "1" * 2_000, kind=ActorKind.USER))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.data())
def test_one_changed_character_is_noticed(signer, verifier, data):
    token = signer.sign(ANYBODY)
    at = data.draw(st.integers(0, len(token) - 3))  # the last one carries spare bits of base64
    other = data.draw(st.characters(exclude_categories=("Cs",)).filter(lambda c: c != token[at]))
    refused(verifier, token[:at] + other + token[at + 1 :])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.text())
def test_any_other_text_is_refused(verifier, text):
    refused(verifier, text)


def test_a_token_lives_a_minute_with_a_little_leeway(signer, verifier, clock):
    token = signer.sign(ANYBODY)
    for later in (-tokens.LEEWAY_S, 0, 59, 60 + tokens.LEEWAY_S - 1):
        clock.now = 1_800_000_000 + later
        assert verifier.verify(token) == ANYBODY
    for outside in (60 + tokens.LEEWAY_S, 3600, -tokens.LEEWAY_S - 1):
        clock.now = 1_800_000_000 + outside
        refused(verifier, token)
        refused(Verifier(signer.jwks, clock), token)


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "somebody"},
        {"aud": "others"},
        {"iss": None},
        {"aud": None},
        {"exp": None},
        {"iat": None},
        {"act": None},
        {"exp": "never"},
        {"act": {"subject": "x", "kind": "emperor"}},
        {"act": {"kind": "user"}},
        {"act": {"subject": "x", "kind": "user", "directory_position": "7"}},
        {"act": '{"subject": "x", "kind": "user"}'},
        {"act": {"subject": "x" * 2_048, "kind": "user"}},
        {"aud": [tokens.AUDIENCE]},
    ],
)
def test_every_claim_is_checked(signer, verifier, changes):
    assert verifier.verify(forged(signer)) == ANYBODY
    refused(verifier, forged(signer, **changes))


@pytest.mark.parametrize("header", [{"kid": "other"}, {"kid": ""}, {"kid": "../../etc/passwd"}])
def test_an_unknown_key_is_refused(signer, verifier, header):
    refused(verifier, forged(signer, header))


@pytest.mark.parametrize(
    "header", ['{"alg":"Ed25519","kid":["x"]}', '{"alg":"Ed25519","kid":{}}', "[" * 20_000, "{", "7"]
)
def test_strange_headers_are_refused(signer, verifier, header):
    _, body, signature = signer.sign(ANYBODY).split(".")
    encoded = base64.urlsafe_b64encode(header.encode()).decode().rstrip("=")
    refused(verifier, f"{encoded}.{body}.{signature}")


def test_other_algorithms_are_refused(signer, verifier):
    """ "none", and the classic: HMAC with the public key as the secret."""
    (public,) = signer.jwks()["keys"]
    body = forged(signer).split(".")[1]
    none = base64.urlsafe_b64encode(json.dumps({"alg": "none", "kid": public["kid"]}).encode()).decode().rstrip("=")
    refused(verifier, f"{none}.{body}.")
    secret = OctKey.import_key(base64.urlsafe_b64decode(public["x"] + "="))
    claims = {"iss": tokens.ISSUER, "aud": tokens.AUDIENCE, "iat": 1, "exp": 2**40, "act": {}}
    refused(verifier, jwt.encode({"alg": "HS256", "kid": public["kid"]}, claims, secret))


def test_a_key_of_the_same_name_but_not_ours_is_refused(signer, verifier, clock, tmp_path):
    stranger = Signer(tmp_path / "stranger.json", clock)
    kid = signer.jwks()["keys"][0]["kid"]
    key = OKPKey.import_key(stranger._keys[0].as_dict(private=True) | {"kid": kid})
    refused(verifier, jwt.encode({"alg": "Ed25519", "kid": kid}, {}, key, algorithms=["Ed25519"]))


def test_keys_rotate_without_refusing_tokens_on_their_way(signer, clock, tmp_path):
    public = tmp_path / "jwks.json"
    publish_keys(signer, public)
    verifier = Verifier(keys_in(public), clock, clock)
    first = signer.sign(ANYBODY)
    assert verifier.verify(first) == ANYBODY
    signer.rotate()
    publish_keys(signer, public)
    clock.now += 2
    assert verifier.verify(signer.sign(ANYBODY)) == verifier.verify(first) == ANYBODY
    signer.rotate()
    publish_keys(signer, public)
    clock.now += 2
    assert verifier.verify(signer.sign(ANYBODY)) == ANYBODY
    refused(verifier, first)


def test_a_flood_of_unknown_keys_reads_the_key_set_once_a_second(signer, clock):
    reads = []
    verifier = Verifier(lambda: reads.append(1) or signer.jwks(), clock)
    for _ in range(50):
        refused(verifier, forged(signer, {"kid": "other"}))
    assert len(reads) == 1


def test_keys_that_cannot_be_read_yet_mean_try_again(signer, clock, tmp_path):
    refused(Verifier(keys_in(tmp_path / "absent.json"), clock), signer.sign(ANYBODY), RefusalKind.UNAVAILABLE)


def test_the_private_key_is_kept_and_private(signer, verifier, clock, tmp_path):
    file = tmp_path / "deep" / "keys.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert "d" in json.loads(file.read_bytes())["keys"][0]
    assert all("d" not in key for key in signer.jwks()["keys"])
    assert verifier.verify(Signer(file, clock).sign(ANYBODY)) == ANYBODY
    signer.rotate()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert sorted(p.name for p in file.parent.iterdir()) == ["keys.json"]


@pytest.mark.parametrize("keys", [b"", b"[]", b"{}", b'{"keys":[1]}', b'{"keys":[{"kty":"OKP"}]}', b'{"keys":{"a":1}}'])
def test_keys_that_cannot_be_read_are_no_verdict_on_the_token(signer, clock, tmp_path, keys):
    file = tmp_path / "published.jwks"
    file.write_bytes(keys)
    with pytest.raises(Refusal) as refused:
        Verifier(keys_in(file), clock).verify(signer.sign(ANYBODY))
    assert refused.value.kind is RefusalKind.UNAVAILABLE


def test_an_odd_header_is_refused_like_any_bad_token(signer, clock):
    head = base64.urlsafe_b64encode(b'{"alg":"Ed25519","kid":"x","crit":5}').decode().rstrip("=")
    with pytest.raises(Refusal) as refused:
        Verifier(signer.jwks, clock).verify(f"{head}.e30.e30")
    assert refused.value.kind is RefusalKind.UNAUTHENTICATED


@pytest.fixture
def services(signer, tmp_path):
    """A folder with the public key of the service `polls`, beside the keys of everybody."""
    publish_keys(signer, tmp_path / "jwks.json")
    (tmp_path / "services").mkdir()
    return tmp_path / "services"


def polls(clock, services, tmp_path, service="polls"):
    signer = Signer(tmp_path / "polls.key.json", clock, service)
    publish_keys(signer, services / "polls.json")
    return signer


def test_a_service_that_follows_another_signs_for_itself(signer, services, clock, tmp_path):
    verifier = Verifier(keys_in(tmp_path / "jwks.json", services), clock)
    mine = polls(clock, services, tmp_path)
    assert verifier.verify(mine.sign(follower("polls"))) == follower("polls")
    assert verifier.verify(signer.sign(ANYBODY)) == ANYBODY


@pytest.mark.parametrize(
    "actor",
    [
        ANYBODY,
        follower("session"),
        Actor(subject="operator", kind=ActorKind.OPERATOR),
        Actor(subject="service:polls", kind=ActorKind.SERVICE, scopes=("events", "ingest")),
        Actor(subject="service:polls", kind=ActorKind.SERVICE, scopes=("events",), directory_position=1),
    ],
)
def test_a_service_signs_for_nobody_else_and_for_no_more(services, clock, tmp_path, actor):
    verifier = Verifier(keys_in(tmp_path / "jwks.json", services), clock)
    refused(verifier, polls(clock, services, tmp_path).sign(actor))


@pytest.mark.parametrize("service", ["", "session"])
def test_a_service_says_who_made_its_token(services, clock, tmp_path, service):
    verifier = Verifier(keys_in(tmp_path / "jwks.json", services), clock)
    refused(verifier, polls(clock, services, tmp_path, service).sign(follower("polls")))


@pytest.mark.parametrize("issuer", [tokens.ISSUER, tokens.issuer_of("session")])
def test_a_service_is_no_other_issuer(services, clock, tmp_path, issuer):
    mine = polls(clock, services, tmp_path)
    verifier = Verifier(keys_in(tmp_path / "jwks.json", services), clock)
    claims = jwt.decode(mine.sign(follower("polls")), mine._keys[0], algorithms=["Ed25519"]).claims
    head = {"alg": "Ed25519", "kid": f"polls/{mine._keys[0].kid}"}
    refused(verifier, jwt.encode(head, claims | {"iss": issuer}, mine._keys[0], algorithms=["Ed25519"]))
    assert verifier.verify(jwt.encode(head, claims, mine._keys[0], algorithms=["Ed25519"])) == follower("polls")


def test_publishing_another_services_key_takes_nothing_from_it(signer, services, clock, tmp_path):
    mine = polls(clock, services, tmp_path)
    publish_keys(mine, services / "aaa.json")  # read before it
    verifier = Verifier(keys_in(tmp_path / "jwks.json", services), clock)
    assert verifier.verify(mine.sign(follower("polls"))) == follower("polls")
    refused(verifier, mine.sign(follower("aaa")))


def test_whose_key_is_taken_away_is_believed_no_more(signer, services, clock, tmp_path):
    mine = polls(clock, services, tmp_path)
    verifier = Verifier(keys_in(tmp_path / "jwks.json", services), clock, clock)
    assert verifier.verify(mine.sign(follower("polls"))) == follower("polls")
    (services / "polls.json").unlink()
    clock.now += 61
    refused(verifier, mine.sign(follower("polls")))


def test_known_keys_stay_good_while_they_cannot_be_read_again(signer, services, clock, tmp_path):
    verifier = Verifier(keys_in(tmp_path / "jwks.json"), clock, clock)
    verifier.verify(signer.sign(ANYBODY))
    (tmp_path / "jwks.json").unlink()
    clock.now += 61
    assert verifier.verify(signer.sign(ANYBODY)) == ANYBODY


def test_a_pipe_or_endless_file_among_the_keys_holds_nobody_up(signer, services, clock, tmp_path):
    mine = polls(clock, services, tmp_path)
    os.mkfifo(services / "aaa.json")
    (services / "bbb.json").symlink_to("/dev/zero")
    (services / "ccc.json").symlink_to(services / "ccc.json")
    (services / "ddd.json").mkdir()
    (services / "eee.json").write_bytes(b'{"keys":[]' + b" " * 2**20 + b"}")
    verifier = Verifier(keys_in(tmp_path / "jwks.json", services), clock)
    assert verifier.verify(mine.sign(follower("polls"))) == follower("polls")


def test_publishing_keys_follows_no_link_that_somebody_laid(signer, services, tmp_path):
    (tmp_path / "precious").write_text("mine")
    for name in ("polls.json", "polls.json.new"):
        (services / name).symlink_to(tmp_path / "precious")
    publish_keys(signer, services / "polls.json")
    assert (tmp_path / "precious").read_text() == "mine"
    assert json.loads((services / "polls.json").read_bytes()) == signer.jwks()


def test_no_service_takes_the_name_of_a_key_that_is_everybodys(signer, services, clock, tmp_path):
    mine = polls(clock, services, tmp_path)
    stolen = {**mine.jwks()["keys"][0], "kid": signer.jwks()["keys"][0]["kid"]}
    (services / "polls.json").write_bytes(json.dumps({"keys": [stolen]}).encode())
    verifier = Verifier(keys_in(tmp_path / "jwks.json", services), clock)
    assert verifier.verify(signer.sign(ANYBODY)) == ANYBODY


@pytest.mark.parametrize("text", [b"", b"[]", b"{}", b'{"keys":[1]}', b'{"keys":[{"kty":"OKP"}]}', b'{"keys":{"a":1}}'])
def test_keys_of_a_service_that_cannot_be_read_are_left_out(signer, services, clock, tmp_path, text):
    (services / "broken.json").write_bytes(text)
    mine = polls(clock, services, tmp_path)
    verifier = Verifier(keys_in(tmp_path / "jwks.json", services), clock)
    assert verifier.verify(signer.sign(ANYBODY)) == ANYBODY
    assert verifier.verify(mine.sign(follower("polls"))) == follower("polls")
