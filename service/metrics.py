"""What is counted and timed, for Prometheus. An application has a registry of its own, so several may share a process.

Labels come from closed sets: templates of routes, codes, cities and verdicts; never an address, a plate or a value.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, time, timedelta
from time import perf_counter

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest
from prometheus_client.metrics_core import Metric

from service.decision_log import LogUnavailable
from service.snapshot import Snapshot
from service.version import VERSION

_OF_A_REQUEST = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
_OF_LAG = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
_OF_KEEPING = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0)
"""Upper bounds in seconds."""


class _Registry(CollectorRegistry):
    """Without the moments at which series began, which double their number: the library drops them for all or none."""

    def collect(self) -> Iterator[Metric]:
        for metric in super().collect():
            metric.samples = [each for each in metric.samples if not each.name.endswith("_created")]
            yield metric


class Metrics:
    """The metrics of one application over one snapshot; their names are in docs/operations.md."""

    def __init__(self, snapshot: Snapshot) -> None:
        registry = self._registry = _Registry()
        ProcessCollector(registry=registry)
        self._requests = Counter(
            "tongxing_http_requests",
            "Requests answered, by route and class of status",
            ("method", "route", "status"),
            registry=registry,
        )
        self._durations = Histogram(
            "tongxing_http_request_duration_seconds",
            "From the head of a request to the end of its answer",
            ("route",),
            buckets=_OF_A_REQUEST,
            registry=registry,
        )
        self._in_flight = Gauge("tongxing_http_requests_in_flight", "Requests being answered", registry=registry)
        self._decisions = Counter(
            "tongxing_decisions",
            "Questions decided and kept; illustrative where a notice that is no law changed the verdict",
            ("city", "verdict", "illustrative"),
            registry=registry,
        )
        self._refusals = Counter(
            "tongxing_refusals", "Faults for which requests were refused", ("code",), registry=registry
        )
        self._kept = Histogram(
            "tongxing_log_keep_duration_seconds",
            "Time to keep a decision durably",
            buckets=_OF_KEEPING,
            registry=registry,
        )
        self._not_kept = Counter("tongxing_log_keep_failures", "Decisions that could not be kept", registry=registry)
        self._lag = Histogram(
            "tongxing_event_loop_lag_seconds",
            "How late the loop was at what it should do ten times a second",
            buckets=_OF_LAG,
            registry=registry,
        )
        _describe(snapshot, registry)

    @contextmanager
    def in_flight(self) -> Iterator[None]:
        with self._in_flight.track_inprogress():
            yield

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """One request, with a method of a closed set and its route's template."""
        self._requests.labels(method, route, f"{status // 100}xx").inc()
        self._durations.labels(route).observe(seconds)

    def decided(self, city: str | None, document: Mapping[str, object]) -> None:
        """One answer, as its document says; `city` None is a place outside all of them."""
        illustrative = "true" if document["illustrative"] else "false"
        self._decisions.labels(city or "none", str(document["verdict"]), illustrative).inc()

    def refused(self, codes: Iterable[str]) -> None:
        """One request refused, with the code of each of its faults."""
        for code in set(codes):
            self._refusals.labels(code).inc()

    @contextmanager
    def keeping(self) -> Iterator[None]:
        """Times what keeps a decision, and counts it if it cannot."""
        began = perf_counter()
        try:
            yield
        except LogUnavailable:
            self._not_kept.inc()
            raise
        finally:
            self._kept.observe(perf_counter() - began)

    def lagged(self, seconds: float) -> None:
        """The loop came to its regular work so much later than it should have."""
        self._lag.observe(seconds)

    def written(self) -> bytes:
        """All of them, in the text format 0.0.4 of Prometheus."""
        return generate_latest(self._registry)


def _describe(snapshot: Snapshot, registry: CollectorRegistry) -> None:
    """What stays as it is while the application lives."""
    build = Gauge("tongxing_build_info", "The version that answers", ("version",), registry=registry)
    build.labels(VERSION).set(1)
    publications = Gauge(
        "tongxing_publication_info", "What is published of a city", ("city", "digest"), registry=registry
    )
    for city, publication in snapshot.publications.items():
        publications.labels(city, publication.digest).set(1)
    calendar = snapshot.calendar
    covered = Gauge(
        "tongxing_calendar_covered_until_timestamp_seconds",
        "The end, by UTC, of the last day that the calendar knows",
        ("version",),
        registry=registry,
    )
    last = datetime.combine(calendar.covered_until, time.min, UTC)
    covered.labels(calendar.version).set((last + timedelta(days=1)).timestamp())
