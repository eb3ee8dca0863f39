"""ImportService: files with past sessions or products, as jobs."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, TypeVar
from uuid import UUID

import msgspec

from showfloor.access import resources
from showfloor.api.session.v1 import import_service_pb2 as pb
from showfloor.kernel import text as rule
from showfloor.kernel.ids import derive_id
from showfloor.kernel.refusal import Refusal, RefusalKind, invalid
from showfloor.rpc import checks, cursors
from showfloor.rpc.caller import current
from showfloor.rpc.fields import stamp
from showfloor.service.allowing import allow, may, shop_for
from showfloor.session.imports.domain import refusals
from showfloor.session.imports.edges.model import MAX_FILE, Change, Job, Kind, Problem, Upload
from showfloor.session.imports.edges.runner import Imports
from showfloor.tabular.product_files import mapping_of

MAX_HOSTS = 10_000
MAX_MAPPED = 40  # columns that a request maps
PAGE, MAX_PAGE = 200, 1_000
HISTORY = "ImportHistory"  # what an import of past sessions needs beside the right to its RPC
T = TypeVar("T", Problem, Change)

_KINDS: dict[int, Kind] = {pb.IMPORT_KIND_CATALOGUE: "catalogue", pb.IMPORT_KIND_HISTORY: "history"}
_KIND_NUMBERS = {word: number for number, word in _KINDS.items()}


class _After(msgspec.Struct, frozen=True):
    """The last entry of a page."""

    nr: int


class ImportCalls:
    """One method per RPC. The protos' comments say what each does and refuses."""

    def __init__(self, imports: Imports) -> None:
        self._imports = imports

    async def CreateImport(self, request: pb.CreateImportRequest, _: Any) -> pb.CreateImportResponse:
        request_id = checks.request_id(request.request_id)
        shop = await shop_for(request.shop_id)
        if (kind := _KINDS.get(request.kind)) is None:
            raise invalid("kind", "must be catalogue or history")
        await _may(kind, shop.shop_id)
        upload = Upload(
            kind=kind,
            file_name=checks.line("file_name", request.file_name, 1, 200),
            sheet=checks.line("sheet", request.sheet, 0, 100),
            content=request.content,
            mapping=_mapping(request.mapping, kind),
        )
        if len(request.content) > MAX_FILE:
            text = f"A file may have {MAX_FILE // 2**20} MiB: split it."
            raise Refusal(RefusalKind.LIMIT, "TOO_LARGE", text, {"limit": str(MAX_FILE), "field": "content"})
        if not request.content:
            raise invalid("content", "is empty: send the file as the body")
        job_id = derive_id(shop.shop_id, "import_job", request_id)
        sender = current().actor.subject
        job = await self._imports.create(job_id, shop, upload, _hosts(request.hosts), sender)
        return pb.CreateImportResponse(**{"import": _message(job)})

    async def GetImport(self, request: pb.GetImportRequest, _: Any) -> pb.GetImportResponse:
        return pb.GetImportResponse(**{"import": _message(await self._job(request.import_id))})

    async def ListImports(self, request: pb.ListImportsRequest, _: Any) -> pb.ListImportsResponse:
        shop = await shop_for(request.shop_id)
        return pb.ListImportsResponse(imports=map(_message, await self._imports.jobs.of_shop(shop.shop_id)))

    async def ListImportProblems(self, request: pb.ListImportProblemsRequest, _: Any) -> pb.ListImportProblemsResponse:
        found, token = await self._page(request, "problem", Problem)
        return pb.ListImportProblemsResponse(problems=map(_problem, found), next_page_token=token)

    async def ListImportChanges(self, request: pb.ListImportChangesRequest, _: Any) -> pb.ListImportChangesResponse:
        found, token = await self._page(request, "change", Change)
        return pb.ListImportChangesResponse(changes=map(_change, found), next_page_token=token)

    async def ApplyImport(self, request: pb.ApplyImportRequest, _: Any) -> pb.ApplyImportResponse:
        request_id = checks.request_id(request.request_id)
        job = await self._job(request.import_id)
        await _may(job.kind, job.shop_id)
        hosts, meta = _hosts(request.hosts), current().meta(request_id)
        done = await self._imports.apply(job, hosts, meta, correct=request.correct)
        return pb.ApplyImportResponse(**{"import": _message(done)})

    async def DiscardImport(self, request: pb.DiscardImportRequest, _: Any) -> pb.DiscardImportResponse:
        checks.request_id(request.request_id)
        job = await self._job(request.import_id)
        return pb.DiscardImportResponse(**{"import": _message(await self._imports.discard(job))})

    async def _job(self, import_id: str) -> Job:
        """Return an import if the caller may do the current RPC to it. Raises IMPORT_NOT_FOUND, PERMISSION."""
        key = checks.uuid("import_id", import_id)
        job = await self._imports.get(key)
        missing = refusals.import_not_found(key)
        if job is None:
            raise missing
        await allow(resources.Shop(id=str(job.shop_id)), missing)
        return job

    async def _page(self, request: Any, kind: str, of: type[T]) -> tuple[list[T], str]:
        size = checks.page_size(request.page_size, PAGE, MAX_PAGE)
        job = await self._job(request.import_id)
        filters = cursors.filters_of(request, "page_size", "page_token")
        after = cursors.decode(request.page_token, _After, filters)
        found = await self._imports.jobs.entries(job.import_id, kind, of, after.nr if after else 0, size + 1)
        token = cursors.encode(_After(found[size - 1][0]), filters) if len(found) > size else ""
        return [one for _, one in found[:size]], token


