"""What every test may lean on: reference data of three provinces, loaded once for the whole run."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.management import call_command

from routing.loading import reference_data_ready

# Hà Nội, Đà Nẵng and TP.HCM: complete with communes, agencies, fields, limits and the calendar.
PROVINCES = "01,48,79"


def load_reference_data() -> None:
    call_command("loadrefdata", provinces=PROVINCES, verbosity=0)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    with django_db_blocker.unblock():
        load_reference_data()


@pytest.fixture
def reference_data(request: pytest.FixtureRequest) -> None:
    """For tests with `transaction=True`, whose flush empties the tables for those after them."""
    if "transactional_db" not in request.fixturenames:
        request.getfixturevalue("db")
    if reference_data_ready() != "ok":
        load_reference_data()
