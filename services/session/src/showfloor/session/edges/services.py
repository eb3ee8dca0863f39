"""Puts a gRPC service together from the parts that answer its methods."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from google.protobuf.descriptor import ServiceDescriptor

from showfloor.rpc.server import Service


def service(descriptor: ServiceDescriptor, add: Callable[[Any, Any], None], *parts: object) -> Service:
    """Return the service whose every method is answered by the one part that has it.

    Raises ValueError for a method that no part, or more than one, answers: found at the start, not at a call.
    """
    methods: dict[str, Any] = {}
    for method in descriptor.methods:
        answering = [part for part in parts if hasattr(part, method.name)]
        if len(answering) != 1:
            raise ValueError(f"{method.full_name} is answered by {len(answering)} parts, not by one")
        methods[method.name] = getattr(answering[0], method.name)
    return Service(descriptor, add, SimpleNamespace(**methods))
