"""A demonstration that all tests of a module share, undone behind them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from pytest_django import DjangoDbBlocker

from feedback.demonstration import house
from routing.loading import reference_data_ready
from tests.conftest import put_back


@contextmanager
def demonstrated(blocker: DjangoDbBlocker, wish: house.Wish) -> Iterator[None]:
    """For a fixture of a module that asks for `django_db_setup`."""
    with blocker.unblock():
        if reference_data_ready() != "ok":
            put_back()
        with transaction.atomic():
            house.make(wish)
            yield
            transaction.set_rollback(True)
