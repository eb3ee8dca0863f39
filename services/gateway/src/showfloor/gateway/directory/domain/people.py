"""Who works for something as what: the same for shops, accounts, creators and partners."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from showfloor.kernel.event import Event
from showfloor.kernel.refusal import Refusal

People = dict[UUID, str]
"""User -> role."""


def joined(people: Mapping[UUID, str], user_id: UUID, role: str) -> People:
    """Return the people once a user has this role, in place of the one before."""
    return {**people, user_id: role}


def left(people: Mapping[UUID, str], user_id: UUID) -> People:
    """Return the people without a user."""
    return {user: role for user, role in people.items() if user != user_id}


def only(people: Mapping[UUID, str], user_id: UUID, role: str) -> bool:
    """Tell whether a user is the only one with this role."""
    return [user for user, held in people.items() if held == role] == [user_id]


def give(people: Mapping[UUID, str], asked: Any, first: str, refuse: Callable[[], Refusal]) -> list[Event]:
    """Give a user a role, in place of the one before. Refuses to take the last `first` away."""
    if people.get(asked.user_id) == asked.role:
        return []
    if asked.role != first and only(people, asked.user_id, first):
        raise refuse()
    return [asked]


def take(people: Mapping[UUID, str], asked: Any, first: str, refuse: Callable[[], Refusal]) -> list[Event]:
    """Take a user's role away. Refuses to take the last `first` away."""
    if asked.user_id not in people:
        return []
    if only(people, asked.user_id, first):
        raise refuse()
    return [asked]
