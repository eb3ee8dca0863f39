"""The wiring of HTTP: makes what the routes work with, and closes it with the gateway."""

from showfloor.eventstore.lease import SignOfLife
from showfloor.gateway.access.wiring import Access
from showfloor.gateway.config import Config
from showfloor.gateway.http.clients import Clients
from showfloor.gateway.http.gateway import Gateway, Signals
from showfloor.gateway.http.idempotency import Idempotency
from showfloor.gateway.sweeping import sweeping
from showfloor.service.builder import Builder


def open_clients(base: Builder, config: Config) -> Clients:
    """Return the channels to the services, each at the address that the settings name."""
    clients = Clients(config.addresses)
    base.closing(clients.close)
    return clients


def open_gateway(base: Builder, config: Config, access: Access, clients: Clients, signals: Signals) -> Gateway:
    """Return what the routes work with."""
    life = SignOfLife(config.database_url)
    base.background(life.run(), "sign of life")
    members = access.callers.membership
    idempotency = Idempotency(base.database, base.runtime.sealing, life.number, lambda: members.position)
    base.background(sweeping("requests with a key", idempotency.sweep), "sweep requests")
    base.background(sweeping("used ID tokens", access.used_tokens.sweep), "sweep ID tokens")
    base.background(sweeping("sign-ins", access.sign_ins.sweep), "sweep sign-ins")
    return Gateway(config, base.clock, base.runtime, access, clients, idempotency, signals, base.uses)
