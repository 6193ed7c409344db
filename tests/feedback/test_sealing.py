"""Who somebody is stands sealed in the database, and only a key that is not in it opens it."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection, transaction

from accounts.models import Role
from feedback import followups
from feedback.models import Contact, Look, Notice, Petition
from feedback.sealing import MARK, seal, unseal
from feedback.steps import take
from tests import make
from tests.pages import at

pytestmark = pytest.mark.django_db

PLANTED: dict[str, Any] = {
    "name": "Phan Thị Kín Tiếng",
    "phone": "0905 777 123",
    "email": "kin.tieng@example.vn",
    "organisation": "Công ty Kín Tiếng",
    "tax_code": "0100109106",
    "residence": "Kiệt 45 đường Trưng Nữ Vương",
}
TRACES = ["Kiệt 45", "Kín Tiếng", "0905777123", "777 123", "kin.tieng", "0100109106"]


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
    kept = (contact.name, contact.email, contact.residence)
    assert kept == (PLANTED["name"], PLANTED["email"], PLANTED["residence"])
    assert {notice.address for notice in Notice.objects.exclude(address="")} == {PLANTED["email"]}


def sealed() -> Petition:
    petition = make.petition("submitted", anew=True, **PLANTED)
    take(petition, "seal", by=make.officer(), kind="denunciation")
    return Petition.objects.get(pk=petition.pk)


@pytest.mark.long
def test_on_no_page_of_the_desk_stands_who_sent_a_sealed_petition() -> None:
    petition = sealed()
    people = [make.officer(), make.focal_point(), make.reviewer(), make.user(Role.AUDITOR)]
    people += [make.user(Role.SUPERVISOR, province="48"), make.user(Role.ADMINISTRATOR, province="48")]
    for person in people:
        for address in (f"/xu-ly/{petition.code}/", "/xu-ly/", "/giam-sat/", "/xu-ly/?xem=tat-ca"):
            page = at(person).get(address).content.decode()
            assert [trace for trace in TRACES if trace in page] == [], (person.post_set.get(), address)


@pytest.mark.long
def test_the_officer_looks_and_each_look_is_kept_before_it_is_shown() -> None:
    petition, officer = sealed(), make.officer()
    officer.first_name = "Trần Thị Đơn Thư"
    officer.save()
    address = f"/xu-ly/{petition.code}/danh-tinh/"
    assert at(officer).get(address).status_code == 405
    page = at(officer).post(address)
    assert PLANTED["name"] in page.content.decode()
    assert PLANTED["residence"] in page.content.decode()
    assert "no-store" in page.headers["Cache-Control"]
    at(officer).post(address)
    assert [look.user for look in Look.objects.at_identity().filter(petition=petition)] == [officer, officer]
    watched = at(make.user(Role.SUPERVISOR, province="48")).get(f"/xu-ly/{petition.code}/").content.decode()
    assert "Đã xem danh tính" in watched
    assert "Trần Thị Đơn Thư" in watched
    assert "Đã xem danh tính" not in at(make.focal_point()).get(f"/xu-ly/{petition.code}/").content.decode()


def test_a_look_that_cannot_be_kept_shows_nothing() -> None:
    petition, client = sealed(), at(make.officer())
    client.raise_request_exception = False
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE feedback_look RENAME TO feedback_look_away")
        answer = client.post(f"/xu-ly/{petition.code}/danh-tinh/")
        transaction.set_rollback(True)
    assert answer.status_code >= 500
    assert PLANTED["name"] not in answer.content.decode()


@pytest.mark.parametrize("role", [Role.FOCAL_POINT, Role.SUPERVISOR, Role.AUDITOR])
def test_nobody_else_may_look(role: Role) -> None:
    petition = sealed()
    answer = at(make.user(role, province="48")).post(f"/xu-ly/{petition.code}/danh-tinh/")
    assert answer.status_code == 403
    assert not Look.objects.at_identity().filter(petition=petition).exists()


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
