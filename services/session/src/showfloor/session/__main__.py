"""`python -m showfloor.session`: the session service as a process."""

from showfloor.platform.process import run
from showfloor.session.config import Config
from showfloor.session.wiring import NAME, serve

if __name__ == "__main__":
    run(serve, NAME, Config)
