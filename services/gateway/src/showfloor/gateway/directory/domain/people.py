"""Roles of users, the same for shops, accounts, creators and partners."""

from collections.abc import Callable, Mapping
from uuid import UUID

from showfloor.kernel.refusal import Refusal

People = dict[UUID, str]
"""User -> role."""


def joined(people: Mapping[UUID, str], user_id: UUID, role: str) -> People:
    """Return the people after a user was given a role, in place of the one before."""
    return {**people, user_id: role}


def left(people: Mapping[UUID, str], user_id: UUID) -> People:
    """Return the people without a user."""
    return {user: role for user, role in people.items() if user != user_id}


def only(people: Mapping[UUID, str], user_id: UUID, role: str) -> bool:
    """Tell whether a user is the only one with this role."""
    return [user for user, held in people.items() if held == role] == [user_id]


def changes(people: Mapping[UUID, str], user_id: UUID, role: str, first: str, refuse: Callable[[], Refusal]) -> bool:
    """Tell whether a role ("" for none) is another one than the user has. Raises `refuse` for the last `first`."""
    if people.get(user_id, "") == role:
        return False
    if role != first and only(people, user_id, first):
        raise refuse()
    return True
