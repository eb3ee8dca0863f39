"""`showfloor nats rebuild`: fill JetStream again from the event logs, while everything runs."""

import asyncio

from cyclopts import App
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from showfloor.api.common.v1.operator_service_pb2 import RebuildStreamResponse
from showfloor.cli import operators
from showfloor.cli.terminal import DEFAULT_FOLDER, Data, console, running_folder
from showfloor.embedded.folder import DataFolder
from showfloor.kernel.refusal import Refusal
from showfloor.platform.startup_error import StartupError

app = App(name="nats", help="Look after JetStream, which holds copies only.")
SAYS = {"folding": "wait for signals", "filling": "publish the log again"}


@app.command
def rebuild(*, data: Data = DEFAULT_FOLDER) -> None:
    """Delete each service's stream of public events and fill it again from its log.

    Nobody has to stop: subscriptions start at the new stream's beginning and skip what they have handled. The signals
    that are stored when it begins are folded first, and their stream is left alone: it is a copy of nothing.
    """
    asyncio.run(_rebuild(running_folder(data)))


async def _rebuild(folder: DataFolder) -> None:
    for service, address in operators.addresses(folder).items():
        status = await operators.status_of(folder, address)
        if not any(part.kind == "relay" for part in status.parts):
            console.print(f"{service}: publishes nothing")
            continue
        try:
            proof = await _filled(folder, service, address)
        except Refusal as refusal:
            raise StartupError(
                refusal.message,
                place=f"{service} ({refusal.reason})",
                next_step="see `showfloor doctor`, then try again",
            ) from refusal
        console.print(f"{service}: {proof.public_events} public events in the log = {proof.published} in the stream")
        if proof.kept < proof.published:
            gone = proof.published - proof.kept
            console.print(f"  its size limit pushed out the oldest {gone}: subscriptions fetch those from the owner")


async def _filled(folder: DataFolder, service: str, address: str) -> RebuildStreamResponse:
    """Show progress until the stream is filled; return the proof."""
    columns = (
        TextColumn("{task.description:<32}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    step = RebuildStreamResponse()
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        bars = {}
        async for step in operators.rebuild_stream(folder, address):
            if step.stage in SAYS:
                if step.stage not in bars:
                    bars[step.stage] = progress.add_task(f"{service}: {SAYS[step.stage]}", total=step.total)
                progress.update(bars[step.stage], completed=step.done, total=step.total)
                waited = step.stage == "folding" and step.done == step.total > 0
                if waited:
                    console.print(f"{service}: {step.total} signal batches were folded first")
    return step