async def _may(kind: Kind, shop_id: UUID) -> None:
    """Refuse past sessions from whoever may not run the shows of the shop. Raises PERMISSION."""
    if kind == "history":
        await may(resources.Shop(id=str(shop_id)), HISTORY)


def _mapping(said: Sequence[str], kind: Kind) -> tuple[str, ...]:
    checks.count("mapping", said, 0, MAX_MAPPED)
    if said and kind == "history":
        raise invalid("mapping", "is of products alone: past sessions have the columns of docs/formats.md")
    lines = tuple(checks.line(f"mapping[{number}]", one, 1, 300) for number, one in enumerate(said))
    try:
        mapping_of(lines)
    except ValueError as error:
        text = "must be field:column, with a field of docs/formats.md that no earlier one names"
        raise invalid(f"mapping[{error}]", text) from None
    return lines


def _hosts(given: Sequence[pb.ImportHost]) -> dict[str, list[UUID]]:
    checks.count("hosts", given, 0, MAX_HOSTS)
    found: dict[str, list[UUID]] = defaultdict(list)
    for number, host in enumerate(given):
        found[rule.normal(host.name)].append(checks.uuid(f"hosts[{number}].account_id", host.account_id))
    return dict(found)


def _message(job: Job) -> pb.Import:
    report, heading = job.report, job.report.heading
    return pb.Import(
        import_id=str(job.import_id),
        shop_id=str(job.shop_id),
        kind=_KIND_NUMBERS[job.kind],  # type: ignore[arg-type]
        file_name=job.file_name,
        state=pb.ImportState.Value(f"IMPORT_STATE_{job.state.upper()}"),
        rows=report.rows,
        created=report.created,
        unchanged=report.unchanged,
        changed=report.changed,
        problems=report.problems,
        warnings=map(_problem, report.warnings),
        new_hosts=[pb.ImportHost(name=name, account_id=str(account)) for name, account in report.new_hosts],
        create_time=stamp(job.created_at),
        expire_time=stamp(job.expires_at),
        position=job.position,
        detail=job.detail,
        format=pb.ImportFormat.Value(f"IMPORT_FORMAT_{heading.format.upper() or 'UNSPECIFIED'}"),
        columns=[
            pb.ImportColumn(column=column, field=field, sample=sample, left_out=why)
            for column, field, sample, why in heading.columns
        ],
        missing_fields=heading.missing,
    )


def _problem(one: Problem) -> pb.ImportProblem:
    return pb.ImportProblem(line=one.line, column=one.column, value=one.value, problem=one.problem, mend=one.mend)


def _change(one: Change) -> pb.ImportChange:
    variants = (
        pb.ImportedVariant(
            reference=variant.reference,
            name=variant.name,
            change=pb.VariantChange.Value(f"VARIANT_CHANGE_{variant.change.upper()}"),
            values=_values(variant.values),
        )
        for variant in one.variants
    )
    return pb.ImportChange(line=one.line, reference=one.reference, values=_values(one.values), variants=variants)


def _values(values: Iterable[tuple[str, str, str]]) -> Iterable[pb.ImportedValue]:
    return (pb.ImportedValue(name=name, before=before, after=after) for name, before, after in values)
