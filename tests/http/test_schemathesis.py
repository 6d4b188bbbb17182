"""Schemathesis asks everything that the document allows, and much that it does not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from tests.http.documented import Served, ask, serving

from earnest.http.openapi import document

schema = schemathesis.openapi.from_dict(document())
#: Every value of every enumeration, currencies among them, takes minutes: `test_every_value.py`.
schema.config.phases.coverage.enabled = False


@pytest.fixture(scope="module")
def served(server_dsn: str, template: str) -> Iterator[Served]:
    with serving(server_dsn, template) as found:
        yield found


@schema.parametrize()
@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
def test_the_document_is_true(case: Any, served: Served) -> None:
    ask(case, served)
