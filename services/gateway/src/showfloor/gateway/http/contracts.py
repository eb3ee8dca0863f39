"""The contracts that clients may call through REST: those of every installed service."""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import import_module
from pkgutil import walk_packages

from google.protobuf.descriptor import MethodDescriptor, ServiceDescriptor

import showfloor.api

_CONTRACT = re.compile(r"showfloor\.api\.(?P<owner>\w+)\.v1\.\w+_service_pb2")
_EVERYBODYS = "common"  # what each process answers operators and other services


@cache
def contracts() -> Mapping[str, tuple[ServiceDescriptor, ...]]:
    """Return the gRPC services that each service process answers, by its name."""
    found: dict[str, tuple[ServiceDescriptor, ...]] = {}
    for module in walk_packages(showfloor.api.__path__, "showfloor.api."):
        match = _CONTRACT.fullmatch(module.name)
        if match and match["owner"] != _EVERYBODYS:
            answered = import_module(module.name).DESCRIPTOR.services_by_name.values()
            found[match["owner"]] = (*found.get(match["owner"], ()), *answered)
    return found


@cache
def methods() -> Mapping[str, MethodDescriptor]:
    """Return every RPC of these services by its name. Raises ValueError when two have one name."""
    return by_name(service for services in contracts().values() for service in services)


def by_name(services: Iterable[ServiceDescriptor]) -> Mapping[str, MethodDescriptor]:
    """Return the RPCs of services by their names, in order. Raises ValueError when two have one name."""
    found: dict[str, MethodDescriptor] = {}
    for method in (method for service in services for method in service.methods):
        if (other := found.setdefault(method.name, method)) is not method:
            raise ValueError(f"{other.full_name} and {method.full_name}: a route needs a name that no other RPC has")
    return found
