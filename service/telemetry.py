"""OpenTelemetry: the spans that FastAPI makes of requests, without a word of what was asked.

FastAPI writes the address, the query string and the Host header into its spans. Of all attributes only those pass here
that are named in `_PASSING`; whoever gives a provider need not know that. FastAPI's metrics and log records are off:
/metrics and our own log say the same, and its log records hold the messages of exceptions.
"""

from collections.abc import MutableMapping, Sequence
from contextlib import AbstractContextManager
from typing import Any

from fastapi.telemetry import TelemetryConfig
from opentelemetry.context import Context
from opentelemetry.trace import Link, Span, SpanKind, Tracer, TracerProvider
from opentelemetry.util.types import Attributes

from service.version import VERSION

_PASSING = frozenset(
    {
        *("http.request.method", "http.response.status_code", "http.route", "error.type"),
        *("url.scheme", "network.protocol.version", "code.function.name"),
    }
)
_NOT_TRACED = frozenset({"/healthz", "/readyz", "/metrics"})
"""Asked every few seconds by machines, and never of interest."""


class NoTelemetry(Exception):
    """What spans need is not installed."""


def telemetry_of(traces: TracerProvider | None) -> TelemetryConfig:
    """FastAPI's configuration for spans to a provider; None is no telemetry at all."""
    config: TelemetryConfig = {"tracing": False, "metrics": False, "logs": False, "auto_configure": False}
    if traces is not None:
        config |= {"tracing": True, "tracer_provider": _Discreet(traces), "exclude": _not_traced}
    return config


def spans_to_collector() -> TracerProvider:
    """A provider that sends spans by OTLP over HTTP to where OTEL_EXPORTER_OTLP_ENDPOINT says; NoTelemetry without one.

    The extra `telemetry` of the project installs what it needs. Spans leave in the background; a collector that cannot
    be reached costs no request anything.
    """
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk import trace as sdk
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError as error:
        raise NoTelemetry(f"{error.name} is not installed") from error
    resource = Resource.create({"service.name": "tongxing", "service.version": VERSION})
    provider = sdk.TracerProvider(resource=resource)
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    return provider


def _not_traced(scope: MutableMapping[str, Any]) -> bool:
    return scope.get("path") in _NOT_TRACED


class _Discreet(TracerProvider):
    """A provider whose spans carry only attributes that are named in `_PASSING`."""

    def __init__(self, inner: TracerProvider) -> None:
        self._inner = inner

    def get_tracer(
        self,
        instrumenting_module_name: str,
        instrumenting_library_version: str | None = None,
        schema_url: str | None = None,
        attributes: Attributes = None,
    ) -> Tracer:
        inner = self._inner.get_tracer(instrumenting_module_name, instrumenting_library_version, schema_url, attributes)
        return _DiscreetTracer(inner)


class _DiscreetTracer(Tracer):
    def __init__(self, inner: Tracer) -> None:
        self._inner = inner

    def start_span(
        self,
        name: str,
        context: Context | None = None,
        kind: SpanKind = SpanKind.INTERNAL,
        attributes: Attributes = None,
        links: Sequence[Link] | None = None,
        start_time: int | None = None,
        record_exception: bool = True,
        set_status_on_exception: bool = True,
    ) -> Span:
        # An exception's message may hold what was asked: it is recorded nowhere.
        return self._inner.start_span(name, context, kind, _passing(attributes), links, start_time, False, False)

    def start_as_current_span(  # type: ignore[override]
        self,
        name: str,
        context: Context | None = None,
        kind: SpanKind = SpanKind.INTERNAL,
        attributes: Attributes = None,
        links: Sequence[Link] | None = None,
        start_time: int | None = None,
        record_exception: bool = True,
        set_status_on_exception: bool = True,
        end_on_exit: bool = True,
    ) -> AbstractContextManager[Span]:
        return self._inner.start_as_current_span(
            name, context, kind, _passing(attributes), links, start_time, False, False, end_on_exit
        )


def _passing(attributes: Attributes) -> Attributes:
    return {key: value for key, value in (attributes or {}).items() if key in _PASSING}
