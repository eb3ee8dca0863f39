"""May this actor do this? Cedar decides; what no policy permits is refused.

Somebody else's thing answers NOT_FOUND, like a thing that does not exist; a thing the caller may see, but not
use like this, answers DENIED.
"""

import time
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import cedarpy
import msgspec

import showfloor
from showfloor.access.actor import Actor, ActorKind, Role
from showfloor.access.membership.relations import NOTHING, About, Grant, Membership, Relations, Use, about
from showfloor.access.resources import Binding, Order, Resource, Session, System
from showfloor.kernel.refusal import Refusal, RefusalKind

DECISIONS_KEPT = 16_384  # answers depend on nothing but the question, so they may be remembered

_ACCOUNT_SETS = {
    "host": (Role.HOST, Role.OWNER),
    "assistant": (Role.ASSISTANT,),
    "moderator": (Role.MODERATOR,),
    "analyst": (Role.ANALYST,),
    "reader": (Role.READER,),
}
_SHOP_SETS = {"owner": (Role.OWNER,), "staff": (Role.STAFF,), "member": (Role.MEMBER,)}
_CREATOR_SETS = {"creator_owner": (Role.OWNER,), "creator_staff": (Role.STAFF,)}
_PARTNER_SETS = {"partner_owner": (Role.OWNER,), "partner_staff": (Role.STAFF,)}
SEE = "See"


class Policies:
    """A parsed and validated set of policies. Raises ValueError when text and schema do not fit."""

    def __init__(self, policies: str, schema: str) -> None:
        validation = cedarpy.validate_policies(policies, schema)
        if not validation.validation_passed:
            raise ValueError("policies do not fit their schema: " + "; ".join(map(str, validation.errors)))
        self._policies = cedarpy.PolicySet.from_str(policies)
        self._schema = cedarpy.Schema.from_str(schema)

    def allows(self, principal: dict[str, Any], action: str, resource: dict[str, Any]) -> bool:
        """Ask Cedar. Raises ValueError for a question the schema does not know: that is a defect."""
        request = {
            "principal": principal["uid"],
            "action": _uid("Action", action),
            "resource": resource["uid"],
        }
        answer = cedarpy.is_authorized(request, self._policies, [principal, resource], self._schema)
        if answer.diagnostics.errors:
            raise ValueError("; ".join(answer.diagnostics.errors))
        return answer.allowed

    def without_policy(self, actions: Iterable[str]) -> list[str]:
        """Return the actions that no policy could ever permit, whoever asks about whatever."""
        return [action for action in actions if not self._could_permit(action)]

    def _could_permit(self, action: str) -> bool:
        request = {"action": f"Action::{msgspec.json.encode(action).decode()}"}
        preview = cedarpy.is_authorized_partial(request, self._policies, [], self._schema)
        return not preview.diagnostics.errors and preview.decision != cedarpy.Decision.Deny


class _Caller(msgspec.Struct, frozen=True):
    """What an actor is to one resource: all that a decision depends on, so that it can be remembered."""

    kind: ActorKind
    account_roles: tuple[Role, ...]
    guest: bool  # some of these by a grant alone
    shop_role: Role | None
    creator_role: Role | None
    partner_role: Role | None
    owns: bool  # some shop, whichever
    scopes: tuple[str, ...]
    session: str
    ref: str


async def authorize(
    actor: Actor, action: str, resource: Resource, membership: Membership, thing: str = ""
) -> Relations:
    """Return what `actor` is to `resource` if they may do `action` (the RPC's name) to it.

    Raises Refusal: NOT_FOUND with reason <THING>_NOT_FOUND, or DENIED with reason PERMISSION; UNAVAILABLE. `thing`
    names what the caller asked for when that is not the resource itself: a "product" is guarded by its shop.
    """
    relations = await relations_on(actor, about(resource), membership)
    await admit(actor, relations, action, resource, membership, thing)
    return relations


async def admit(
    actor: Actor, relations: Relations, action: str, resource: Resource, membership: Membership, thing: str = ""
) -> None:
    """Return if who stands so to `resource` may do `action` to it; what only a grant allows is logged. Raises as
    `authorize`."""
    if grant_id := decide(actor, relations, action, resource, thing):
        await membership.used(Use(grant_id, actor.subject, action, name_of(resource)))


def name_of(resource: Resource) -> str:
    """Return how a log names a thing: its kind and its id."""
    kind = type(resource).__name__.lower()
    return kind if isinstance(resource, System) else f"{kind}:{resource.id}"


async def relations_on(actor: Actor, asked: About, membership: Membership) -> Relations:
    """Return what an actor is to a thing. To a viewer or an operator the directory gives nothing."""
    if actor.kind is ActorKind.USER or (actor.kind is ActorKind.SERVICE and asked.account):
        return await membership.relations(actor.subject, asked)
    return NOTHING


