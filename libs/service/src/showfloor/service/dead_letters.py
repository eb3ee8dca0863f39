"""Dead letters, told to operators: the same in every service."""

from collections.abc import Iterable

from showfloor.api.common.v1 import operator_service_pb2 as pb
from showfloor.kernel.refusal import Refusal, RefusalKind
from showfloor.kernel.tracking import DeadLetter


def dead_letters(name: str, letters: Iterable[DeadLetter]) -> list[pb.DeadLetter]:
    """Return the dead letters under a tracking name."""
    return [
        pb.DeadLetter(
            dead_letter_id=f"{name}@{one.position}",
            subscription=name,
            position=one.position,
            type=one.headers.get("ce-type", ""),
            error=one.reason,
            failed_time=one.failed_at.isoformat(),
        )
        for one in letters
    ]


def dead_letter_position(dead_letter_id: str, messages: Iterable[pb.DeadLetter]) -> int:
    """Return the position of the dead letter with this id. Raises DEAD_LETTER_NOT_FOUND."""
    for one in messages:
        if one.dead_letter_id == dead_letter_id:
            return one.position
    text = "There is no dead letter of this id."
    raise Refusal(RefusalKind.NOT_FOUND, "DEAD_LETTER_NOT_FOUND", text, {"dead_letter_id": dead_letter_id})
