"""`python -m showfloor.gateway`: the gateway as a process."""

from showfloor.gateway.config import Config
from showfloor.gateway.migrate import MIGRATIONS
from showfloor.gateway.service import serve
from showfloor.platform.process import run

if __name__ == "__main__":
    run(serve, MIGRATIONS.service, Config)
