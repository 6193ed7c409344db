"""Who somebody is stands sealed in the database, and only a key that is not in it opens it."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from feedback import followups
from feedback.models import Contact, Notice
from feedback.sealing import MARK, seal, unseal
from feedback.steps import take
from tests import make

pytestmark = pytest.mark.django_db

PLANTED: dict[str, Any] = {
    "name": "Phan Thị Kín Tiếng",
    "phone": "0905 777 123",
    "email": "kin.tieng@example.vn",
    "organisation": "Công ty Kín Tiếng",
    "tax_code": "0100109106",
}
TRACES = ["Kín Tiếng", "0905777123", "777 123", "kin.tieng", "0100109106"]


def everything_in_the_database() -> str:
    """Each column of each row of each table, as it stands there."""
    held = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if not table.startswith("routing_"):
                cursor.execute(f'SELECT * FROM "{table}"')
                held += [str(value) for row in cursor.fetchall() for value in row]
    return "\n".join(held)


def test_no_table_holds_a_planted_name_telephone_or_address(settings: Any) -> None:
    settings.EMAIL_URL = "smtp://127.0.0.1:1"
    petition = make.petition("submitted", anew=True, **PLANTED)
    take(petition, "seal", by=make.officer(), kind="denunciation")
    followups.catch_up(outside=False)
    assert Notice.objects.exclude(address="").exists()
    held = everything_in_the_database()
    assert petition.code in held
    assert [trace for trace in TRACES if trace in held] == []
    contact = Contact.objects.get(petition=petition)
    assert (contact.name, contact.email) == (PLANTED["name"], PLANTED["email"])
    assert {notice.address for notice in Notice.objects.exclude(address="")} == {PLANTED["email"]}


def test_the_same_is_another_every_time_and_opens_in_its_own_column_alone() -> None:
    once, again = (seal("Phan Thị Kín", "contact.name") for _time in range(2))
    assert once != again
    assert once.startswith(MARK)
    assert unseal(once, "contact.name") == "Phan Thị Kín"
    assert unseal(once, "contact.phone") == ""
    assert unseal(once[:-6] + "AAAAAA", "contact.name") == ""
    assert unseal(f"{MARK}?", "contact.name") == ""


def test_another_houses_key_opens_nothing(settings: Any) -> None:
    kept = seal("Phan Thị Kín", "contact.name")
    settings.IDENTITY_KEY = "0" * 64
    assert unseal(kept, "contact.name") == ""


def test_what_is_empty_stays_empty_and_what_is_old_is_read() -> None:
    assert seal("", "contact.name") == ""
    assert unseal("", "contact.name") == ""
    assert unseal("Phan Thị Kín", "contact.name") == "Phan Thị Kín"
