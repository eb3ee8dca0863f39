"""Carries imports out: checks a file in the background, applies it as one group, and says what became of it.

The event log is the truth about whether an import was applied: its own event lies in the transaction with its rows.
So a crash, wherever it comes, leaves all of the file or nothing, and whoever asks afterwards learns which.
"""

import asyncio
from collections.abc import Coroutine, Mapping, Sequence
from contextlib import suppress
from typing import Any
from uuid import UUID

import msgspec

from showfloor.eventstore.group import GroupRefused
from showfloor.eventstore.store import Store
from showfloor.kernel.clock import Clock
from showfloor.kernel.event import Meta
from showfloor.kernel.refusal import Refusal, RefusalKind
from showfloor.observability.logging import get_logger
from showfloor.observability.tasks import stop
from showfloor.service.allowing import ShopHome
from showfloor.session.imports.commands import Holders, apply_import, at_home, kept_at
from showfloor.session.imports.domain import refusals
from showfloor.session.imports.domain.import_rules import ApplyImport, ImportSession
from showfloor.session.imports.edges import files, plan
from showfloor.session.imports.edges.jobs import MOST_READY, Jobs
from showfloor.session.imports.edges.model import MAX_PROBLEMS, Heading, Job, Parsed, Problem, Report, State, Upload
from showfloor.session.show.domain.refusals import request_id_reused, too_many
from showfloor.tabular import BadFile
from showfloor.tabular.product_files import Unmapped

AT_ONCE = 2  # files that are checked side by side by one process
MOST_WAITING = 16
MOST_OF_ONE = 2  # of one person's, in whatever shops: else one person keeps everybody's files waiting
ANSWER_S = 6.0  # how long a call waits for the work it began
SWEEP_S = 600.0
_NOT_TOLD: Sequence[State] = ("ready", "applying", "discarded", "failed")  # in which the log may know more
_log = get_logger(__name__)

HostNames = Mapping[str, Sequence[UUID]]


