"""The administrator's people and roles: each change is kept with who, when, and what stood before."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse
from django.utils import timezone

from accounts.models import Post, Role, User
from tests import make
from tests.pages import as_sent, at, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator() -> User:
    return User.objects.create(username="quantri", is_staff=True, is_superuser=True)


def filled_in(person: User, **changes: Any) -> dict[str, Any]:
    """The form of a person as the admin draws it, with one post."""
    post = person.post_set.get()
    return {
        "username": person.username,
        "first_name": "",
        "last_name": "",
        "email": "",
        "is_active": "on",
        "absences-TOTAL_FORMS": "0",
        "absences-INITIAL_FORMS": "0",
        "post_set-TOTAL_FORMS": "1",
        "post_set-INITIAL_FORMS": "1",
        "post_set-0-id": post.pk,
        "post_set-0-user": person.pk,
        "post_set-0-role": post.role,
        "post_set-0-agency": post.agency_id or "",
        "post_set-0-province": post.province_id or "",
    } | changes


def change(administrator: User, person: User, **changes: Any) -> Any:
    address = reverse("admin:accounts_user_change", args=[person.pk])
    return at(administrator).post(address, filled_in(person, **changes))


def test_a_changed_post_is_kept_with_who_and_what_stood_before(administrator: User) -> None:
    person = make.handler()
    answer = change(administrator, person, **{"post_set-0-role": "approver"})
    assert answer.status_code == 302, answer.content.decode()
    assert Post.objects.get(user=person).role == Role.APPROVER
    kept = LogEntry.objects.get()
    assert (kept.user, kept.object_id) == (administrator, str(person.pk))
    assert "handler → approver" in kept.get_change_message()


@pytest.mark.long
def test_groups_which_give_no_right_here_are_not_offered_and_moments_are_short(administrator: User) -> None:
    make.handler()
    desk = at(administrator)
    page = desk.get(reverse("admin:accounts_user_change", args=[administrator.pk])).content.decode()
    assert "quản trị toàn quyền".capitalize() in page
    assert 'name="groups"' not in page
    assert "/auth/group/" not in desk.get(reverse("admin:index")).content.decode()
    assert f"{timezone.localtime(administrator.date_joined):%H:%M %d/%m/%Y}" in page


def test_a_changed_name_is_kept_with_what_it_was(administrator: User) -> None:
    person = make.handler()
    change(administrator, person, first_name="Hoa")
    assert "– → Hoa" in LogEntry.objects.get().get_change_message()


def test_nobody_is_deleted_and_no_change_is_rewritten(administrator: User) -> None:
    person = make.handler()
    change(administrator, person, first_name="Hoa")
    desk, kept = at(administrator), LogEntry.objects.get()
    assert desk.post(reverse("admin:accounts_user_delete", args=[person.pk])).status_code == 403
    assert desk.post(reverse("admin:admin_logentry_delete", args=[kept.pk])).status_code == 403
    page = desk.get(reverse("admin:admin_logentry_changelist")).content.decode()
    assert "– → Hoa" in page


def test_an_official_who_is_no_administrator_has_no_admin() -> None:
    answer = at(make.user(Role.SUPERVISOR, province="48")).get(reverse("admin:accounts_user_changelist"))
    assert answer.status_code == 404


def typed(administrator: User, address: str, **changes: Any) -> Any:
    """The page as it stands, with these changes, and what the house answers."""
    desk = at(administrator)
    sent: dict[str, Any] = {**as_sent(words(desk.get(address))), **changes}
    return desk.post(address, {name: value for name, value in sent.items() if value is not None}, follow=True)


def page_of(person: User) -> str:
    return reverse("admin:accounts_user_change", args=[person.pk])


PASSWORD = "mot-mat-khau-du-dai-77"
NEW = {"username": "moi", "password1": PASSWORD, "password2": PASSWORD}


def newcomer(administrator: User, role: str, **post: str) -> Any:
    posts = {f"post_set-0-{name}": value for name, value in {"role": role, **post}.items()}
    return typed(administrator, reverse("admin:accounts_user_add"), **NEW, **posts)


@pytest.mark.long
def test_the_post_of_an_administrator_opens_the_admin(administrator: User) -> None:
    answer = newcomer(administrator, "administrator")
    person = User.objects.get(username="moi")
    assert "Nay “moi” mở được mọi trang quản trị." in words(answer)
    assert (person.is_staff, person.is_superuser) == (True, True)
    assert at(person).get(reverse("admin:accounts_user_changelist")).status_code == 200
    told = [entry.get_change_message() for entry in LogEntry.objects.filter(object_id=str(person.pk))]
    assert "Vị trí Quản trị: mở mọi trang quản trị" in told


@pytest.mark.long
def test_another_post_opens_no_admin(administrator: User) -> None:
    newcomer(administrator, "supervisor", province="48")
    person = User.objects.get(username="moi")
    assert (person.is_staff, person.is_superuser) == (False, False)


@pytest.mark.long
def test_who_loses_the_post_of_an_administrator_is_named_as_still_in(administrator: User) -> None:
    newcomer(administrator, "administrator")
    answer = typed(administrator, page_of(User.objects.get(username="moi")), **{"post_set-0-DELETE": "on"})
    assert "“moi” không còn vị trí Quản trị nhưng vẫn mở được trang này" in words(answer)


@pytest.mark.long
@pytest.mark.parametrize("tick", ["is_active", "is_staff", "is_superuser"])
def test_the_last_administrator_does_not_lock_the_house(administrator: User, tick: str) -> None:
    answer = typed(administrator, page_of(administrator), **{tick: None})
    assert "Không còn ai khác mở được mọi trang quản trị." in words(answer)
    administrator.refresh_from_db()
    assert getattr(administrator, tick)


@pytest.mark.long
def test_where_there_is_another_administrator_one_may_go(administrator: User) -> None:
    newcomer(administrator, "administrator")
    typed(administrator, page_of(User.objects.get(username="moi")), is_active=None)
    assert not User.objects.get(username="moi").is_active
    typed(administrator, page_of(administrator), is_active=None)
    administrator.refresh_from_db()
    assert administrator.is_active  # the other no longer counts


@pytest.mark.long
def test_a_handler_without_an_agency_is_refused_in_words(administrator: User) -> None:
    page = words(newcomer(administrator, "handler"))
    assert "Vai trò này làm việc ở một cơ quan: xin chọn cơ quan." in page
    assert "Xin sửa lỗi dưới đây." in page
    assert "need_an_agency" not in page
    assert not User.objects.filter(username="moi").exists()


@pytest.mark.long
def test_a_post_that_stands_twice_is_refused_in_words(administrator: User) -> None:
    person = make.user(Role.SUPERVISOR, province="48")
    second = {"post_set-TOTAL_FORMS": "2", "post_set-1-role": "supervisor", "post_set-1-province": "48"}
    page = words(typed(administrator, page_of(person), **second))
    assert "Người này đã có vị trí ấy." in page
    assert "one_post_once" not in page
    third = {f"{name.replace('-1-', '-2-')}": value for name, value in second.items()}
    both = (
        second
        | third
        | {"post_set-TOTAL_FORMS": "3", "post_set-1-role": "auditor", "post_set-2-role": "auditor"}
    )
    assert "Người này đã có vị trí ấy." in words(typed(administrator, page_of(person), **both))
    assert person.post_set.count() == 1


@pytest.mark.long
def test_a_post_that_is_deleted_and_typed_anew_in_one_go_stands_once(administrator: User) -> None:
    person = make.user(Role.SUPERVISOR, province="48")
    anew = {"post_set-TOTAL_FORMS": "2", "post_set-1-role": "supervisor", "post_set-1-province": "48"}
    before = person.post_set.get()
    page = words(typed(administrator, page_of(person), **anew, **{"post_set-0-DELETE": "on"}))
    assert "Người này đã có vị trí ấy." not in page
    after = person.post_set.get()
    assert (after.role, after.province_id, after.pk != before.pk) == ("supervisor", "48", True)


@pytest.mark.parametrize("told", ["đỗ hằng", "Do Hang", "hang", "HẰNG đỗ"])
def test_people_are_found_by_their_names_without_marks(told: str, administrator: User) -> None:
    User.objects.create(username="dth", last_name="Đỗ Thị", first_name="Hằng")
    User.objects.create(username="nva", last_name="Nguyễn Văn", first_name="An")
    page = words(at(administrator).get(reverse("admin:accounts_user_changelist"), {"q": told}))
    assert "Đỗ Thị Hằng" in page
    assert "Nguyễn Văn An" not in page
