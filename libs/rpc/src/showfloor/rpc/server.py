"""Builds a gRPC server: guarded methods, health, reflection, limits, graceful drain.

One event loop per process; install uvloop before the first object of grpc is made.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import grpc.aio
from google.protobuf.descriptor import ServiceDescriptor
from google.protobuf.message_factory import GetMessageClass
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection

from showfloor.access.membership.relations import Membership, Nobody
from showfloor.access.policy import require_policies
from showfloor.access.tokens import Verifier
from showfloor.observability.logging import get_logger
from showfloor.rpc.channel import METADATA_BYTES
from showfloor.rpc.guard import Guard

_log = get_logger(__name__)


@dataclass(frozen=True)
class Limits:
    """Bounds of a server. Sizes in bytes, times in seconds."""

    message_bytes: int = 4 * 1024 * 1024
    metadata_bytes: int = METADATA_BYTES
    concurrent_calls: int = 2_000
    keepalive_s: float = 30.0
    drain_s: float = 5.0


@dataclass(frozen=True)
class Service:
    """One protobuf service, and the object whose methods answer its RPCs by their names."""

    descriptor: ServiceDescriptor
    servicer: Any


class Server:
    """A server of guarded services. Make it inside the event loop that it will run in.

    Raises ValueError when an RPC has no policy. Health says SERVING from `start` until `stop` begins.
    """

    def __init__(
        self,
        services: Sequence[Service],
        verifier: Verifier,
        limits: Limits = Limits(),
        membership: Membership | None = None,
    ) -> None:
        """`membership` says what users are to whom; without one nobody is anything."""
        require_policies(method.name for service in services for method in service.descriptor.methods)
        self._limits = limits
        self._names = [service.descriptor.full_name for service in services]
        self._server = grpc.aio.server(
            interceptors=[Guard(verifier, membership or Nobody(), changing(services))],
            options=_options(limits),
            maximum_concurrent_rpcs=limits.concurrent_calls,
        )
        self._server.add_generic_rpc_handlers([_handler(service) for service in services])
        self._health = health.aio.HealthServicer()
        health_pb2_grpc.add_HealthServicer_to_server(self._health, self._server)
        known = (*self._names, health_pb2.DESCRIPTOR.services_by_name["Health"].full_name, reflection.SERVICE_NAME)
        reflection.enable_server_reflection(known, self._server)

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> int:
        """Listen, and return the port (0 takes a free one). Raises OSError when it cannot be had."""
        try:
            bound = self._server.add_insecure_port(f"{host}:{port}")
        except RuntimeError:  # grpc keeps the cause for its own log
            raise OSError(f"nobody can listen at {host}:{port}: it is in use, or not of this machine") from None
        await self._server.start()
        await self.set_serving(True)
        _log.info("rpc listening", host=host, port=bound)
        return bound

    async def set_serving(self, serving: bool) -> None:
        """Tell health checks whether calls are welcome, for each service and for the whole."""
        state = health_pb2.HealthCheckResponse.SERVING if serving else health_pb2.HealthCheckResponse.NOT_SERVING
        for name in ("", *self._names):
            await self._health.set(name, state)

    async def stop(self) -> None:
        """Take no new calls, let running ones end within `drain_s`, then cancel the rest."""
        await self._health.enter_graceful_shutdown()
        await self._server.stop(self._limits.drain_s)

    async def wait(self) -> None:
        """Wait until the server has stopped."""
        await self._server.wait_for_termination()


def changing(services: Sequence[Service]) -> set[str]:
    """Return the methods that change something: those whose request names itself, those that take in many facts, and
    those by which people without a sign-in register an address and open the links that it gets."""
    methods = [method for service in services for method in service.descriptor.methods]
    return {method.name for method in methods if not _NAMED.isdisjoint(method.input_type.fields_by_name)}


_NAMED = {"request_id", "batch", "facts", "email", "code"}
_HANDLERS = {  # by whether the request, and whether the answer, is a stream
    (False, False): grpc.unary_unary_rpc_method_handler,
    (False, True): grpc.unary_stream_rpc_method_handler,
    (True, False): grpc.stream_unary_rpc_method_handler,
    (True, True): grpc.stream_stream_rpc_method_handler,
}


def _handler(service: Service) -> grpc.GenericRpcHandler:
    """Return what the generated `add_<Service>Servicer_to_server` adds."""
    handlers = {
        method.name: _HANDLERS[method.client_streaming, method.server_streaming](
            getattr(service.servicer, method.name),
            request_deserializer=GetMessageClass(method.input_type).FromString,
            response_serializer=GetMessageClass(method.output_type).SerializeToString,
        )
        for method in service.descriptor.methods
    }
    return grpc.method_handlers_generic_handler(service.descriptor.full_name, handlers)


def _options(limits: Limits) -> list[tuple[str, int]]:
    keepalive_ms = int(limits.keepalive_s * 1000)
    return [
        ("grpc.so_reuseport", 0),  # a second process on the port must fail, not share it
        ("grpc.max_receive_message_length", limits.message_bytes),
        ("grpc.max_send_message_length", limits.message_bytes),
        ("grpc.max_metadata_size", limits.metadata_bytes),
        ("grpc.absolute_max_metadata_size", limits.metadata_bytes),
        ("grpc.keepalive_time_ms", keepalive_ms),
        ("grpc.keepalive_timeout_ms", 10_000),
        ("grpc.http2.min_ping_interval_without_data_ms", keepalive_ms // 2),
    ]
