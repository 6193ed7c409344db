"""What the desk asks of the database: as many statements for a full list as for a short one."""

from __future__ import annotations

from functools import partial

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Role, User
from bench.statements import cost_of
from feedback import alike, finding, followups, inbox
from feedback.models import Coordination, Petition, ReplyDraft
from feedback.steps import take
from feedback.views.petition import _evenly_many
from tests import make
from tests.pages import at
from tests.walked import World, once

pytestmark = pytest.mark.django_db

MOST_OF_A_LIST, MOST_OF_A_PETITION = 8, 8


def desk_of(user: User) -> tuple[Client, User]:
    client = Client()
    client.force_login(user)
    client.get("/xu-ly/")  # what is read once for all is read
    return client, user


@pytest.mark.long
def test_a_list_of_many_asks_no_more_than_eight_times(reference_data: None) -> None:
    client, _user = desk_of(make.focal_point())
    for number in range(6):
        make.petition(text=f"Đèn đường trước nhà số {number} không sáng.")
    answer = client.get("/xu-ly/?xem=dau-moi")
    assert answer.status_code == 200
    assert cost_of(lambda: client.get("/xu-ly/?xem=dau-moi")).statements <= MOST_OF_A_LIST
    assert cost_of(lambda: client.get("/xu-ly/")).statements <= MOST_OF_A_LIST


@pytest.mark.long
def test_a_petition_asks_no_more_the_longer_its_story_is(reference_data: None) -> None:
    client, user = desk_of(make.focal_point())
    petition = make.petition()
    address = petition.get_absolute_url()
    before = cost_of(lambda: client.get(address)).statements
    for number in range(5):
        take(petition, "note", by=user, text=f"Đã gọi lần {number}.")
    assert cost_of(lambda: client.get(address)).statements <= min(before, MOST_OF_A_PETITION)


BY_ROLE = pytest.mark.parametrize(
    ("role", "agency", "province"),
    [
        (Role.HANDLER, make.HAI_CHAU, ""),
        (Role.APPROVER, make.HAI_CHAU, ""),
        (Role.FOCAL_POINT, make.FOCAL_POINT, "48"),
        (Role.PETITION_OFFICER, make.FOCAL_POINT, "48"),
        (Role.SUPERVISOR, "", "48"),
        (Role.REVIEWER, make.FOCAL_POINT, "48"),
        (Role.OPERATOR, make.FOCAL_POINT, "48"),
        (Role.ADMINISTRATOR, "", ""),
    ],
)


def told_twins(state: str) -> World:
    """Two that tell the same, and what follows: a reading, letters, counts; the index is kept in no row."""
    petition, other = make.petition(state), make.petition(state)
    if petition.is_open:
        take(petition, "remind", by=make.user(Role.SUPERVISOR, "", "48"))
        followups.waiting().filter(consumer__in=[finding.INDEX, alike.REMEMBER]).delete()
        followups.catch_up()
    return {"one": petition, "other": other}


@BY_ROLE
@pytest.mark.parametrize(
    "state",
    [
        "in_progress",
        *(
            pytest.param(state, marks=pytest.mark.long)
            for state in ("submitted", "assigned", "pending_approval", "answered")
        ),
    ],
)
def test_a_petitions_page_asks_no_more_than_eight_times(
    state: str, role: Role, agency: str, province: str, reference_data: None
) -> None:
    """Whatever hangs on it: a file, a draft, a request for help, messages, another that tells the same."""
    now = timezone.now()
    twins = once(("twins", state), partial(told_twins, state))
    petition, other = twins["one"], twins["other"]
    alike.remember_all([petition, other])
    Coordination.objects.create(
        petition=petition, agency_id=make.CONSTRUCTION, question="?", due_on=now.date(), asked_at=now
    )
    drafted = {"person": make.handler(), "agency_id": make.HAI_CHAU, "updated_at": now}
    ReplyDraft.objects.create(petition=petition, text="Đang soạn.", **drafted)
    make.attachment(petition)
    user = make.user(role, agency, province)
    client = at(user)
    address = f"{petition.get_absolute_url()}?tu=dang-mo~"  # opened from a list, as most are
    seen = Petition.objects.visible_to(user).filter(pk=petition.pk).exists()
    assert client.get(address).status_code == (200 if seen else 404)
    assert cost_of(lambda: client.get(address)).statements <= MOST_OF_A_PETITION


@pytest.mark.long
@BY_ROLE
def test_what_is_counted_at_once_is_what_each_list_holds(
    role: Role, agency: str, province: str, reference_data: None
) -> None:
    for state in ("submitted", "submitted", "in_progress", "pending_approval", "answered"):
        make.petition(state)
    user, now = make.user(role, agency, province), timezone.now()
    seen = Petition.objects.visible_to(user)
    kept = {one.slug: one.of(seen, user, now).count() for one in inbox.drawers_of(user) if not one.latest}
    assert inbox.tally(user, now) == kept
    assert any(kept.values())


def test_of_one_to_a_hundred_candidates_seven_lengths_are_asked_for() -> None:
    """Each length is a plan of its own; what is put behind them is no petition's number."""
    asked = [(list(range(5, 5 + n)), _evenly_many(range(5, 5 + n))) for n in range(1, 101)]
    assert {len(found) for _given, found in asked} == {2, 4, 8, 16, 32, 64, 128}
    for given, found in asked:
        assert found[: len(given)] == given
        assert all(number < 0 for number in found[len(given) :])
        assert len(set(found)) == len(found)
