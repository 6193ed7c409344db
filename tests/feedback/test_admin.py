"""What an administrator sees of the petitions' outbox."""

from __future__ import annotations

import pytest
from django.contrib import admin
from django.contrib.admin.utils import flatten
from django.db.models import Model
from django.test import Client

from accounts.models import Post, Role, User
from feedback import audit
from feedback.admin import DutyFilter
from feedback.followups import catch_up
from feedback.models import Look, Notice, Petition
from tests import make
from tests.pages import as_sent, at, words

pytestmark = pytest.mark.django_db


def at_a_letter() -> tuple[Client, Notice]:
    """An administrator at his desk, and a letter about a petition."""
    administrator = User.objects.create(username="quantri", is_staff=True, is_superuser=True)
    Post.objects.create(user=administrator, role=Role.ADMINISTRATOR)
    desk = Client()
    desk.force_login(administrator)
    petition = make.petition("in_progress")
    catch_up()
    return desk, Notice.objects.filter(step__petition=petition).earliest("pk")


@pytest.mark.long
def test_the_outbox_shows_no_letter_about_what_is_sealed() -> None:
    desk, letter = at_a_letter()
    petition = letter.step.petition
    address = f"/quan-tri/feedback/notice/{letter.pk}/change/"
    assert desk.get(address).status_code == 200
    Petition.objects.filter(pk=petition.pk).update(sealed=True)
    assert desk.get(address).status_code == 302  # to the list, as for one that does not exist
    assert petition.code not in desk.get("/quan-tri/feedback/notice/").content.decode()


@pytest.mark.long
def test_a_letter_read_in_the_administration_is_a_look_that_is_kept() -> None:
    desk, letter = at_a_letter()
    petition = letter.step.petition
    desk.get("/quan-tri/feedback/notice/")
    assert not Look.objects.exists()
    desk.get(f"/quan-tri/feedback/notice/{letter.pk}/change/")
    look = Look.objects.get()
    assert (look.petition, look.user.username, look.right) == (petition, "quantri", "administrator")
    assert (look.what, look.about) == (Look.What.PETITION, f"letter-{letter.pk}")
    assert audit.line(look).page == "thư đã soạn"


OURS = [
    model for model in admin.site._registry if model._meta.app_label in ("accounts", "feedback", "routing")
]


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_every_column_that_an_administrator_sees_has_a_vietnamese_name(model: type[Model]) -> None:
    seen = admin.site._registry[model]
    shown = set(flatten([*seen.list_display, *(seen.fields or ())]))
    columns = [field for field in model._meta.concrete_fields if field.name in shown]
    assert [field.name for field in columns if field.verbose_name == field.name.replace("_", " ")] == []
    assert str(model._meta.verbose_name) != model.__name__.lower()


def test_a_duty_that_gave_up_is_named_in_words() -> None:
    told = DutyFilter.lookups(None, None, None)  # type: ignore[arg-type]  # asks nothing of them
    assert [name for name, said in told if name == said] == []


def saved(person: User, **changes: str | None) -> str:
    """The page of a person saved as it stands but for these, and what the administrator reads after it."""
    administrator = User.objects.create(username="quantri", is_staff=True, is_superuser=True)
    desk, address = at(administrator), f"/quan-tri/accounts/user/{person.pk}/change/"
    sent: dict[str, object] = {**as_sent(words(desk.get(address))), **changes}
    told = {name: value for name, value in sent.items() if value is not None}
    return words(desk.post(address, told, follow=True))


@pytest.mark.long
def test_who_locks_the_last_handler_of_an_agency_reads_what_waits_there() -> None:
    person = make.handler()
    make.petition("in_progress")
    User.objects.exclude(pk=person.pk).update(is_active=False)
    page = saved(person, is_active=None)
    assert "Không còn ai có vị trí “Cán bộ xử lý · UBND phường Hải Châu”. Đơn đang mở ở đó: 1." in page


@pytest.mark.long
def test_where_a_colleague_is_left_nothing_is_said() -> None:
    person, _colleague = make.handler(), make.handler()
    assert "Không còn ai" not in saved(person, is_active=None)


@pytest.mark.long
def test_a_post_that_is_taken_from_the_last_who_had_it_is_named() -> None:
    person = make.user(Role.SUPERVISOR, province="48")
    page = saved(person, **{"post_set-0-role": "auditor"})
    assert "Không còn ai có vị trí “Giám sát · Thành phố Đà Nẵng”." in page


@pytest.mark.long
def test_a_post_at_the_intake_without_an_agency_is_kept_and_named() -> None:
    person = make.user(Role.FOCAL_POINT, province="48")
    page = saved(person)
    assert "nên không thụ lý được đơn nào: hãy chọn “Đầu mối tiếp nhận" in page


@pytest.mark.long
def test_a_post_at_the_intake_with_its_agency_is_kept_in_silence() -> None:
    assert "chưa ghi cơ quan" not in saved(make.focal_point())
