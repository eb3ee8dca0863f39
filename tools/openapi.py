"""Write docs/openapi.json and the copy that the gateway serves; with `--check`, fail when one is out of date."""

import sys

from showfloor.gateway.api.openapi import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
