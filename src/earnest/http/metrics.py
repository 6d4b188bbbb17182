"""Figures for Prometheus: what was asked of this process, and what its batcher did."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.exposition import generate_latest
from prometheus_client.registry import Collector
from starlette.responses import Response

from earnest.batcher import UnavailableError
from earnest.http import asking
from earnest.store import deliveries, restores
from earnest.store.reads import lookups

if TYPE_CHECKING:
    from collections.abc import Iterable

    from prometheus_client.metrics_core import Metric
    from starlette.requests import Request

    from earnest.app import App


#: What is done about a dispute is counted as one.
_OF_A_DISPUTE: Final = "/v1/disputes/{id}/"


class _Batches(Collector):
    """What the batcher has counted by itself."""

    def __init__(self, app: App) -> None:
        self._app = app
        #: None while nobody knows.
        self.halted: bool | None = None
        self.paused = False
        self.overdue = 0.0
        self.mails_waiting = self.mails_given_up = 0

    def collect(self) -> Iterable[Metric]:
        batcher = self._app.batcher
        counts = batcher.counts
        for name, text, count in (
            ("earnest_batches", "Batches committed.", counts.batches),
            ("earnest_commands", "Commands in them.", counts.commands),
            ("earnest_retries", "Batches tried again.", counts.retries),
            ("earnest_broken_commands", "Commands that met a bug of ours.", counts.broken),
            ("earnest_refused_system", "Alarms: SYSTEM was refused.", counts.refused_system),
            ("earnest_breaks", "What a gateway said that does not fit.", counts.breaks),
        ):
            yield CounterMetricFamily(name, text, count)
        yield GaugeMetricFamily("earnest_queue_length", "Commands waiting.", batcher.waiting)
        up = self.halted is not None
        yield GaugeMetricFamily("earnest_database_up", "Whether the database answers.", int(up))
        if self.halted is not None:
            text = "Whether the books do not balance and commands wait."
            yield GaugeMetricFamily("earnest_halted", text, int(self.halted))
            text = "Whether no gateway is asked since a restore."
            yield GaugeMetricFamily("earnest_payments_paused", text, int(self.paused))
            text = "How long what is due longest waits for a worker."
            yield GaugeMetricFamily("earnest_overdue_seconds", text, self.overdue)
            text = "Mails that wait for a mail server."
            yield GaugeMetricFamily("earnest_mails_waiting", text, self.mails_waiting)
            text = "Mails that never went out."
            yield GaugeMetricFamily("earnest_mails_given_up", text, self.mails_given_up)


class Metrics:
    """The figures of one process."""

    def __init__(self, app: App) -> None:
        """Count for this application, from nothing."""
        self._app = app
        self._registry = CollectorRegistry()
        self._batches = _Batches(app)
        self._registry.register(self._batches)
        self._requests = Counter(
            "earnest_requests",
            "Requests answered.",
            ("method", "route", "status"),
            registry=self._registry,
        )
        self._seconds = Histogram(
            "earnest_request_seconds",
            "How long they took.",
            ("method", "route"),
            registry=self._registry,
            buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
        )
        self._refused = Counter(
            "earnest_refusals", "Requests refused, by code.", ("code",), registry=self._registry
        )

    def count(self, method: str, route: str, status: int, seconds: float, code: str | None) -> None:
        """One more request."""
        # These figures may be open: that somebody made a sealed offer is nobody else's business.
        if method == "POST" and route.startswith(_OF_A_DISPUTE):
            route = f"{_OF_A_DISPUTE}{{verb}}"
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(method, route).observe(seconds)
        if code is not None:
            self._refused.labels(code).inc()

    async def shown(self, _request: Request) -> Response:
        """Prometheus' own text format."""
        try:
            database = self._app.database
            halt = await asking.looking(self._app, lambda: lookups.halt(database))
            restored = await asking.looking(self._app, lambda: restores.waiting(database))
            overdue = await asking.looking(self._app, lambda: lookups.overdue_seconds(database))
            mails = await asking.looking(self._app, lambda: deliveries.counts(database))
            self._batches.overdue = overdue
            self._batches.mails_waiting = mails.waiting
            self._batches.mails_given_up = mails.given_up
            self._batches.halted = halt is not None
            self._batches.paused = restored is not None
        except UnavailableError:
            self._batches.halted = None
        return Response(generate_latest(self._registry), media_type=CONTENT_TYPE_LATEST)
