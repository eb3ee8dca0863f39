"""Hosts the dummy services and one more: `host_further.py FOLDER`. Its declaration is all that makes it known."""

from host_dummies import SERVICES, main

from showfloor.embedded.service import Port, Service

FURTHER = Service(
    "further",
    "further_service",
    broker=None,
    ports={"hall": Port()},
    environment=lambda place: {"SHOWFLOOR_HALL_LISTEN": place.address("hall"), "SHOWFLOOR_GREETING": "welcome"},
)

if __name__ == "__main__":
    main((*SERVICES, FURTHER))
