"""May this actor do this? Cedar decides; what no policy permits is refused.

Somebody else's thing answers NOT_FOUND, like a thing that does not exist; a thing the caller may see, but not
use like this, answers DENIED.
"""

from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import cedarpy
import msgspec

import showfloor
from showfloor.access.actor import Actor, ActorKind, Role
from showfloor.access.resources import Account, Binding, Creator, Order, Partner, Resource, Session, Shop, System
from showfloor.kernel.refusal import Refusal, RefusalKind

DECISIONS_KEPT = 16_384  # answers depend on nothing but the question, so they may be remembered

_ACCOUNT_SETS = {
    "host": (Role.HOST, Role.OWNER),
    "assistant": (Role.ASSISTANT,),
    "moderator": (Role.MODERATOR,),
    "analyst": (Role.ANALYST,),
}
_SHOP_SETS = {"owner": (Role.OWNER,), "staff": (Role.STAFF,), "member": (Role.MEMBER,)}
_CREATOR_SETS = {"creator_owner": (Role.OWNER,), "creator_staff": (Role.STAFF,)}
_PARTNER_SETS = {"partner_owner": (Role.OWNER,), "partner_staff": (Role.STAFF,)}
_SEE = "See"


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
    account_role: Role | None
    shop_role: Role | None
    creator_role: Role | None
    partner_role: Role | None
    owns: bool  # some shop, whichever
    scopes: tuple[str, ...]
    session: str
    ref: str


def authorize(actor: Actor, action: str, resource: Resource, thing: str = "") -> None:
    """Return if `actor` may do `action` (the RPC's name) to `resource`.

    Raises Refusal: NOT_FOUND with reason <THING>_NOT_FOUND, or DENIED with reason PERMISSION. `thing` names
    what the caller asked for when that is not the resource itself: a "product" is guarded by its shop.
    """
    caller = _Caller(
        actor.kind,
        actor.accounts.get(_account_of(resource)),
        actor.shops.get(_shop_of(resource)),
        actor.creators.get(_creator_of(resource)),
        actor.partners.get(_partner_of(resource)),
        Role.OWNER in actor.shops.values(),
        actor.scopes,
        actor.viewer.session_id if actor.viewer else "",
        actor.viewer.viewer_ref if actor.viewer else "",
    )
    if _allowed(caller, action, resource):
        return
    thing = thing or type(resource).__name__.lower()
    if not _allowed(caller, _SEE, resource):
        raise absent(thing)
    message = f"You may see this {thing}, but {action} is not allowed with your role."
    raise Refusal(RefusalKind.DENIED, "PERMISSION", message, {"action": action})


def absent(thing: str) -> Refusal:
    """Return the refusal of a thing that is not there. One that is somebody else's answers the very same."""
    reason = thing.upper().replace(" ", "_") + "_NOT_FOUND"
    return Refusal(RefusalKind.NOT_FOUND, reason, f"There is no such {thing}, or it is not yours.")


def require_policies(actions: Iterable[str]) -> None:
    """Call at start with the name of every RPC or route. Raises ValueError if one has no policy."""
    if missing := loaded().without_policy(actions):
        raise ValueError(f"no policy permits {', '.join(missing)}: add them to the folder `policies` of its service")


def visible_accounts(actor: Actor) -> list[str]:
    """Return the ids of the accounts whose things a user may list. Accounts of `visible_shops` come on top:
    `WHERE account_id = ANY(accounts) OR shop_id = ANY(shops)`."""
    return list(actor.accounts) if actor.kind is ActorKind.USER else []


def visible_shops(actor: Actor) -> list[str]:
    """Return the ids of the shops whose accounts, orders and products a user may list."""
    if actor.kind is not ActorKind.USER:
        return []
    return [shop for shop, role in actor.shops.items() if role in (Role.OWNER, Role.STAFF)]


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
    account = _account_of(resource)
    if caller.kind is ActorKind.USER:
        held = (
            ("Account", account, caller.account_role, _ACCOUNT_SETS),
            ("Shop", _shop_of(resource), caller.shop_role, _SHOP_SETS),
            ("Creator", _creator_of(resource), caller.creator_role, _CREATOR_SETS),
            ("Partner", _partner_of(resource), caller.partner_role, _PARTNER_SETS),
        )
        relations = {
            name: [_ref(kind, thing)] if role in roles else []
            for kind, thing, role, sets in held
            for name, roles in sets.items()
        }
        return _made("User", "", {**relations, "owns": caller.owns})
    if caller.kind is ActorKind.VIEWER:
        return _made("Viewer", "", {"session": _ref("Session", caller.session), "ref": caller.ref})
    if caller.kind is ActorKind.SERVICE:
        accounts = [_ref("Account", account)] if caller.account_role is Role.CONNECTOR else []
        return _made("Service", "", {"scopes": list(caller.scopes), "connector": accounts})
    return _made("Operator", "", {})


def _entity(resource: Resource) -> dict[str, Any]:
    attributes: dict[str, Any] = {}
    if account := _account_of(resource):
        attributes["account"] = _ref("Account", account)
    if shop := _shop_of(resource):
        attributes["shop"] = _ref("Shop", shop)
    if creator := _creator_of(resource):
        attributes["creator"] = _ref("Creator", creator)
    if partner := _partner_of(resource):
        attributes["partner"] = _ref("Partner", partner)
    if isinstance(resource, Binding):
        attributes["awaits"] = resource.awaits
    if isinstance(resource, Session):
        attributes["mode"] = resource.mode.value
    if isinstance(resource, Order):
        attributes["viewer"] = resource.viewer
    return _made(type(resource).__name__, "" if isinstance(resource, System) else resource.id, attributes)


def _account_of(resource: Resource) -> str:
    if isinstance(resource, Account):
        return resource.id
    return resource.account if isinstance(resource, Session | Order) else ""


def _shop_of(resource: Resource) -> str:
    if isinstance(resource, Shop):
        return resource.id
    return "" if isinstance(resource, System | Partner) else resource.shop


def _creator_of(resource: Resource) -> str:
    if isinstance(resource, Creator):
        return resource.id
    return resource.creator if isinstance(resource, Account | Binding) else ""


def _partner_of(resource: Resource) -> str:
    if isinstance(resource, Partner):
        return resource.id
    return resource.partner if isinstance(resource, Binding) else ""


def _made(kind: str, name: str, attributes: dict[str, Any]) -> dict[str, Any]:
    return {"uid": _uid(kind, name), "attrs": attributes, "parents": []}


def _uid(kind: str, name: str) -> dict[str, str]:
    return {"type": kind, "id": name}


def _ref(kind: str, name: str) -> dict[str, dict[str, str]]:
    return {"__entity": _uid(kind, name)}
