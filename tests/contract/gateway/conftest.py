"""The running gateway of the integration tests: a contract is tested against the real thing."""

from collections.abc import AsyncIterator
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import pytest

_SPEC = spec_from_file_location("running_gateway", Path(__file__).parents[2] / "integration/gateway/conftest.py")
assert _SPEC is not None
assert _SPEC.loader is not None
_MODULE = module_from_spec(_SPEC)
_SPEC.loader.exec_module(_MODULE)

run_gateway = _MODULE.run_gateway


@pytest.fixture
async def gateway(run_gateway: Any) -> AsyncIterator[Any]:
    """A gateway with every service behind it."""
    async with run_gateway(with_events=True) as gateway:
        yield gateway
