"""The running gateway of the integration tests: a contract is tested against the real thing."""

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

_SPEC = spec_from_file_location("running_gateway", Path(__file__).parents[2] / "integration/gateway/conftest.py")
assert _SPEC is not None
assert _SPEC.loader is not None
_MODULE = module_from_spec(_SPEC)
_SPEC.loader.exec_module(_MODULE)

gateway, run_gateway = _MODULE.gateway, _MODULE.run_gateway
