"""A service that tells operators what the file `told.json` in its folder says: for the doctor's tests."""

import json
from collections.abc import AsyncIterator, Sequence
from typing import Any

from showfloor.access.tokens import Verifier, keys_in
from showfloor.api.common.v1.operator_service_pb2 import DeadLetter, PartStatus
from showfloor.platform.process import Shutdown, run
from showfloor.platform.settings import ProcessSettings
from showfloor.rpc.server import Limits, Server
from showfloor.service.operator import operator_service


class StoredBackend:
    def __init__(self, config: ProcessSettings) -> None:
        self._file = config.data / "told.json"
        self._times = 0

    def _read(self) -> dict[str, Any]:
        return dict(json.loads(self._file.read_text()))

    async def status(self) -> tuple[int, Sequence[PartStatus]]:
        told = self._read()
        self._times += 1
        grown = told.get("grows", 0) * self._times
        return 9, [PartStatus(**{**part, "lag": part.get("lag", 0) + grown}) for part in told["parts"]]

    async def dead_letters(self, subscription: str) -> Sequence[DeadLetter]:
        return [DeadLetter(**one) for one in self._read().get("dead_letters", ())]

    def rebuild(self, view: str, compare: bool) -> AsyncIterator[Any]:
        raise NotImplementedError

    def rebuild_stream(self) -> AsyncIterator[Any]:
        raise NotImplementedError

    async def fingerprint(self, view: str) -> tuple[str, int]:
        raise NotImplementedError

    async def replay(self, dead_letter_id: str) -> bool:
        raise NotImplementedError


async def serve(config: ProcessSettings, shutdown: Shutdown) -> None:
    assert config.internal_jwks is not None
    server = Server(
        [operator_service("session", StoredBackend(config))], Verifier(keys_in(config.internal_jwks)), Limits()
    )
    port = await server.start("127.0.0.1", 0)
    (config.data / "port").write_text(str(port))
    shutdown.health.ready()
    await shutdown.wait()
    await server.stop()


run(serve, "operated", ProcessSettings)
