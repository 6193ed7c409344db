"""Questions kept in words: asked anew they answer for the moment, the person and the day that asks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, connections
from django.db.models import Q
from django.utils import timezone

from accounts.models import Post, Role, User
from feedback import inbox
from feedback.models import Coordination, Petition, sight
from feedback.models.words import Among, Moment, Words, day_of, filled, in_words, kept_for
from feedback.permissions import WORKERS
from feedback.steps import take
from feedback.workflow import OPEN, PETITIONS_AT_LAW
from tests import make

pytestmark = pytest.mark.django_db


def anew(user: User) -> User:
    """As the next request reads him."""
    return User.objects.get(pk=user.pk)


def test_what_is_late_is_late_at_the_moment_of_asking() -> None:
    petition, watcher = make.petition("in_progress"), make.user(Role.SUPERVISOR, "", "48")
    assert petition.due_at is not None
    before, behind = petition.due_at - dt.timedelta(seconds=1), petition.due_at + dt.timedelta(seconds=1)
    late = [inbox.tally(watcher, now)["qua-han"] for now in (before, behind, before)]
    assert late == [0, 1, 0]


def test_a_post_taken_or_given_changes_what_is_seen_at_once() -> None:
    petition, person = make.petition("in_progress"), make.handler(make.CONSTRUCTION)
    seen = [Petition.objects.visible_now(anew(person)).count()]
    post = Post.objects.create(user=person, role=Role.HANDLER, agency_id=petition.lead_id)
    seen.append(Petition.objects.visible_now(anew(person)).count())
    post.delete()
    seen.append(Petition.objects.visible_now(anew(person)).count())
    assert seen == [0, 1, 0]


def test_two_of_one_office_are_told_apart() -> None:
    one, other = make.handler(), make.handler()
    petition = make.petition("in_progress", petitioner=one)
    seen = [Petition.objects.visible_now(who).filter(pk=petition.pk).exists() for who in (one, other, one)]
    assert seen == [False, True, False]


def test_whoever_is_asked_to_help_is_told_at_the_next_look() -> None:
    petition, helper, now = make.petition("in_progress"), make.handler(make.CONSTRUCTION), timezone.now()
    assert not Petition.objects.visible_now(helper).exists()
    asked = {"question": "Ai lát?", "due_on": now.date(), "asked_at": now}
    question = Coordination.objects.create(petition=petition, agency_id=make.CONSTRUCTION, **asked)
    assert list(Petition.objects.visible_now(helper)) == [petition]
    assert inbox.tally(helper, now)["phoi-hop"] == 1
    question.delete()
    assert not Petition.objects.visible_now(helper).exists()


def test_states_are_asked_for_in_the_order_of_the_index_that_holds_what_is_open() -> None:
    """PostgreSQL knows the condition of an index again by its words (`petition_due_in`)."""
    _sql, params = Petition.objects.open().filter(kind__in=PETITIONS_AT_LAW).query.sql_with_params()
    assert list(params) == [*sorted(OPEN), *sorted(PETITIONS_AT_LAW)]


@pytest.mark.long
def test_a_whole_that_goes_on_stays_in_the_list_of_whoever_helped_on_its_sealed_part() -> None:
    """The part is over; the whole is seen because the part is."""
    lead, officer, now = make.handler(), make.officer(), timezone.now()
    whole = make.petition("received")
    take(whole, "split", by=officer, texts=["Ổ gà lớn trước trường", "Giám đốc Sở nhận tiền"])
    part = Petition.objects.filter(origin=whole).order_by("pk")[1]
    take(part, "seal", by=officer, kind="denunciation")
    asked: dict[str, Any] = {"agencies": [make.HAI_CHAU], "question": "Xin cho biết", "day": "2099-01-01"}
    take(part, "coordinate", by=officer, **asked)
    take(whole, "assign", by=officer, agency=make.HAI_CHAU)
    take(whole, "accept", by=lead)
    assert inbox.tally(lead, now)["dang-mo"] == 2
    take(part, "withdraw", by=officer, reason="Người gửi rút", signed_form=True)
    assert Petition.objects.visible_to(lead).filter(pk=whole.pk).exists()
    assert inbox.tally(lead, now)["dang-mo"] == 1
    drawer = next(one for one in inbox.drawers_of(lead) if one.slug == "dang-mo")
    assert list(inbox.seen_in(drawer, lead, sight.asked_of(lead), now)) == [whole]


@pytest.mark.long
def test_no_list_loses_what_is_over_that_one_was_asked_to_help_on() -> None:
    """Whatever his posts, and in whatever state it is: lists of what goes on are asked about fewer."""
    helper, now = make.handler(make.CONSTRUCTION), timezone.now()
    elsewhere = (role for role in Role if role not in {*WORKERS, Role.CITIZEN})
    Post.objects.create(user=helper, role=Role.APPROVER, agency_id=make.CONSTRUCTION)
    Post.objects.bulk_create(Post(user=helper, role=role, province_id="01") for role in elsewhere)
    helper = anew(helper)
    for state in make.WAYS:
        petition = make.petition(state)
        Coordination.objects.create(
            petition=petition,
            agency_id=make.CONSTRUCTION,
            question="Ai lát?",
            due_on=now.date(),
            asked_at=now,
        )
    asked = sight.asked_of(helper)
    assert {one.state for one in asked.values()} >= {"closed", "answered", "in_progress", "withdrawn"}
    every = Petition.objects.visible_now(helper, asked)
    for drawer in inbox.drawers_of(helper):
        assert set(inbox.seen_in(drawer, helper, asked, now)) == set(drawer.of(every, helper, now)), (
            drawer.slug
        )


def test_whoever_is_asked_of_many_sees_the_same_in_words_that_do_not_grow(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    helper, now = make.handler(make.CONSTRUCTION), timezone.now()
    asked = {"question": "Ai lát?", "due_on": now.date(), "asked_at": now}
    for _number in range(3):
        petition = make.petition("in_progress")
        Coordination.objects.create(petition=petition, agency_id=make.CONSTRUCTION, **asked)
    seen = set(Petition.objects.visible_now(helper))
    counts = inbox.tally(helper, now)
    monkeypatch.setattr(sight, "MOST_TOLD", 2)
    assert sight.told_by_number(sight.asked_of(helper)) is None
    assert set(Petition.objects.visible_now(helper)) == seen == set(Petition.objects.visible_to(helper))
    assert inbox.tally(helper, now) == counts
    assert len(seen) == counts["phoi-hop"] == 3


def test_kept_words_are_not_asked_within_another_question() -> None:
    rows = Petition.objects.visible_now(make.handler())
    with pytest.raises(TypeError, match="another question"):
        list(Petition.objects.filter(pk__in=rows.values("pk")))


def test_a_condition_on_a_table_beside_or_on_nothing_stays_as_it_is() -> None:

    for condition in (Q(lead__name="x"), Q(pk__in=[])):
        assert in_words(Petition, condition) is condition


def test_a_moment_is_told_when_it_is_asked_with_what_was_taken_off_it() -> None:
    now = timezone.now()
    moment = Moment(timezone.localdate(now)) - dt.timedelta(days=2) - dt.timedelta(hours=1)
    earlier = now - dt.timedelta(days=2, hours=1)
    assert filled(("a", moment), now) == ["a", Moment(moment.day).told(earlier)]
    assert day_of(moment) == day_of(now) == timezone.localdate(now)


def test_what_is_kept_is_made_once_for_each_person_and_thing() -> None:
    one, other, made = make.handler(), make.handler(make.CONSTRUCTION), iter(range(10))
    asked = [(one, "a"), (one, "a"), (one, "b"), (other, "a"), (one, "a")]
    assert [kept_for(who, what, lambda: [next(made)]) for who, what in asked] == [[0], [0], [1], [2], [0]]


@pytest.fixture
def one_that_plans_once(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    asked: Any = connection.copy()
    monkeypatch.setitem(connections.settings, settings.PLANNED_ONCE, connection.settings_dict)
    connections[settings.PLANNED_ONCE] = asked
    with asked.cursor() as cursor:
        cursor.execute("SET plan_cache_mode = force_generic_plan")
    yield asked
    asked.close()
    del connections[settings.PLANNED_ONCE]


@pytest.mark.skipif(connection.vendor != "postgresql", reason="plans are PostgreSQL's")
@pytest.mark.django_db(transaction=True)
def test_lists_are_counted_by_one_plan_for_everybody(reference_data: None, one_that_plans_once: Any) -> None:
    petition, now = make.petition("in_progress"), timezone.now()
    assert petition.lead_id is not None
    persons = [
        make.handler(petition.lead_id),
        make.handler(make.CONSTRUCTION),
        make.handler(petition.lead_id),
    ]
    held = [[inbox.tally(person, now)["dang-mo"] for person in persons] for _round in range(4)]
    assert held == [[1, 0, 1]] * 4
    make.petition("in_progress")
    assert [inbox.tally(person, now)["dang-mo"] for person in persons] == [2, 0, 2]
    with one_that_plans_once.cursor() as cursor:
        cursor.execute(
            "SELECT generic_plans > 0, custom_plans FROM pg_prepared_statements WHERE statement ~ 'COUNT'"
        )
        assert cursor.fetchall() == [(True, 0)]


@pytest.mark.skipif(connection.vendor != "postgresql", reason="plans are PostgreSQL's")
@pytest.mark.django_db(transaction=True)
def test_a_page_of_a_list_keeps_no_plan(reference_data: None) -> None:
    petition, now = make.petition("in_progress"), timezone.now()
    assert petition.lead_id is not None
    person = make.handler(petition.lead_id)
    seen = Petition.objects.visible_now(person)
    for _round in range(5):
        assert len(inbox.page(seen, by=person, after="", now=now).rows) == 1
    connection.ensure_connection()
    assert connection.connection.prepare_threshold == 3
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement FROM pg_prepared_statements")
        kept = [statement for (statement,) in cursor.fetchall()]
    assert any('"feedback_petition"' in one for one in kept)
    assert not [one for one in kept if one.startswith('SELECT "feedback_petition"."id" AS "pk" FROM')]


def test_among_asks_for_many_numbers_with_one_parameter() -> None:
    petitions = [make.petition("in_progress") for _one in range(3)]
    numbers = [petitions[0].pk, petitions[2].pk, *range(10**9, 10**9 + 3_000)]
    rows = Petition.objects.filter(Among(numbers)).order_by("pk")
    assert len(rows.query.sql_with_params()[1]) == 1
    assert list(rows) == [petitions[0], petitions[2]]
    assert list(Petition.objects.filter(~Q(Among(numbers)))) == [petitions[1]]
    assert not Petition.objects.filter(Among([])).exists()
    assert isinstance(in_words(Petition, Q(Among(numbers))), Words)
