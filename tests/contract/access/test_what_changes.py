"""What old rights do not allow, and what is logged before it is done by a grant: every change."""

from showfloor.gateway.http.contracts import contracts
from showfloor.rpc.server import Service, changing

READING = ("Check", "Compare", "Export", "Get", "List", "Watch")  # how the names of RPCs that only read begin


def test_every_rpc_that_does_not_only_read_counts_as_a_change() -> None:
    services = [Service(one, None) for of_one in contracts().values() for one in of_one]
    named = {method.name for service in services for method in service.descriptor.methods}
    assert changing(services) == {name for name in named if not name.startswith(READING)}
