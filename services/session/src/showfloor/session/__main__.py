"""`python -m showfloor.session`: the session service as a process."""

from showfloor.service.process import main
from showfloor.session.config import Config
from showfloor.session.service import MIGRATIONS, running

if __name__ == "__main__":
    main(running, MIGRATIONS, Config)
