"""Checks of the moving parts, as their services describe them: views, relay, subscriptions, fold."""

import asyncio
import time
from collections.abc import Iterator

from showfloor.api.common.v1.operator_service_pb2 import GetStatusResponse, PartStatus
from showfloor.cli import operators
from showfloor.cli.checks.finding import Check, Finding, Patient, broken, good, warning

LAG_MANY = 10_000  # events: some seconds of work
BATCHES_MANY = 1_000  # signal batches
GROWTH_SECONDS = 1.0  # between two looks


def moving_parts(patient: Patient) -> Finding:
    """Every service tells how it is."""
    silent = {name: answer for name, answer in patient.answers.items() if isinstance(answer, str)}
    if silent:
        says = "; ".join(f"{name} does not tell: {why}" for name, why in silent.items())
        return broken(says, ", ".join(silent), f"see `showfloor logs {next(iter(silent))}`")
    return good(f"{', '.join(patient.answers)} tell how they are")


def views(patient: Patient) -> Finding:
    parts = [(service, part) for service, part in _parts(patient) if part.kind in ("view", "deadlines")]
    for service, part in parts:
        if part.state == "failed":
            step = f"mend the cause, then `showfloor rebuild {part.name}`: the others go on meanwhile"
            return broken(f"{part.name} stands still at {part.position}: {part.detail}", f"{service}/{part.name}", step)
        if part.state == "stopped":
            step = "end the cause, as the other checks name it: it goes on by itself then"
            return broken(f"all views stand still at {part.position}: {part.detail}", service, step)
    for service, part in parts:
        if part.lag > LAG_MANY:
            step = f"it catches up by itself; when it does not, see `showfloor logs {service}`"
            return warning(f"{part.name} is {part.lag} events behind", f"{service}/{part.name}", step)
    return good(f"{len(parts)} follow")


def relay(patient: Patient) -> Finding:
    parts = [(service, part) for service, part in _parts(patient) if part.kind == "relay"]
    for service, part in parts:
        place = f"{service}/relay"
        if part.state != "running":
            step = "start NATS; nothing is lost, it goes on from the log" if part.detail else "restart the service"
            return broken(f"it does not publish: {part.detail or part.state}; {part.lag} events wait", place, step)
        if part.lag > LAG_MANY:
            return warning(f"{part.lag} events behind", place, f"see `showfloor logs {service}`")
    return good(f"{len(parts)} publish")


def subscriptions(patient: Patient) -> Finding:
    parts = [(service, part) for service, part in _parts(patient) if part.kind == "subscription"]
    for service, part in parts:
        if part.state in ("failed", "stopped"):
            step = "see that the owner of the events runs; when it is stopped, mend the handler and replay dead letters"
            return broken(f"{part.state}: {part.detail}", f"{service}/{part.name}", step)
    return good(f"{len(parts)} follow")


def membership(patient: Patient) -> Finding:
    """Every service but the gateway asks the directory who may do what."""
    parts = [(service, part) for service, part in _parts(patient) if part.kind == "membership"]
    for service, part in parts:
        if part.state != "running":
            step = "see that the gateway runs and that SHOWFLOOR_GATEWAY_ADDRESS is right: it goes on by itself then"
            return broken(part.detail, f"{service}/{part.name}", step)
    return good(f"the directory is heard by {', '.join(service for service, _ in parts) or 'nobody else'}")


def dead_letters(patient: Patient) -> Finding:
    """Messages that could not be handled wait for a person."""
    addresses = operators.addresses(patient.folder)
    for service, answer in patient.answers.items():
        if isinstance(answer, str):
            continue
        waiting = asyncio.run(operators.dead_letters(patient.folder, addresses[service]))
        if waiting:
            first = waiting[0]
            says = f"{len(waiting)} dead letters, the first since {first.failed_time}: {first.error}"
            step = "mend what the error names, then `showfloor dead-letters --replay`"
            return broken(says, f"{first.subscription} at {first.position} ({first.type})", step)
    return good("none")


def unfolded_signals(patient: Patient) -> Finding:
    parts = [(service, part) for service, part in _parts(patient) if part.kind == "fold"]
    for service, part in parts:
        place, step = f"{service}/{part.name}", f"see `showfloor logs {service}` for `signal page not folded`"
        if part.state != "running":
            return broken(f"{part.state}: {part.detail}", place, step)
        if part.lag > BATCHES_MANY:
            later = _lag_later(patient, service)
            if later >= part.lag:
                return broken(f"waiting batches: {later}, and they do not get fewer", place, step)
            return warning(
                f"waiting batches: {later}, {part.lag - later} fewer than just now", place, "wait; look again"
            )
    return good(f"waiting batches: {sum(part.lag for _, part in parts)}")


def _parts(patient: Patient) -> Iterator[tuple[str, PartStatus]]:
    for service, answer in patient.answers.items():
        if isinstance(answer, GetStatusResponse):
            for part in answer.parts:
                yield service, part


def _lag_later(patient: Patient, service: str) -> int:
    time.sleep(GROWTH_SECONDS)
    answer = Patient(patient.folder).answers[service]
    parts = answer.parts if isinstance(answer, GetStatusResponse) else ()
    return sum(part.lag for part in parts if part.kind == "fold")


WHILE_RUNNING: tuple[Check, ...] = (
    moving_parts,
    views,
    relay,
    subscriptions,
    membership,
    dead_letters,
    unfolded_signals,
)
