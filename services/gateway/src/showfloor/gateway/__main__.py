"""`python -m showfloor.gateway`: the gateway as a process."""

from showfloor.gateway.config import Config
from showfloor.gateway.service import MIGRATIONS, running
from showfloor.service.process import main

if __name__ == "__main__":
    main(running, MIGRATIONS, Config)
