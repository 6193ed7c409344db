"""Who looked at what is kept before he sees it, and stays as it was written."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from accounts.models import Role, User
from bench.statements import cost_of
from feedback import access
from feedback.models import Look, Petition
from feedback.permissions import SYSTEM
from feedback.steps import take
from tests import make
from tests.pages import at
from tests.test_stranger import command

pytestmark = pytest.mark.django_db


def sealed(kind: str = "denunciation", **told: Any) -> Petition:
    petition = make.petition("submitted", anew=True, name="Phan Thị Kín Tiếng", **told)
    take(petition, "seal", by=SYSTEM, kind=kind)
    return Petition.objects.get(pk=petition.pk)


def kept() -> list[tuple[Any, ...]]:
    return list(Look.objects.order_by("pk").values_list("user", "petition", "what", "right"))


@pytest.mark.long
def test_each_reader_of_a_petition_is_kept_with_the_right_that_let_him() -> None:
    petition = make.petition("in_progress")
    readers = {
        "lead_handler": make.handler(),
        "focal_point": make.focal_point(),
        "petition_officer": make.officer(),
        "supervisor": make.user(Role.SUPERVISOR, province="48"),
        "auditor": make.user(Role.AUDITOR),
        "reviewer": make.reviewer(),
        "administrator": make.user(Role.ADMINISTRATOR),
    }
    for person in readers.values():
        at(person).get(petition.get_absolute_url())
    assert kept() == [(person.pk, petition.pk, "petition", right) for right, person in readers.items()]
    assert {look.page for look in Look.objects.all()} == {"feedback:petition"}


@pytest.mark.long
def test_who_was_asked_to_help_and_the_superior_who_approves_are_called_so() -> None:
    petition = make.petition("in_progress")
    asked: dict[str, Any] = {"agencies": [make.CONSTRUCTION], "question": "Ai quản lý?", "day": "2099-01-01"}
    take(petition, "coordinate", by=make.handler(), **asked)
    helper = make.handler(make.CONSTRUCTION)
    at(helper).get(petition.get_absolute_url())
    reopened = make.petition("reopened")
    take(reopened, "accept", by=make.handler())
    take(reopened, "draft_reply", by=make.handler(), **make.ANSWER)
    superior = make.approver("provincial-people-committee:48")
    assert at(superior).get(reopened.get_absolute_url()).status_code == 200
    assert kept() == [
        (helper.pk, petition.pk, "petition", "coordinator"),
        (superior.pk, reopened.pk, "petition", "superior"),
    ]


@pytest.mark.long
def test_an_open_petition_is_kept_once_an_hour_and_costs_one_statement() -> None:
    petition, person = make.petition("in_progress"), make.handler()
    client, hour = at(person), timezone.now().replace(minute=10)
    with time_machine.travel(hour, tick=False):
        for _time in range(3):
            client.get(petition.get_absolute_url())
    assert Look.objects.count() == 1
    with time_machine.travel(hour + dt.timedelta(hours=1), tick=False):
        client.get(petition.get_absolute_url())
    assert Look.objects.count() == 2
    fresh = Petition.objects.select_related("lead", "contact").get(pk=petition.pk)  # as its page does
    fresh.excluded_agencies()
    told: dict[str, Any] = {"petition": fresh, "page": "feedback:petition"}
    reader = User.objects.get(pk=person.pk)
    assert reader.posts
    assert cost_of(lambda: access.kept(reader, "petition", **told)).statements == 1


@pytest.mark.long
def test_of_what_is_sealed_every_look_is_kept() -> None:
    petition, officer = sealed(), make.officer()
    file = make.attachment(petition)
    client = at(officer)
    for _time in range(2):
        client.get(petition.get_absolute_url())
        client.post(f"{petition.get_absolute_url()}danh-tinh/")
        client.get(f"/tep/{file.pk}/")
    assert [look.what for look in Look.objects.order_by("pk")] == ["petition", "identity", "file"] * 2
    assert {look.right for look in Look.objects.all()} == {"petition_officer"}
    assert [look.what for look in Look.objects.at_identity().order_by("pk")] == ["identity", "file"] * 2
    assert {look.about for look in Look.objects.filter(what="file")} == {str(file.pk)}


@pytest.mark.long
def test_that_the_senders_name_stood_on_the_page_is_kept() -> None:
    told = make.petition("in_progress", name="Nguyễn Văn Tâm")
    hidden = make.petition("in_progress", name="Nguyễn Văn Tâm", hidden=True)
    client = at(make.handler())
    for petition in (told, hidden):
        client.get(petition.get_absolute_url())
    assert [look.named for look in Look.objects.order_by("pk")] == [True, False]


@pytest.mark.long
def test_files_letters_searches_and_commands_are_kept() -> None:
    petition, operator = make.petition("in_progress", phone="0905123456"), make.user(Role.OPERATOR, "", "48")
    handler, officer = make.handler(), make.officer()
    file = make.attachment(petition)
    at(handler).get(f"/tep/{file.pk}/")
    at(officer).get(f"{petition.get_absolute_url()}van-ban/")
    at(operator).post("/xu-ly/ghi/nguoi-goi/", {"phone": "0905123456"})
    command("petition", petition.code, "--as", handler.username)
    looks = Look.objects.order_by("pk").values_list("user", "petition", "what", "about", "rows", "page")
    assert list(looks) == [
        (handler.pk, petition.pk, "file", str(file.pk), None, "feedback:attachment"),
        (officer.pk, petition.pk, "petition", "", None, "feedback:papers"),
        (operator.pk, None, "search", "", 1, "feedback:caller"),
        (handler.pk, petition.pk, "petition", "", None, "manage.py petition"),
    ]


@pytest.mark.long
def test_whoever_asked_reads_his_own_unseen_and_a_stranger_leaves_no_row() -> None:
    sender = make.user()
    petition = make.petition("answered", petitioner=sender)
    file = make.attachment(petition)
    assert at(sender).get(f"/tep/{file.pk}/").status_code == 200
    assert (
        at(make.handler("commune-people-committee:00367")).get(petition.get_absolute_url()).status_code == 404
    )
    assert kept() == []


@pytest.mark.parametrize(
    "statement", ["UPDATE feedback_look SET user_id = 0", "DELETE FROM feedback_look WHERE id > 0"]
)
def test_no_look_is_changed_or_deleted(statement: str) -> None:
    at(make.handler()).get(make.petition("in_progress").get_absolute_url())
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert Look.objects.count() == 1


@pytest.mark.long
def test_erasing_keeps_who_looked() -> None:
    petition = make.petition("answered")
    at(make.handler()).get(petition.get_absolute_url())
    before = list(Look.objects.values())
    take(petition, "erase", by=make.user(Role.ADMINISTRATOR), rule="on-request")
    assert list(Look.objects.values()) == before


@pytest.fixture
def broken() -> Any:
    """A log that nothing can be written to."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE feedback_look RENAME TO feedback_look_away")
        yield
        transaction.set_rollback(True)


