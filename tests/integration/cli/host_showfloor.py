"""Hosts Showfloor as it is: `host_showfloor.py FOLDER`. Contracts of other services may be importable."""

from host_dummies import main

from showfloor.cli.services import services

if __name__ == "__main__":
    main(services())
