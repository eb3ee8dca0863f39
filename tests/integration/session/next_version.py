"""`python next_version.py`: the session service as its next version might be. View `facts` has another definition.

Its rows are the same, in a table with a column more. While the file NEXT_VERSION_GATE is not there it is not filled
past its first page.
"""

import os
import time
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from showfloor.eventstore.statements import Change
from showfloor.eventstore.view import View
from showfloor.kernel.event import Recorded
from showfloor.service.process import main
from showfloor.session import service
from showfloor.session.analytics.views import facts
from showfloor.session.config import Config

GATE = Path(os.environ["NEXT_VERSION_GATE"])


def changed(view: View) -> View:
    """Return the view as the next version defines it."""
    pages = 0

    def evolve(page: Sequence[Recorded]) -> Iterable[Change]:
        nonlocal pages
        pages += 1
        while pages > 1 and not GATE.exists():
            time.sleep(0.02)
        return view.evolve(page)

    ddl = view.ddl + "\nALTER TABLE fact_total ADD COLUMN of_the_next_version int;"
    return replace(view, ddl=ddl, evolve=evolve)


if __name__ == "__main__":
    service.VIEWS = tuple(changed(view) if view is facts.VIEW else view for view in service.VIEWS)
    main(service.running, service.MIGRATIONS, Config)
