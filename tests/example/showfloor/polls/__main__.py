"""`python -m showfloor.polls`: the poll service as a process."""

from showfloor.platform.settings import ProcessSettings
from showfloor.polls.service import MIGRATIONS, running
from showfloor.service.process import main

if __name__ == "__main__":
    main(running, MIGRATIONS, ProcessSettings)
