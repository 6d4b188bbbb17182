"""The clocks: what SYSTEM asks for when nobody else did anything in time.

A row that has one says when in its `wakes_at`; which one is told here, and only here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from earnest.core.contracts import Contract
from earnest.core.milestones.agreeing import LapseContract
from earnest.core.projects.posting import LapseProject
from earnest.core.projects.row import Project

if TYPE_CHECKING:
    from collections.abc import Mapping

    from earnest.core.actions import Action
    from earnest.core.rows import Row

#: In the order in which they are asked for, where two are due at one instant.
CLOCKS: Final[Mapping[type[Row], type[Action[Any]]]] = {
    Contract: LapseContract,
    Project: LapseProject,
}
