"""Personal texts of an event: what a person wrote. They are kept sealed, under a key that can be destroyed."""

from typing import Final, NamedTuple

ERASED: Final = ""
"""What a personal text reads as once its key is destroyed. Nobody can write an empty one."""


class Whose(NamedTuple):
    """Two names of a key: what it goes with when that expires, and the person whose erasure destroys it."""

    scope: str
    subject: str


class Owner(NamedTuple):
    """The fields of an event that say whose a personal field is: one for the scope, those of the subject.

    A field that holds None counts as empty. `user`: the field that names the user who wrote it, if a user did.
    """

    scope: str
    subject: tuple[str, ...]
    user: str = ""

    def of(self, event: object) -> Whose:
        """Return whose it is in this event."""
        scope, user = _text(event, self.scope), _text(event, self.user) if self.user else ""
        if user:
            return Whose(scope, user_subject(user))
        return Whose(scope, "/".join(_text(event, name) for name in self.subject))


def user_subject(user_id: object) -> str:
    """Return the subject of what a user is called, wrote, and can be reached by: the same in every service."""
    return f"user/{user_id}"


def _text(event: object, name: str) -> str:
    value = getattr(event, name)
    return "" if value is None else str(value)
