"""A user: an id that may sign in. Names and addresses are kept apart, so that they can be erased."""

from typing import ClassVar
from uuid import UUID

import msgspec

from showfloor.kernel.decider import Decider
from showfloor.kernel.event import Event


class UserCreated(Event, frozen=True, kw_only=True):
    """A user may sign in from now on."""

    TOPIC: ClassVar[str] = "user.created"

    user_id: UUID
    shop_id: UUID | None = None  # whose owner asked for it and may name the user: of a shop,
    creator_id: UUID | None = None  # of a creator
    partner_id: UUID | None = None  # or of a partner


class UserErased(Event, frozen=True, kw_only=True):
    """A user was erased: every service destroys the keys of their texts. The id stays, but nobody signs in by it."""

    TOPIC: ClassVar[str] = "user.erased"

    user_id: UUID


class User(msgspec.Struct, frozen=True):
    """The state of a user; no `user_id`: there is none."""

    user_id: UUID | None = None
    shop_id: UUID | None = None
    erased: bool = False


def evolve(state: User, event: Event) -> User:
    """Return the user after the event."""
    if isinstance(event, UserCreated):
        return User(event.user_id, event.shop_id)
    assert isinstance(event, UserErased)
    return msgspec.structs.replace(state, erased=True)


USER: Decider[User] = Decider(
    name="user", state_type=User, initial=User, evolve=evolve, events=(UserCreated, UserErased)
)
