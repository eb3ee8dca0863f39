"""From the rows of a file to the steps of a group, with every problem that the API itself would have with them.

The check before and the keeping afterwards both come through here, so no limit stands in two places.
"""

import re
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from showfloor.api.session.v1.import_service_pb2 import PastSession
from showfloor.api.session.v1.product_pb2 import Product as ProductMessage
from showfloor.eventstore.group import Preview, Step
from showfloor.kernel import text
from showfloor.kernel.ids import derive_id
from showfloor.kernel.refusal import Refusal, invalid
from showfloor.service.allowing import AccountHome, ShopHome
from showfloor.session.catalogue.commands import product_step
from showfloor.session.catalogue.domain.product import Product, ProductImported
from showfloor.session.catalogue.domain.product_rules import ImportProduct
from showfloor.session.catalogue.edges import import_rows
from showfloor.session.catalogue.edges.import_rows import Collected
from showfloor.session.imports.commands import session_step
from showfloor.session.imports.domain.import_rules import ImportSession
from showfloor.session.imports.edges.differences import product_differences, told, variant_changes
from showfloor.session.imports.edges.model import MAX_NEW_HOSTS, Change, Line, Parsed, Problem
from showfloor.session.imports.edges.past_sessions import past
from showfloor.session.show.domain.session_events import SessionCorrected
from showfloor.session.show.domain.totals import differences

_OF_VARIANT = re.compile(r"variants\[(\d+)\](?:\.([a-z_]+))?")
BREATH, BREATHS = 0.0002, 64  # seconds of rest after so many rows: this runs in a thread beside the event loop


@dataclass
class Hosts:
    """The accounts of a shop by name. A name that is new gets the account that applying the import makes."""

    shop_id: UUID
    known: Mapping[str, Sequence[UUID]]
    new: dict[str, UUID] = field(default_factory=dict)

    def account(self, name: str) -> UUID | None:
        """Return a host's account; None when several have the name."""
        made = derive_id(self.shop_id, "host", text.normal(name))
        ids = self.known.get(text.normal(name), ())
        if not ids:
            self.new[name] = made
        if len(ids) > 1 and made not in ids:
            return None
        return ids[0] if len(ids) == 1 else made

    def name(self, account_id: str) -> str:
        """Return what an account is called, for a message about it."""
        found = (name for name, ids in self.known.items() if account_id in map(str, ids))
        made = (name for name, made in self.new.items() if str(made) == account_id)
        return next(found, next(made, "another account"))


@dataclass
class Plan:
    """Steps by row, with the line of each; rows that are refused have none."""

    rows: list[ImportSession | ImportProduct] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def steps(self, expected: Sequence[int] = (), *, correct: bool = True) -> list[Step]:
        """Return the steps, each expecting the version that its stream had, if that is known."""
        steps = [_step(row, correct=correct) for row in self.rows]
        if expected:
            steps = [
                Step(step.decider, step.stream, step.rule, step.command, version)
                for step, version in zip(steps, expected, strict=True)
            ]
        return steps


def planned(parsed: Parsed, shop: ShopHome, hosts: Hosts, now: datetime) -> Plan:
    """Check every row as a single call would. Blocking, for some time when the file is long."""
    plan = Plan()
    if parsed.currency != shop.currency:
        column = parsed.columns["gmv" if parsed.kind == "history" else "price"]
        mend = (
            f"import it into a shop that keeps its books in {parsed.currency}, or name the column for {shop.currency}"
        )
        problem = f"is in {parsed.currency}, and the shop keeps its books in {shop.currency}"
        plan.problems.append(Problem(0, column, "", problem, mend))
        return plan
    for number, line in enumerate(parsed.lines, 1):
        tell = Collected()
        row = (_past if parsed.kind == "history" else _product)(parsed, line, shop, hosts, now, tell)
        plan.problems += [_problem(parsed, line, refusal, hosts) for refusal in tell.refusals]
        plan.rows.append(row)
        plan.lines.append(line)
        if number % BREATHS == 0:
            time.sleep(BREATH)
    if len(hosts.new) > MAX_NEW_HOSTS:
        problem = f"names {len(hosts.new)} hosts that have no account; at most {MAX_NEW_HOSTS} may be new"
        mend = "see whether the column is the right one, or import the file in parts"
        plan.problems.append(Problem(0, parsed.columns["host"], "", problem, mend))
    return plan


