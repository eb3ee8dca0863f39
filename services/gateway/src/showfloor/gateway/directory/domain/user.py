"""A user: an id that may sign in. Names and addresses are kept apart, where they can be erased."""

from typing import ClassVar
from uuid import UUID

import msgspec

from showfloor.kernel.decider import Decider
from showfloor.kernel.event import Event


class UserAdded(Event, frozen=True, kw_only=True):
    """Somebody may sign in from now on."""

    TOPIC: ClassVar[str] = "user.added"

    user_id: UUID
    shop_id: UUID | None = None  # whose owner asked for it; the people of that shop may find the user


class User(msgspec.Struct, frozen=True):
    """The state of a user; no `user_id`: there is none."""

    user_id: UUID | None = None
    shop_id: UUID | None = None


def evolve(_: User, event: Event) -> User:
    """Return the user after the event."""
    assert isinstance(event, UserAdded)
    return User(event.user_id, event.shop_id)


def add(state: User, asked: UserAdded) -> list[Event]:
    """Add a user once."""
    return [asked] if state.user_id is None else []


USER: Decider[User] = Decider(name="user", state_type=User, initial=User, evolve=evolve, events=(UserAdded,))
