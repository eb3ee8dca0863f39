"""Puts the gRPC services together from the parts that answer their methods."""

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

from showfloor.api.session.v1 import (
    activity_service_pb2,
    activity_service_pb2_grpc,
    board_service_pb2,
    board_service_pb2_grpc,
    catalogue_service_pb2,
    catalogue_service_pb2_grpc,
    import_service_pb2,
    import_service_pb2_grpc,
    session_service_pb2,
    session_service_pb2_grpc,
    signal_service_pb2,
    signal_service_pb2_grpc,
)
from showfloor.rpc.server import Service

_SERVICES = (
    (session_service_pb2, "SessionService", session_service_pb2_grpc.add_SessionServiceServicer_to_server),
    (catalogue_service_pb2, "CatalogueService", catalogue_service_pb2_grpc.add_CatalogueServiceServicer_to_server),
    (activity_service_pb2, "ActivityService", activity_service_pb2_grpc.add_ActivityServiceServicer_to_server),
    (board_service_pb2, "BoardService", board_service_pb2_grpc.add_BoardServiceServicer_to_server),
    (import_service_pb2, "ImportService", import_service_pb2_grpc.add_ImportServiceServicer_to_server),
    (signal_service_pb2, "SignalService", signal_service_pb2_grpc.add_SignalServiceServicer_to_server),
)


def services(parts: Sequence[object]) -> list[Service]:
    """Return the services. Each method is answered by the one part that has a method of its name.

    Raises ValueError for a method that no part, or more than one, answers: found at the start, not at a call.
    """
    found = []
    for module, name, add in _SERVICES:
        descriptor = module.DESCRIPTOR.services_by_name[name]
        methods: dict[str, Any] = {}
        for method in descriptor.methods:
            answering = [part for part in parts if hasattr(part, method.name)]
            if len(answering) != 1:
                raise ValueError(f"{method.full_name} is answered by {len(answering)} parts, not by one")
            methods[method.name] = getattr(answering[0], method.name)
        found.append(Service(descriptor, add, SimpleNamespace(**methods)))
    return found
