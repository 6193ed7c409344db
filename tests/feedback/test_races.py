"""Two people, one petition, the same moment: one is first, the other reads a clear sentence."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.models import User
from feedback.intake import receive
from feedback.models import Petition, Reply, Step
from feedback.steps import NotNow, take
from feedback.sweep import sweep
from tests import make

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*works: Callable[[], object]) -> list[object]:
    """Run all at the same moment, each in its own thread and connection; exceptions are answers."""
    barrier = Barrier(len(works))

    def run(work: Callable[[], object]) -> object:
        try:
            barrier.wait()
            return work()
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def test_two_handlers_answering_at_once_make_one_answer_and_one_clear_message(reference_data: None) -> None:
    petition = make.petition("in_progress")
    first, second = make.handler(), make.handler()

    def answer(person: User) -> object:
        client = Client()
        client.force_login(person)
        return client.post(f"/xu-ly/{petition.code}/draft_reply/", make.ANSWER)

    answers = at_once(lambda: answer(first), lambda: answer(second))
    assert sorted(answer.status_code for answer in answers) == [302, 409]  # type: ignore[attr-defined]
    refused = next(answer for answer in answers if answer.status_code == 409)  # type: ignore[attr-defined]
    assert "Chờ phê duyệt" in refused.content.decode()  # type: ignore[attr-defined]
    assert Reply.objects.count() == 1
    numbers = petition.steps.order_by("seq").values_list("seq", flat=True)
    assert list(numbers) == [1, 2, 3, 4, 5]


def test_eight_people_accepting_at_once_are_one_success(reference_data: None) -> None:
    petition = make.petition("assigned")
    people = [make.handler() for _number in range(8)]
    answers = at_once(*(lambda person=person: take(petition, "accept", by=person) for person in people))
    assert sum(isinstance(answer, NotNow) for answer in answers) == 7
    assert Petition.objects.get().state == "in_progress"
    assert petition.steps.count() == 4


def test_one_form_sent_by_eight_at_once_is_one_petition(reference_data: None) -> None:
    receipts = at_once(*(lambda: receive(make.submission(key="one-form")) for _number in range(8)))
    assert [getattr(receipt, "created", receipt) for receipt in receipts].count(True) == 1
    assert Petition.objects.count() == 1


@pytest.mark.long
def test_two_rounds_of_the_clock_at_once_say_each_thing_once(reference_data: None) -> None:
    for _number in range(5):
        make.petition("in_progress")
    later = timezone.now() + dt.timedelta(days=40)
    said = at_once(lambda: sweep(now=later), lambda: sweep(now=later))
    codes = [one.code for answer in said for one in answer]  # type: ignore[attr-defined]
    assert len(codes) == len(set(codes)) == 5
    assert Step.objects.filter(action="escalate").count() == 5


@pytest.mark.long
def test_two_opposite_merges_at_once_are_one_merge_and_one_clear_refusal(reference_data: None) -> None:
    people = [make.focal_point(), make.focal_point()]
    for _pair in range(3):
        one, other = make.petition("in_progress"), make.petition("in_progress")
        answers = at_once(
            partial(take, one, "merge", by=people[0], main=other.code),
            partial(take, other, "merge", by=people[1], main=one.code),
        )
        assert sorted(type(answer).__name__ for answer in answers) == ["NotNow", "Step"]
        states = Petition.objects.filter(pk__in=[one.pk, other.pk]).values_list("state", flat=True)
        assert sorted(states) == ["in_progress", "merged"]


@pytest.mark.long
def test_nothing_is_merged_into_what_is_withdrawn_at_the_same_moment(reference_data: None) -> None:
    person = make.focal_point()
    for _pair in range(3):
        main, twin = make.petition("in_progress"), make.petition("in_progress")
        at_once(
            partial(take, twin, "merge", by=person, main=main.code),
            partial(take, main, "withdraw", by=make.holder(main)),
        )
        assert Petition.objects.get(pk=main.pk).state == "withdrawn"
        # Merged first, it stands on its own again; too late, it was refused.
        assert Petition.objects.get(pk=twin.pk).state == "in_progress"
