"""`python next_version.py`: the session service as another version would be, whose every view is defined anew.

CHAOS_VERSION tells versions apart. The rows are the same, so that what both answer can be compared.
"""

import os
from dataclasses import replace

from showfloor.service.process import main
from showfloor.session import service
from showfloor.session.config import Config

OTHER = f"of version {os.environ['CHAOS_VERSION']}"

if __name__ == "__main__":
    service.VIEWS = tuple(replace(view, settings=f"{view.settings}, {OTHER}") for view in service.VIEWS)
    main(service.running, service.MIGRATIONS, Config)
