"""The administrator's people and roles: each change is kept with who, when, and what stood before."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse
from django.utils import timezone

from accounts.models import Post, Role, User
from tests import make
from tests.pages import at

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
