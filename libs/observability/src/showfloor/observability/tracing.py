"""Traces with OpenTelemetry. One trace runs from REST through gRPC and NATS to the view.

Until `configure` is called spans cost next to nothing and carry no ids. Spans are per command, page or
batch; never one per signal.
"""

import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import (
    BatchSpanProcessor,
    SimpleSpanProcessor,
    SpanExporter,
    SpanExportResult,
)
from opentelemetry.sdk.trace.sampling import ParentBased, TraceIdRatioBased
from opentelemetry.trace import Span, SpanKind, Tracer
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

TRACEPARENT = "traceparent"
MAX_TRACES = 32  # that get a span of one page of work

_propagator = TraceContextTextMapPropagator()
_tracer: Tracer = trace.NoOpTracer()
_provider: TracerProvider | None = None


def configure(
    service: str,
    otlp_endpoint: str | None = None,
    span_file: Path | None = None,
    sampling: float = 1.0,
) -> None:
    """Turn tracing on for this process. With neither endpoint nor file, spans have ids but go nowhere.

    `otlp_endpoint` is a gRPC collector such as "http://localhost:4317". `span_file` gets every finished
    span as one JSON line. `sampling` is the share of new traces kept, 0 to 1; a caller's choice is followed.
    """
    global _provider, _tracer  # one provider per process is what the SDK is made for
    shutdown()
    provider = TracerProvider(
        resource=Resource.create({"service.name": service}), sampler=ParentBased(TraceIdRatioBased(sampling))
    )
    if otlp_endpoint:
        # Here: it is a third of what a short command would load, and few ask for it.
        from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter

        exporter = OTLPSpanExporter(endpoint=otlp_endpoint, insecure=otlp_endpoint.startswith("http://"))
        provider.add_span_processor(BatchSpanProcessor(exporter))
    if span_file:
        provider.add_span_processor(SimpleSpanProcessor(SpanFile(span_file)))
    _provider, _tracer = provider, provider.get_tracer("showfloor")


def shutdown() -> None:
    """Flush what is waiting and turn tracing off."""
    global _provider, _tracer
    if _provider is not None:
        _provider.shutdown()
    _provider, _tracer = None, trace.NoOpTracer()


@contextmanager
def span(
    name: str,
    traceparent: str | None = None,
    kind: SpanKind = SpanKind.INTERNAL,
    **attributes: str | int | float,
) -> Iterator[Span]:
    """Time a piece of work, in the caller's trace (`traceparent`) or under the current span.

    An exception is recorded by its type alone, because its text may quote a person.
    """
    if _provider is None and not traceparent:
        yield trace.get_current_span()  # there is nothing to time, and no trace to go on with
        return
    parent = context_of(traceparent) if traceparent else None
    with _tracer.start_as_current_span(
        name,
        context=parent,
        kind=kind,
        attributes=attributes,
        record_exception=False,
        set_status_on_exception=False,
    ) as current:
        try:
            yield current
        except BaseException as error:
            _mark(current, error)
            raise


@contextmanager
def page_span(name: str, traceparents: Iterable[str], **attributes: str | int | float) -> Iterator[None]:
    """Time work done for many callers at once: one span in the trace of each, of 32 at most. Lazy: `traceparents` is
    read only when tracing is on."""
    asking = islice(dict.fromkeys(filter(None, traceparents)), MAX_TRACES) if _provider else ()
    spans = [_tracer.start_span(name, context_of(one), attributes=attributes) for one in asking]
    try:
        yield
    except BaseException as error:
        for one in spans:
            _mark(one, error)
        raise
    finally:
        for one in spans:
            one.end()


def _mark(failed: Span, error: BaseException) -> None:
    if failed.is_recording():
        failed.set_attribute("error.type", type(error).__name__)
        failed.set_status(trace.StatusCode.ERROR)


def current_traceparent() -> str:
    """Return the W3C traceparent of the current span, or "" when there is none."""
    carrier: dict[str, str] = {}
    _propagator.inject(carrier)
    return carrier.get(TRACEPARENT, "")


def context_of(traceparent: str) -> Context:
    """Return the context that a traceparent names; a malformed one starts a new trace."""
    return _propagator.extract({TRACEPARENT: traceparent}, context=Context())


def grpc_metadata() -> tuple[tuple[str, str], ...]:
    """Return the current traceparent as gRPC metadata: one pair, or none."""
    current = current_traceparent()
    return ((TRACEPARENT, current),) if current else ()


def extract_metadata(pairs: Iterable[tuple[str, str | bytes]]) -> str | None:
    """Return the traceparent in gRPC metadata or HTTP headers, whatever the case of its name, or None."""
    for key, value in pairs:
        if key.lower() == TRACEPARENT:
            return value if isinstance(value, str) else value.decode("ascii", "replace")
    return None


class SpanFile(SpanExporter):
    """Appends each finished span to a file as one line of JSON. Several processes may share the file."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open("a", encoding="utf-8", buffering=1)
        self._lock = threading.Lock()

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        lines = "".join(span.to_json(indent=None) + "\n" for span in spans)
        with self._lock:
            if self._file.closed:
                return SpanExportResult.FAILURE
            self._file.write(lines)
            self._file.flush()
        return SpanExportResult.SUCCESS

    def shutdown(self) -> None:
        with self._lock:
            self._file.close()
