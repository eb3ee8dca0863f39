"""Domain events and their metadata."""

from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar
from uuid import UUID

import msgspec

from showfloor.kernel.personal import Owner


class Event(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A domain event: past tense, flat, never edited.

    TOPIC is the stored name and is eternal (never the import path). A field is added with a default; any other change
    raises VERSION and adds a static method `upcast_v1_v2(data: dict) -> dict`, one per step, for older records.

    PERSONAL names the texts that a person wrote, and whose they are. The log and views hold them sealed; rules and
    states see them clear.
    """

    TOPIC: ClassVar[str]
    VERSION: ClassVar[int] = 1
    PERSONAL: ClassVar[Mapping[str, Owner]] = {}

    at: datetime  # when it happened, UTC; chosen at the edge, never read from a clock in the domain


class Meta(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What is recorded beside an event: who asked, with which request, in which trace. No names, no text."""

    actor: str = ""  # pseudonymous subject, such as "user:<id>" or "viewer:<ref>"
    request_id: str = ""
    traceparent: str = ""  # W3C trace context of the command that caused the event


class Recorded(msgspec.Struct, frozen=True, gc=False):
    """An event as it lies in the log. `position` orders the whole log of a service, `version` its stream."""

    position: int
    stream: UUID
    version: int
    event: Event
    meta: Meta
