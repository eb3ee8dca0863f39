"""What of an event is personal: words of a person. Kept it is sealed, under a key that can be destroyed."""

from typing import Final, NamedTuple

ERASED: Final = ""
"""What a personal text reads as once its key is destroyed. Nobody can write an empty one."""


class Whose(NamedTuple):
    """Two names of a key: what it goes with when that expires, and the person whose erasure destroys it."""

    scope: str
    subject: str


class Owner(NamedTuple):
    """The fields of an event that say whose a personal field is: one for the scope, those of the subject."""

    scope: str
    subject: tuple[str, ...]

    def of(self, event: object) -> Whose:
        """Return whose it is in this event."""
        return Whose(str(getattr(event, self.scope)), "/".join(str(getattr(event, name)) for name in self.subject))