def decide(actor: Actor, relations: Relations, action: str, resource: Resource, thing: str = "") -> str:
    """Return if who stands so to `resource` may do `action` to it: the id of the grant that alone allows it, "" when
    what they are is enough. Raises as `authorize`."""
    if _allowed(_caller(actor, relations), action, resource):
        return ""
    now = time.time()
    grants = [grant for grant in relations.grants if grant.until > now]
    for grant in grants:
        if _allowed(_caller(actor, relations, [grant]), action, resource):
            return grant.grant_id
    thing = thing or type(resource).__name__.lower()
    if not _allowed(_caller(actor, relations, grants), SEE, resource):
        raise absent(thing)
    message = f"You may see this {thing}, but {action} is not allowed with your role."
    raise Refusal(RefusalKind.DENIED, "PERMISSION", message, {"action": action})


def _caller(actor: Actor, relations: Relations, grants: Sequence[Grant] = ()) -> _Caller:
    return _Caller(
        actor.kind,
        relations.account + tuple(grant.role for grant in grants),
        bool(grants),
        relations.shop,
        relations.creator,
        relations.partner,
        relations.owns,
        actor.scopes,
        actor.viewer.session_id if actor.viewer else "",
        actor.viewer.viewer_ref if actor.viewer else "",
    )


def absent(thing: str) -> Refusal:
    """Return the refusal of a thing that is not there. One that is somebody else's answers the very same."""
    reason = thing.upper().replace(" ", "_") + "_NOT_FOUND"
    return Refusal(RefusalKind.NOT_FOUND, reason, f"There is no such {thing}, or it is not yours.")


def require_policies(actions: Iterable[str]) -> None:
    """Call at start with the name of every RPC or route. Raises ValueError if one has no policy."""
    if missing := loaded().without_policy(actions):
        raise ValueError(f"no policy permits {', '.join(missing)}: add them to the folder `policies` of its service")


@cache
def loaded() -> Policies:
    """Return the policies of this package and of every service that is installed, parsed once per process."""
    texts: dict[str, list[str]] = {".cedar": [], ".cedarschema": []}
    for folder in _folders():
        for file in sorted(folder.iterdir()):
            if file.suffix in texts:
                texts[file.suffix].append(file.read_text(encoding="utf-8"))
    return Policies("\n".join(texts[".cedar"]), "\n".join(texts[".cedarschema"]))


def _folders() -> Iterator[Path]:
    """Yield the folder `policies` of each package of ours: the one that Python imports under its name."""
    seen: set[str] = set()
    for package in (package for root in showfloor.__path__ for package in sorted(Path(root).iterdir())):
        if package.name not in seen and (package / "policies").is_dir():
            seen.add(package.name)
            yield package / "policies"


@lru_cache(DECISIONS_KEPT)
def _allowed(caller: _Caller, action: str, resource: Resource) -> bool:
    return loaded().allows(_principal(caller, resource), action, _entity(resource))


def _principal(caller: _Caller, resource: Resource) -> dict[str, Any]:
    asked = about(resource)
    if caller.kind is ActorKind.USER:
        held = (
            ("Account", asked.account, caller.account_roles, _ACCOUNT_SETS),
            ("Shop", asked.shop, (caller.shop_role,), _SHOP_SETS),
            ("Creator", asked.creator, (caller.creator_role,), _CREATOR_SETS),
            ("Partner", asked.partner, (caller.partner_role,), _PARTNER_SETS),
        )
        relations = {
            name: [_ref(kind, thing)] if any(role in roles for role in theirs) else []
            for kind, thing, theirs, sets in held
            for name, roles in sets.items()
        }
        return _made("User", "", {**relations, "owns": caller.owns, "guest": caller.guest})
    if caller.kind is ActorKind.VIEWER:
        return _made("Viewer", "", {"session": _ref("Session", caller.session), "ref": caller.ref})
    if caller.kind is ActorKind.SERVICE:
        accounts = [_ref("Account", asked.account)] if Role.CONNECTOR in caller.account_roles else []
        return _made("Service", "", {"scopes": list(caller.scopes), "connector": accounts})
    return _made("Operator", "", {})


def _entity(resource: Resource) -> dict[str, Any]:
    attributes: dict[str, Any] = {}
    asked = about(resource)
    if asked.account:
        attributes["account"] = _ref("Account", asked.account)
    if asked.shop:
        attributes["shop"] = _ref("Shop", asked.shop)
    if asked.creator:
        attributes["creator"] = _ref("Creator", asked.creator)
    if asked.partner:
        attributes["partner"] = _ref("Partner", asked.partner)
    if isinstance(resource, Binding):
        attributes["awaits"] = resource.awaits
    if isinstance(resource, Session):
        attributes["mode"] = resource.mode.value
    if isinstance(resource, Order):
        attributes["viewer"] = resource.viewer
    return _made(type(resource).__name__, "" if isinstance(resource, System) else resource.id, attributes)


def _made(kind: str, name: str, attributes: dict[str, Any]) -> dict[str, Any]:
    return {"uid": _uid(kind, name), "attrs": attributes, "parents": []}


def _uid(kind: str, name: str) -> dict[str, str]:
    return {"type": kind, "id": name}


def _ref(kind: str, name: str) -> dict[str, dict[str, str]]:
    return {"__entity": _uid(kind, name)}
