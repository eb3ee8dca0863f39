"""The viewer's token: self-contained, and good for one session. Facts carry only its pseudonym; the display name stays
in the token until a comment carries it to its table.

A pseudonym belongs to one account: a viewer who returns with a token of that account is the same viewer, in its next
LIVE too. Another account sees another pseudonym, so that no two shops can find out that they share a viewer.
"""

import os
import secrets
import time
from collections.abc import Callable
from pathlib import Path

import msgspec
from joserfc import jws, jwt
from joserfc.jwk import OctKey

from showfloor.access.actor import Actor, ActorKind, ViewerScope
from showfloor.access.remembered import ACTOR_BYTES, Remembered
from showfloor.access.tokens import NONSENSE
from showfloor.gateway.access.sign_ins import unauthenticated
from showfloor.kernel.refusal import Refusal

ALGORITHM = "HS256"
ISSUER = "showfloor-gateway"
AUDIENCE = "watch"
KEY_ID = "watch"
LIFETIME_S = 24 * 3600
KNOWN_AGAIN_S = 395 * 24 * 3600  # after its end a token opens nothing, but its holder is known again: 13 months
_REMEMBERED_BYTES = 32 * 1024 * 1024  # of read tokens: about 15,000 viewers
_REMEMBERED_S = 3_600.0
MAX_CHARS = 2_000


class Traits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is known about a viewer: all of it is optional and coarse."""

    gender: str = ""
    age_band: str = ""
    region: str = ""
    follower: bool | None = None


class ViewerToken(msgspec.Struct, frozen=True, kw_only=True):
    """The claims of a viewer's token."""

    iss: str = ISSUER
    aud: str = AUDIENCE
    exp: int
    session_id: str
    viewer_ref: str
    account_id: str = ""  # whose LIVE it is: the pseudonym is good there alone
    looks_on: bool = False  # at a replay: nothing that the viewer does may count
    display_name: str = ""
    channel: str = ""
    traits: Traits = Traits()

    def actor(self) -> Actor:
        """Return the viewer as services see them."""
        scope = ViewerScope(session_id=self.session_id, viewer_ref=self.viewer_ref)
        return Actor(subject=f"viewer:{self.viewer_ref}", kind=ActorKind.VIEWER, viewer=scope)


class ViewerTokens:
    """Makes and reads viewers' tokens. Their key lies in a file of its own (0600, made when absent)."""

    def __init__(self, key_file: Path, clock: Callable[[], float] = time.time) -> None:
        if not key_file.exists():
            key_file.parent.mkdir(parents=True, exist_ok=True)
            with os.fdopen(os.open(key_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(secrets.token_urlsafe(32))
        self.secret = key_file.read_bytes()
        self._key = OctKey.import_key(self.secret)
        self._clock = clock
        self._known: Remembered[str, tuple[ViewerToken, int]] = Remembered(
            _REMEMBERED_BYTES, _REMEMBERED_S, lambda known: known[1]
        )

    def issue(
        self,
        session_id: str,
        display_name: str,
        channel: str,
        traits: Traits,
        *,
        account_id: str = "",
        looks_on: bool = False,
        before: ViewerToken | None = None,
    ) -> tuple[str, ViewerToken]:
        """Return a token for a viewer of a session: the viewer of the token `before`, or a new pseudonym.

        Figures by channel and by trait count each viewer once: one who returns to a LIVE keeps the channel and traits
        of their first join.
        """
        if before is not None and before.session_id == session_id:
            channel = before.channel or channel
            traits = traits if before.traits == Traits() else before.traits
        made = ViewerToken(
            exp=int(self._clock()) + LIFETIME_S,
            session_id=session_id,
            viewer_ref=before.viewer_ref if before else "v-" + secrets.token_hex(10),
            account_id=account_id,
            looks_on=looks_on,
            display_name=display_name,
            channel=channel,
            traits=traits,
        )
        claims = msgspec.to_builtins(made)
        return jwt.encode({"alg": ALGORITHM, "kid": KEY_ID}, claims, self._key, algorithms=[ALGORITHM]), made

    def read(self, token: str) -> ViewerToken:
        """Return the claims of a valid token. Raises Refusal UNAUTHENTICATED."""
        known = self._known.get(token)
        found = known[0] if known else self._checked(token)
        if found.exp <= self._clock():
            self._known.drop(token)
            raise unauthenticated("The viewer's token has expired: join again.")
        if known is None:
            self._known.put(token, (found, len(token) + ACTOR_BYTES))
        return found

    def earlier(self, token: str, account_id: str) -> ViewerToken | None:
        """Return the claims of an earlier token of this account, which may have expired; None when the token is not
        valid for that.

        A token of a replay is never taken: its viewer only looked on.
        """
        try:
            found = self._checked(token)
        except Refusal:
            return None
        known = found.account_id == account_id != "" and self._clock() < found.exp + KNOWN_AGAIN_S
        return found if known and not found.looks_on else None

    def _checked(self, token: str) -> ViewerToken:
        try:
            if len(token) > MAX_CHARS:
                raise ValueError
            found = msgspec.convert(jwt.decode(token, self._key, algorithms=[ALGORITHM]).claims, ViewerToken)
        except NONSENSE:
            raise unauthenticated("The viewer's token is not good: join again.") from None
        if (found.iss, found.aud) != (ISSUER, AUDIENCE):
            raise unauthenticated("The viewer's token is not good: join again.")
        return found


def is_viewer_token(token: str) -> bool:
    """Tell a viewer's token from an issuer's by its header. The signature is checked later."""
    try:
        return jws.extract_compact(token.encode()).headers().get("kid") == KEY_ID
    except NONSENSE:
        return False


def anonymous(session_id: str) -> Actor:
    """Return the actor of a viewer who has not joined."""
    scope = ViewerScope(session_id=session_id, viewer_ref="anonymous")
    return Actor(subject="viewer:anonymous", kind=ActorKind.VIEWER, viewer=scope)
