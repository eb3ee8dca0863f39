"""Messages that were set aside, told to operators: the same in every service."""

from collections.abc import Iterable

from showfloor.api.common.v1.operator_service_pb2 import ParkedMessage
from showfloor.kernel.refusal import Refusal, RefusalKind
from showfloor.kernel.tracking import Parked


def parked_messages(name: str, parked: Iterable[Parked]) -> list[ParkedMessage]:
    """Return what was set aside under a tracking name."""
    return [
        ParkedMessage(
            parked_id=f"{name}@{one.position}",
            subscription=name,
            position=one.position,
            type=one.headers.get("ce-type", ""),
            error=one.reason,
            parked_time=one.parked_at.isoformat(),
        )
        for one in parked
    ]


def parked_position(parked_id: str, messages: Iterable[ParkedMessage]) -> int:
    """Return the position of the message with this id. Raises PARKED_NOT_FOUND."""
    for one in messages:
        if one.parked_id == parked_id:
            return one.position
    text = "There is no parked message of this id."
    raise Refusal(RefusalKind.NOT_FOUND, "PARKED_NOT_FOUND", text, {"parked_id": parked_id})
