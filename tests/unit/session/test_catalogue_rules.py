"""The catalogue, and what is told of a session's numbers."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest

from showfloor.session.analytics.domain.report import (
    REPORT,
    MinuteSummarised,
    Reading,
    SessionReported,
    SessionRestated,
)
from showfloor.session.analytics.domain.report_rules import Numbers, report_session, restate_session, summarise_minutes
from showfloor.session.catalogue.domain.catalogue_rules import (
    DeleteProductSet,
    SaveProductSet,
    delete_product_set,
    save_product_set,
)
from showfloor.session.catalogue.domain.product import PRODUCT, ProductImported
from showfloor.session.catalogue.domain.product_rules import ImportProduct, import_product
from showfloor.session.catalogue.domain.product_set import PRODUCT_SET, ProductSetDeleted, ProductSetSaved
from showfloor.session.show.domain.session import Session
from showfloor.testing.scenario import given

T0 = datetime(2026, 5, 1, 20, tzinfo=UTC)
SHOP, MUG, POT, SET, S = (UUID(int=n) for n in range(1, 6))


def kept(**more: Any) -> ProductImported:
    known = {
        "title": "Mug",
        "category": "Kitchen",
        "price_minor": 999,
        "currency": "USD",
        "label": "new",
        "at": T0,
        **more,
    }
    return ProductImported(product_id=MUG, shop_id=SHOP, reference="m-1", **known)


class TestProducts:
    @pytest.mark.requirement("R35")
    def test_added_changed_unchanged(self) -> None:
        given(PRODUCT).when(import_product, ImportProduct(product=kept())).then(kept())
        dearer = kept(price_minor=1099)
        given(PRODUCT, kept()).when(import_product, ImportProduct(product=dearer)).then(dearer)
        given(PRODUCT, kept()).when(import_product, ImportProduct(product=kept(at=T0 + timedelta(days=1)))).then()


class TestSets:
    def asked(self, **more: Any) -> SaveProductSet:
        known = {"name": "Best", "product_ids": (MUG, POT), "now": T0, "replaces": False, **more}
        return SaveProductSet(product_set_id=SET, shop_id=SHOP, **known)

    SAVED = ProductSetSaved(at=T0, product_set_id=SET, shop_id=SHOP, name="Best", product_ids=(MUG, POT))

    @pytest.mark.requirement("R31")
    def test_made_and_replaced(self) -> None:
        given(PRODUCT_SET).when(save_product_set, self.asked()).then(self.SAVED)
        (event,) = (
            given(PRODUCT_SET, self.SAVED).when(save_product_set, self.asked(product_ids=(POT,), replaces=True)).events
        )
        assert isinstance(event, ProductSetSaved)
        assert event.product_ids == (POT,)

    def test_again(self) -> None:
        given(PRODUCT_SET, self.SAVED).when(save_product_set, self.asked()).then()

    def test_unknown_products_and_sets(self) -> None:
        given(PRODUCT_SET).when(save_product_set, self.asked(missing=(POT,))).refused("PRODUCT_NOT_FOUND")
        given(PRODUCT_SET).when(save_product_set, self.asked(replaces=True)).refused("PRODUCT_SET_NOT_FOUND")
        foreign = ProductSetSaved(at=T0, product_set_id=SET, shop_id=MUG, name="Best", product_ids=(MUG,))
        given(PRODUCT_SET, foreign).when(save_product_set, self.asked(replaces=True)).refused("PRODUCT_SET_NOT_FOUND")

    def test_deleted_once_and_by_its_shop_alone(self) -> None:
        gone = ProductSetDeleted(at=T0, product_set_id=SET, shop_id=SHOP)
        command = DeleteProductSet(product_set_id=SET, shop_id=SHOP, now=T0)
        given(PRODUCT_SET, self.SAVED).when(delete_product_set, command).then(gone)
        given(PRODUCT_SET, self.SAVED, gone).when(delete_product_set, command).then()
        foreign = msgspec.structs.replace(command, shop_id=MUG)
        for events in ((), (self.SAVED,), (self.SAVED, gone)):
            given(PRODUCT_SET, *events).when(delete_product_set, foreign).refused("PRODUCT_SET_NOT_FOUND")
        again = self.asked(replaces=True)
        given(PRODUCT_SET, self.SAVED, gone).when(save_product_set, again).refused("PRODUCT_SET_NOT_FOUND")


class TestReports:
    ENDED = Session(session_id=S, status="ended")
    READINGS = (Reading("gmv", 12.0, currency="USD"), Reading("ctr", missing="no_denominator"))

    def minute(self, number: int) -> MinuteSummarised:
        at = T0 + timedelta(minutes=number)
        return MinuteSummarised(at=T0, session_id=S, minute=at, readings=self.READINGS)

    def numbers(self, *minutes: int, session: Session = ENDED) -> Numbers:
        told = tuple((T0 + timedelta(minutes=number), self.READINGS) for number in minutes)
        return Numbers(session=session, now=T0, readings=self.READINGS, minutes=told)

    def test_each_minute_once(self) -> None:
        given(REPORT).when(summarise_minutes, self.numbers(0, 1)).then(self.minute(0), self.minute(1))
        given(REPORT, self.minute(0)).when(summarise_minutes, self.numbers(0, 1)).then(self.minute(1))

    def test_the_final_report_once(self) -> None:
        final = SessionReported(
            at=T0, session_id=S, account_id=UUID(int=0), shop_id=UUID(int=0), readings=self.READINGS, simulated=False
        )
        given(REPORT).when(report_session, self.numbers(0)).then(self.minute(0), final)
        given(REPORT, final).when(report_session, self.numbers(1)).then()
        given(REPORT, final).when(summarise_minutes, self.numbers(1)).then()

    def test_what_is_told_later_restates_it_and_nothing_before_it(self) -> None:
        ended = msgspec.structs.replace(self.ENDED, started_at=T0, currency="USD")
        first = SessionReported(
            at=T0, session_id=S, account_id=UUID(int=0), shop_id=UUID(int=0), readings=self.READINGS, simulated=False
        )
        now = (Reading("gmv", 20.0, currency="USD"),)
        asked = msgspec.structs.replace(self.numbers(session=ended), readings=now, simulated=True)
        given(REPORT).when(restate_session, asked).then()
        (second,) = given(REPORT, first).when(restate_session, asked).events
        assert isinstance(second, SessionRestated)
        assert (second.revision, second.before, second.readings, second.changed) == (1, self.READINGS, now, True)
        assert (second.simulated_before, second.simulated) == (False, True)
        (third,) = given(REPORT, first, second).when(restate_session, asked).events
        assert isinstance(third, SessionRestated)
        assert (third.revision, third.changed) == (2, False)
        gone = msgspec.structs.replace(asked, session=msgspec.structs.replace(ended, details="expired"), readings=())
        (kept,) = given(REPORT, first, second).when(restate_session, gone).events
        assert isinstance(kept, SessionRestated)
        assert (kept.readings, kept.changed) == (now, False)

    def test_not_while_it_runs(self) -> None:
        given(REPORT).when(report_session, self.numbers(session=Session(session_id=S, status="live"))).then()
