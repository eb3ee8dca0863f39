"""`python -m showfloor.gateway`: the gateway as a process."""

from showfloor.gateway.config import Config
from showfloor.gateway.edges.subscribe import NAME
from showfloor.gateway.wiring import serve
from showfloor.platform.process import run

if __name__ == "__main__":
    run(serve, NAME, Config)
