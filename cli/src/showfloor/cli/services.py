"""The services of Showfloor, and what each needs. A new service is one entry in this list."""

from showfloor.embedded.service import WEB, Broker, Place, Port, Service

WEB_PORT = 8080  # tried when no other is wanted


def services(*, web: bool = True, port: int | None = None, demo: bool = False) -> tuple[Service, ...]:
    """Return every service.

    With `web` the API is served, on `port` if one is named; without it no port lets anybody in. For a demo viewers may
    pretend to pay.
    """
    return (
        Service(
            "session",
            "showfloor.session",
            broker=Broker(
                publishes=True, follows=("gateway", "events"), keeps={"SIGNALS": "signals.>"}, tells=("live.>",)
            ),
            environment=lambda _place: {"SHOWFLOOR_TEST_CHECKOUT": "true"} if demo else {},
        ),
        Service("events", "showfloor.events", broker=Broker(publishes=True, follows=("gateway", "session"))),
        Service(
            "gateway",
            "showfloor.gateway",
            broker=Broker(publishes=True, follows=("session",), hears=("live.>",)),
            ports={"web": Port(wanted=port, preferred=WEB_PORT)} if web else {},
            environment=_gateway,
            group=WEB,
        ),
    )


def with_database() -> list[Service]:
    """Return the services that have a database of their own."""
    return [service for service in services() if service.database]


def _gateway(place: Place) -> dict[str, str]:
    """It alone signs internal tokens, lets people in, and knows the key by which operators prove themselves."""
    told = {
        "SHOWFLOOR_SIGNING_KEY_FILE": str(place.folder.signing_key),
        "SHOWFLOOR_OPERATOR_KEY_FILE": str(place.folder.operator_key),
        "SHOWFLOOR_WEB": str("web" in place.ports).lower(),
    }
    if "web" in place.ports:
        told["SHOWFLOOR_WEB_LISTEN"] = place.address("web")
    return told