def refused(parsed: Parsed, plan: Plan, hosts: Hosts, previews: Sequence[Preview]) -> list[Problem]:
    """Return the problems of rows that rules refuse."""
    return [
        _problem(parsed, line, preview.refusal, hosts)
        for line, preview in zip(plan.lines, previews, strict=True)
        if preview.refusal is not None
    ]


def changes(plan: Plan, previews: Sequence[Preview], currency: str) -> Iterator[Change]:
    """Yield what is there with other values."""
    for line, row, preview in zip(plan.lines, plan.rows, previews, strict=True):
        if preview.version and preview.events:
            values = [told(name, old, new, currency) for name, old, new in _differences(preview)]
            yield Change(line.line, _reference(row), values, list(variant_changes(preview, currency)))


def _past(_parsed: Parsed, line: Line, shop: ShopHome, hosts: Hosts, now: datetime, tell: Collected) -> ImportSession:
    message = PastSession.FromString(line.row)
    account = hosts.account(line.host)
    if account is None:
        several = len(hosts.known[text.normal(line.host)])
        tell.refusals.append(invalid("host", f"{several} accounts of this shop have this name"))
    home = AccountHome(account or shop.shop_id, shop.shop_id, shop.currency)
    return past("", message, home, now, tell)


def _product(
    parsed: Parsed, line: Line, shop: ShopHome, _hosts: Hosts, now: datetime, tell: Collected
) -> ImportProduct:
    message = ProductMessage.FromString(line.row)
    product = import_rows.product("", message, shop, now, tell)
    return ImportProduct(product=product, keeps=parsed.keeps, tells_variants=parsed.tells_variants)


def _step(row: ImportSession | ImportProduct, *, correct: bool) -> Step:
    if isinstance(row, ImportSession):
        return session_step(msgspec.structs.replace(row, correct=correct))
    return product_step(row)


def _reference(row: ImportSession | ImportProduct) -> str:
    return row.event.reference if isinstance(row, ImportSession) else row.product.reference


def _differences(preview: Preview) -> Iterator[tuple[str, Any, Any]]:
    (event,) = preview.events
    if isinstance(event, SessionCorrected):
        yield from differences(event.before, event.after)
        return
    assert isinstance(event, ProductImported)
    assert isinstance(preview.before, Product)
    assert preview.before.kept is not None
    yield from product_differences(preview.before.kept, event)


def _problem(parsed: Parsed, line: Line, refusal: Refusal, hosts: Hosts) -> Problem:
    """Put a refusal into the words of the file: its column instead of the field."""
    place = refusal.metadata.get("field", "").lstrip(".")
    field_ = place.partition(".")[0]
    if (found := _OF_VARIANT.match(place)) is not None and int(found[1]) < len(line.variants):
        line = msgspec.structs.replace(line, line=line.variants[int(found[1])])
        field_ = {"reference": "variant_reference", "image_url": "variant_image_url"}.get(found[2], found[2])
    said = refusal.message.removeprefix(f".{place}: ").removeprefix(f"{place}: ")
    match refusal.reason:
        case "REFERENCE_TAKEN":
            host = hosts.name(refusal.metadata["account_id"])
            mend = "correct the host or the reference: one session cannot be two"
            return Problem(
                line.line, parsed.columns["reference"], refusal.metadata["reference"],
                f"is a session of {host}, not of {line.host}", mend,
            )  # fmt: skip
        case "PRODUCT_ARCHIVED":
            mend = "restore the product, or take the line out"
            reference = refusal.metadata["reference"]
            return Problem(line.line, parsed.columns["reference"], reference, "is an archived product", mend)
        case "PRODUCT_HAS_VARIANTS":
            said, mend = "is that of its variants", "give each variant its own, or leave the column out"
            return Problem(line.line, parsed.columns.get(field_, ""), "", said, mend)
        case "INVALID_FIELD" if field_ == "host":
            return Problem(line.line, parsed.columns["host"], line.host, said, "rename the accounts that are not meant")
        case _:
            return Problem(line.line, parsed.columns.get(field_, ""), "", said, "mend this cell")