class Imports:
    """The imports of this process. Others may be at the same table: leases keep them apart."""

    def __init__(self, store: Store, jobs: Jobs, holders: Holders, clock: Clock) -> None:
        self._store, self.jobs, self._holders, self._clock = store, jobs, holders, clock
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._tasks: dict[UUID, asyncio.Task[None]] = {}
        self._senders: dict[UUID, tuple[str, UUID]] = {}  # of files that are being checked or wait for it: who, shop
        self._sweeping: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to forget old reports."""
        self._sweeping = asyncio.create_task(self._sweep(), name="import reports")

    async def close(self) -> None:
        """Stop. A check that is broken off is begun again by whoever asks; a group in hand is committed or not."""
        if self._sweeping is not None:
            await stop(self._sweeping)
        for task in list(self._tasks.values()):
            await stop(task)

    async def create(self, job_id: UUID, shop: ShopHome, upload: Upload, hosts: HostNames, sender: str) -> Job:
        """Take a file and check it. Raises REQUEST_ID_REUSED, IMPORT_RUNNING, TOO_MANY, QUEUE_FULL."""
        digest = self.jobs.digest(upload)
        known = await self.jobs.get(job_id)
        if known is None:
            known = await self._add(job_id, shop, upload, digest, hosts, sender)
        if known.digest != digest:
            raise request_id_reused(str(job_id))
        return await self._settled(known)

    async def get(self, job_id: UUID) -> Job | None:
        """Return an import as it is now; one that a crash broke off is looked after first."""
        job = await self.jobs.get(job_id)
        return None if job is None else await self._looked_after(job)

    async def apply(self, job: Job, hosts: HostNames, meta: Meta, *, correct: bool) -> Job:
        """Keep all of a file or nothing.

        Raises IMPORT_RUNNING, IMPORT_WRONG_STATE, IMPORT_STALE, CORRECTION_NEEDED, and what a group raises.
        """
        job = await self._looked_after(job)
        if job.state == "applied":
            return job
        if job.state == "applying" and job.import_id in self._tasks:
            return await self._settled(job)
        if job.state != "ready":
            raise refusals.import_wrong_state(job.import_id, job.state)
        if job.kind == "history" and job.report.changed and not correct:
            raise refusals.correction_needed(job.import_id, job.report.changed)
        if not await self.jobs.take(job.import_id, ["ready"], "applying"):
            raise refusals.import_running(job.import_id)
        refused: list[Refusal] = []
        work = self._apply(job, hosts, meta, refused, correct=correct)
        self._run(job.import_id, "applying", work)
        done = await self._settled(msgspec.structs.replace(job, state="applying"))
        if refused:
            raise refused[0]
        return done

    async def discard(self, job: Job) -> Job:
        """Forget what an import would import. Raises IMPORT_RUNNING, IMPORT_WRONG_STATE."""
        job = await self._looked_after(job)
        if job.state == "applied":
            raise refusals.import_wrong_state(job.import_id, job.state)
        if job.running:
            raise refusals.import_running(job.import_id)
        await self.jobs.end(job.import_id, ["ready", "refused", "failed"], "discarded")
        return await self.jobs.get(job.import_id) or job

    async def _add(
        self, job_id: UUID, shop: ShopHome, upload: Upload, digest: bytes, hosts: HostNames, sender: str
    ) -> Job:
        if len(self._tasks.keys() | self._senders.keys()) >= MOST_WAITING:
            text = "Too many files wait to be checked: try again later."
            raise Refusal(RefusalKind.LIMIT, "QUEUE_FULL", text, {"retry_after_s": "5"})
        elsewhere = {shop_id for who, shop_id in self._senders.values() if who == sender} - {shop.shop_id}
        if len(elsewhere) >= MOST_OF_ONE:
            text = f"{MOST_OF_ONE} of your files are being checked: wait for one of them."
            raise Refusal(RefusalKind.LIMIT, "QUEUE_FULL", text, {"retry_after_s": "5"})
        self._senders[job_id] = (sender, shop.shop_id)  # at once: many who ask at the same time are counted, too
        try:
            return await self._added(job_id, shop, upload, digest, hosts)
        finally:
            if job_id not in self._tasks:
                self._senders.pop(job_id, None)

    async def _added(self, job_id: UUID, shop: ShopHome, upload: Upload, digest: bytes, hosts: HostNames) -> Job:
        if (other := await self.jobs.running(shop.shop_id)) is not None and (await self._looked_after(other)).running:
            raise refusals.import_running(other.import_id)
        if await self.jobs.ready(shop.shop_id) >= MOST_READY:
            raise too_many("checked imports", MOST_READY)
        job = await self.jobs.add(job_id, shop, upload, digest, hosts)
        if job is None:  # somebody was quicker
            if (same := await self.jobs.get(job_id)) is not None:
                return same
            other = await self.jobs.running(shop.shop_id)
            raise refusals.import_running(other.import_id if other else job_id)
        self._run(job_id, "checking", self._check(job))
        return job

    async def _looked_after(self, job: Job) -> Job:
        """Return an import as the log and the leases have it."""
        if job.state in _NOT_TOLD and (position := await kept_at(self._store, job.import_id)):
            await self.jobs.end(job.import_id, _NOT_TOLD, "applied", position=position)
            return await self.jobs.get(job.import_id) or job
        if job.held or not job.running or job.import_id in self._tasks:
            return job
        if job.state == "checking" and await self.jobs.take(job.import_id, ["checking"], "checking"):
            self._run(job.import_id, "checking", self._check(job))
        elif job.state == "applying":
            _, parsed, _ = await self.jobs.inside(job.import_id)
            detail = "An attempt to apply it was broken off: nothing of it was kept. Apply it again."
            if await self.jobs.take(job.import_id, ["applying"], "applying"):
                await self.jobs.end(job.import_id, ["applying"], "ready", parsed=parsed, detail=detail)
        return await self.jobs.get(job.import_id) or job

    async def _settled(self, job: Job) -> Job:
        """Wait for the work on an import, but not for ever."""
        task = self._tasks.get(job.import_id)
        if task is not None:
            await asyncio.wait((task,), timeout=ANSWER_S)
        return await self.get(job.import_id) or job

    def _run(self, job_id: UUID, state: State, work: Coroutine[Any, Any, None]) -> None:
        async def held() -> None:
            holding = asyncio.create_task(self._hold(job_id, state))
            try:
                await work
            except Exception as error:
                _log.exception("import failed", import_id=str(job_id), state=state, error=type(error).__name__)
                with suppress(Refusal):  # the database is away: the lease ends, and whoever asks looks after it
                    await self._failed(job_id, state)
            finally:
                holding.cancel()
                self._tasks.pop(job_id, None)
                self._senders.pop(job_id, None)

        self._tasks[job_id] = asyncio.create_task(held(), name=f"import {state}")

    async def _hold(self, job_id: UUID, state: State) -> None:
        while True:
            await asyncio.sleep(self.jobs.lease.total_seconds() / 3)
            try:
                await self.jobs.hold(job_id, state)
            except Refusal:
                _log.info("the lease of an import could not be renewed", import_id=str(job_id))

    async def _failed(self, job_id: UUID, state: State) -> None:
        """Say that something unforeseen happened; what can be done again is left as it was."""
        if state == "checking":
            await self.jobs.end(job_id, ["checking"], "failed", detail="It could not be checked. Send the file again.")
            return
        _, parsed, _ = await self.jobs.inside(job_id)
        detail = "It could not be applied. Nothing of it was kept, unless the state says so: apply it again."
        await self.jobs.end(job_id, ["applying"], "ready", parsed=parsed, detail=detail)

    async def _check(self, job: Job) -> None:
        async with self._slots:
            content, _, hosts = await self.jobs.inside(job.import_id)
            assert content is not None, "kept until it is checked"
            try:
                read = await asyncio.to_thread(files.read, job, content, self._clock())
            except BadFile as error:
                heading = files.heading_of(error.heading) if isinstance(error, Unmapped) else Heading()
                await self._refused(job, [files.unreadable(error)], 1, Report(heading=heading))
                return
            await self._checked(job, ("checking",), read, hosts)

    async def _checked(self, job: Job, states: Sequence[State], read: files.Read, names: HostNames) -> None:
        """Decide what applying would do, and keep what was found."""
        parsed, problems = read.parsed, [*read.problems]
        planned, hosts = await self._plan(job, parsed, names)
        told = {(problem.line, problem.column) for problem in problems}
        # What the reader has said of a cell, the rules need not say again in other words.
        problems += [one for one in planned.problems if (one.line, one.column) not in told]
        bad = {problem.line for problem in problems}
        steps = await asyncio.to_thread(planned.steps)
        previews = await self._store.preview(steps) if steps else []
        problems += [one for one in plan.refused(parsed, planned, hosts, previews) if one.line not in bad]
        report = Report(rows=len(parsed.lines), warnings=read.warnings, heading=read.heading)
        if problems:
            await self._refused(job, sorted(problems, key=lambda one: one.line), len(problems) + read.more, report)
            return
        changes = await asyncio.to_thread(lambda: list(plan.changes(planned, previews, job.currency)))
        created = sum(1 for one in previews if not one.version)
        report = msgspec.structs.replace(
            report,
            rows=len(previews),
            created=created,
            changed=len(changes),
            unchanged=len(previews) - created - len(changes),
            new_hosts=sorted(hosts.new.items()),
        )
        await self.jobs.enter(job.import_id, (), changes)
        ready = msgspec.structs.replace(parsed, expected=[one.version for one in previews])
        await self.jobs.end(job.import_id, states, "ready", report=report, parsed=ready)

    async def _refused(self, job: Job, problems: list[Problem], count: int, report: Report) -> None:
        await self.jobs.enter(job.import_id, problems[:MAX_PROBLEMS], ())
        told = msgspec.structs.replace(report, problems=count)
        await self.jobs.end(job.import_id, ("checking", "applying"), "refused", report=told)

    async def _plan(self, job: Job, parsed: Parsed, names: HostNames) -> tuple[plan.Plan, plan.Hosts]:
        hosts = plan.Hosts(job.shop_id, names)
        shop = ShopHome(job.shop_id, job.currency)
        planned = await asyncio.to_thread(plan.planned, parsed, shop, hosts, self._clock())
        if parsed.kind == "history":
            past = [row for row in planned.rows if isinstance(row, ImportSession)]
            planned.rows = [*await at_home(self._holders, past)]
        return planned, hosts

    async def _apply(self, job: Job, names: HostNames, meta: Meta, refused: list[Refusal], *, correct: bool) -> None:
        _, parsed, _ = await self.jobs.inside(job.import_id)
        assert parsed is not None, "kept while it is ready"
        planned, hosts = await self._plan(job, parsed, names)
        if hosts.new or planned.problems:
            # The accounts are not there, or a name has got another one since.
            refused.append(refusals.import_stale(job.import_id))
            await self._again(job, parsed, names)
            return
        report = job.report
        command = ApplyImport(
            now=self._clock(), import_id=job.import_id, shop_id=job.shop_id, kind=job.kind, created=report.created,
            changed=report.changed, unchanged=report.unchanged,
        )  # fmt: skip
        steps = await asyncio.to_thread(lambda: planned.steps(parsed.expected, correct=correct))
        try:
            position = await apply_import(self._store, steps, command, meta)
        except GroupRefused:
            refused.append(refusals.import_stale(job.import_id))
            await self._again(job, parsed, names)
            return
        except Refusal as no:
            refused.append(no)
            await self.jobs.end(job.import_id, ["applying"], "ready", parsed=parsed, detail=no.message)
            return
        if position is None:  # another process was quicker
            position = await kept_at(self._store, job.import_id)
        await self.jobs.end(job.import_id, ["applying"], "applied", position=position)

    async def _again(self, job: Job, parsed: Parsed, names: HostNames) -> None:
        report = job.report
        again = files.Read(parsed=parsed, problems=[], more=0, warnings=report.warnings, heading=report.heading)
        await self._checked(job, ("applying",), again, names)

    async def _sweep(self) -> None:
        while True:
            try:
                await self.jobs.sweep()
            except Refusal as error:
                _log.info("old reports of imports are still there", error=error.reason)
            await asyncio.sleep(SWEEP_S)
