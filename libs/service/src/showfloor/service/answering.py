"""Composes gRPC services of the objects that answer their methods."""

from collections.abc import Iterable, Sequence
from types import ModuleType, SimpleNamespace
from typing import Any

from showfloor.rpc.server import Service


def answered(contracts: Iterable[ModuleType], parts: Sequence[object]) -> list[Service]:
    """Return the services of generated modules, such as session_service_pb2.

    Each method is answered by the one part that has a method of its name. Raises ValueError for a method that no part,
    or more than one, answers: found at the start, not at a call.
    """
    found = []
    for descriptor in (one for module in contracts for one in module.DESCRIPTOR.services_by_name.values()):
        methods: dict[str, Any] = {}
        for method in descriptor.methods:
            answering = [part for part in parts if hasattr(part, method.name)]
            if len(answering) != 1:
                raise ValueError(f"{method.full_name} is answered by {len(answering)} parts, not by one")
            methods[method.name] = getattr(answering[0], method.name)
        found.append(Service(descriptor, SimpleNamespace(**methods)))
    return found
