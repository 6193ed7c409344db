"""Every row of the table of roles for everybody: what the fast test asks of some in turn."""

from __future__ import annotations

import pytest

from feedback.models import Petition
from tests.test_roles import walk, world

__all__ = ["world"]

pytestmark = pytest.mark.slow


def test_everybody_is_answered_as_the_table_says_at_every_address(world: dict[str, Petition]) -> None:
    assert not walk(world, lambda number, place: True)
