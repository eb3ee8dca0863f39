"""What the slice brings to the service."""

from datetime import timedelta
from functools import partial
from typing import Final

from showfloor.api.session.v1 import import_service_pb2
from showfloor.service.builder import Builder
from showfloor.service.slices import Slice, Started
from showfloor.session.imports.domain.imported_file import IMPORTED_FILE
from showfloor.session.imports.edges.held_sessions import holding
from showfloor.session.imports.edges.jobs import Jobs
from showfloor.session.imports.edges.rpc_imports import ImportCalls
from showfloor.session.imports.edges.rpc_past_sessions import PastSessionWrites
from showfloor.session.imports.edges.runner import Imports

SLICE: Final = Slice(contracts=(import_service_pb2,), deciders=(IMPORTED_FILE,))


def start(base: Builder, lease_s: float) -> Started:
    """Start what runs: imports are carried out until the service closes."""
    holders = partial(holding, base.database)
    jobs = Jobs(base.database, base.runtime.sealing, timedelta(seconds=lease_s))
    imports = Imports(base.store, jobs, holders, base.clock)
    imports.start()
    base.closing(imports.close)
    return Started((ImportCalls(imports), PastSessionWrites(base.store, holders, base.clock)))
