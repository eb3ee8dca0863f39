"""`showfloor up`, with links between the processes that a test can break.

CHAOS_ENV names a JSON file: {service: {variable: value}}. They replace what the embedded system would set.
"""

import json
import os
import sys
from pathlib import Path
from typing import Any

from showfloor.cli.__main__ import main
from showfloor.embedded import topology
from showfloor.embedded.service import Service

_environment = topology._environment


def _with_links(service: Service, *more: Any) -> dict[str, str]:
    changed = json.loads(Path(os.environ["CHAOS_ENV"]).read_text())
    return {**_environment(service, *more), **changed.get(service.name, {})}


if __name__ == "__main__":
    topology._environment = _with_links
    sys.exit(main())
