"""`python -m showfloor.events`: the events service as a process."""

from showfloor.events.config import Config
from showfloor.events.service import MIGRATIONS, running
from showfloor.service.process import main

if __name__ == "__main__":
    main(running, MIGRATIONS, Config)
