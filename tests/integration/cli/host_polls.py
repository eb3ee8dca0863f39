"""Hosts Showfloor with the example service of `tests/example` beside the others: `host_polls.py FOLDER`."""

from host_dummies import main

from showfloor.cli.services import services
from showfloor.embedded.service import Broker, Service

POLLS = Service("polls", "showfloor.polls", broker=Broker(follows=("session", "gateway")))

if __name__ == "__main__":
    main([*services(), POLLS])
