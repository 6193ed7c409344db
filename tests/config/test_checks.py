"""What `manage.py check` says of a house that may go on so and should not."""

from __future__ import annotations

from typing import Any

import pytest

from config.checks import home_that_is_none

pytestmark = pytest.mark.django_db


def test_a_home_that_is_no_province_is_named(reference_data: None, settings: Any) -> None:
    assert home_that_is_none(None) == []
    settings.HOME_PROVINCE = "99"
    [told] = home_that_is_none(None)
    assert (told.id, "99" in told.msg) == ("config.W008", True)
