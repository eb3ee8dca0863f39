"""`python -m showfloor.session`: the session service as a process."""

from showfloor.platform.process import run
from showfloor.session.config import Config
from showfloor.session.migrate import MIGRATIONS
from showfloor.session.service import serve

if __name__ == "__main__":
    run(serve, MIGRATIONS.service, Config)
