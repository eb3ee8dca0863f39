"""Sellers' offers as they are now: a product imported a moment ago is found too."""

from collections.abc import Sequence
from uuid import UUID

from showfloor.eventstore.runtime import Runtime
from showfloor.session.catalogue.edges.catalogue_queries import CatalogueOffers
from showfloor.session.catalogue.views.catalogue import VIEW


class CurrentOffers:
    """Answers like CatalogueOffers once its view has read the log up to the moment of the question."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime, self._offers = runtime, CatalogueOffers(runtime.database)

    async def by_link(self, links: Sequence[str]) -> dict[str, UUID]:
        """Return the product that each public link leads to. Raises NOT_YET."""
        await self._catch_up()
        return await self._offers.by_link(links)

    async def by_invite(self, invites: Sequence[str]) -> dict[str, UUID]:
        """Return the product that each collab invite offers. Raises NOT_YET."""
        await self._catch_up()
        return await self._offers.by_invite(invites)

    async def _catch_up(self) -> None:
        await self._runtime.views.wait_for([VIEW.name], await self._runtime.store.last_position())