@pytest.mark.long
def test_where_no_row_can_be_written_nothing_sealed_is_shown(broken: Any) -> None:
    petition, client = sealed(), at(make.officer())
    file = make.attachment(petition)
    answers = [client.get(petition.get_absolute_url()), client.get(f"/tep/{file.pk}/")]
    answers.append(client.post(f"{petition.get_absolute_url()}danh-tinh/"))
    assert {answer.status_code for answer in answers} == {503}
    assert not any("Kín Tiếng" in answer.content.decode() for answer in answers)
    assert "bận" in answers[0].content.decode()


def test_an_ordinary_petition_is_shown_all_the_same(broken: Any) -> None:
    assert at(make.handler()).get(make.petition("in_progress").get_absolute_url()).status_code == 200


@pytest.mark.long
def test_an_ordinary_look_that_cannot_be_kept_is_told_by_the_name_that_operators_know(
    caplog: pytest.LogCaptureFixture,
) -> None:
    petition, handler = make.petition("in_progress"), at(make.handler())
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE feedback_look RENAME TO feedback_look_away")
    try:
        assert handler.get(petition.get_absolute_url()).status_code == 200
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE feedback_look_away RENAME TO feedback_look")
    said: list[Any] = [record.msg for record in caplog.records]
    told = [one for one in said if isinstance(one, dict) and one.get("event") == "look_unkept"]
    assert [one["petition"] for one in told] == [petition.pk]
    assert "`look_unkept`" in Path(settings.BASE_DIR, "docs/operating.md").read_text(encoding="utf-8")
