"""Schemathesis asks for every value of every enumeration too, when there is time.

To list these tests takes ten seconds, for their values are made then: `conftest.py` does so only
for a soak.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from tests.http.documented import EXAMPLES, Served, ask, serving

from earnest.http.openapi import document

schema = schemathesis.openapi.from_dict(document())


@pytest.fixture(scope="module")
def served(server_dsn: str, template: str) -> Iterator[Served]:
    with serving(server_dsn, template) as found:
        yield found


@pytest.mark.soak
@schema.parametrize()
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
def test_the_document_is_true_of_every_value(case: Any, served: Served) -> None:
    ask(case, served)
