"""Two people, one petition, the same moment: one is first, the other reads a clear sentence."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import Model
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.administration import administrators
from accounts.models import User
from classifier import read
from feedback import enclosures, followups, notifications
from feedback.followups import follow_up
from feedback.intake import receive
from feedback.models import Contact, DayCount, FollowUp, Notice, Petition, Prediction, Reply, Step
from feedback.permissions import SYSTEM, Holder
from feedback.steps import NotNow, take
from feedback.sweep import sweep
from tests import make
from tests.feedback import test_follow_ups
from tests.letters import SENDER
from tests.mail_sink import Sink
from tests.pages import as_sent, at, words

pytestmark = pytest.mark.django_db(transaction=True)


def alone(work: Callable[[], object]) -> object:
    """In a connection of its own; an exception is an answer."""
    try:
        return work()
    except Exception as error:
        return error
    finally:
        connection.close()


def at_once(*works: Callable[[], object]) -> list[object]:
    """Run all at the same moment, each in its own thread and connection; exceptions are answers."""
    barrier = Barrier(len(works))

    def run(work: Callable[[], object]) -> object:
        barrier.wait()
        return alone(work)

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


@pytest.mark.long
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


@pytest.mark.long
def test_two_administrators_who_shut_each_other_out_at_once_leave_one(reference_data: None) -> None:
    two = [User.objects.create(username=name, is_staff=True, is_superuser=True) for name in ("mot", "hai")]
    pages = [reverse("admin:accounts_user_change", args=[one.pk]) for one in two]
    desks = [at(one) for one in reversed(two)]
    forms = [as_sent(words(desk.get(page))) for desk, page in zip(desks, pages, strict=True)]
    for form in forms:
        form.pop("is_active")
    at_once(*(partial(desk.post, page, form) for desk, page, form in zip(desks, pages, forms, strict=True)))
    assert administrators().count() == 1


@pytest.mark.long
def test_eight_people_accepting_at_once_are_one_success(reference_data: None) -> None:
    petition = make.petition("assigned")
    people = [make.handler() for _number in range(8)]
    answers = at_once(*(lambda person=person: take(petition, "accept", by=person) for person in people))
    assert sum(isinstance(answer, NotNow) for answer in answers) == 7
    assert Petition.objects.get().state == "in_progress"
    assert petition.steps.count() == 4


@pytest.mark.long
def test_one_form_sent_by_eight_at_once_is_one_petition(reference_data: None) -> None:
    receipts = at_once(*(lambda: receive(make.submission(key="one-form")) for _number in range(8)))
    assert [getattr(receipt, "created", receipt) for receipt in receipts].count(True) == 1
    assert Petition.objects.count() == 1


@pytest.mark.long
def test_one_word_sent_by_four_at_once_is_heard_once(reference_data: None) -> None:
    petition = make.petition("submitted")
    sender = Holder(petition.pk)
    say = partial(enclosures.take, petition, "inform", by=sender, seen=1, once=True, text="Ở trước số 12")
    said = at_once(*(say for _number in range(4)))
    assert {getattr(step, "action", step) for step in said} == {"inform"}
    assert petition.steps.filter(action="inform").count() == 1


@pytest.mark.long
def test_two_rounds_of_the_clock_at_once_say_each_thing_once(reference_data: None) -> None:
    for _number in range(5):
        make.petition("in_progress")
    later = timezone.now() + dt.timedelta(days=40)
    said = at_once(lambda: sweep(now=later), lambda: sweep(now=later))
    codes = [one.code for answer in said for one in answer]  # type: ignore[attr-defined]
    assert len(codes) == len({(one.code, one.rung) for answer in said for one in answer}) == 20  # type: ignore[attr-defined]
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


def crossing(at: Model, first: Callable[[], object], second: Callable[[], object]) -> list[object]:
    """Both come to this row while it is held, one after the other, and then go on at once."""
    with ThreadPoolExecutor(2) as pool:
        with transaction.atomic():
            type(at)._default_manager.select_for_update().get(pk=at.pk)
            begun = []
            for work in (first, second):
                begun.append(pool.submit(alone, work))
                time.sleep(0.4)  # by then it holds what it locks before this row, and waits
        return [work.result() for work in begun]


@pytest.mark.long
def test_a_merge_that_takes_others_along_crosses_one_into_one_of_them(reference_data: None) -> None:
    """The first needs what was merged into A; the second has that one, of the lowest number."""
    merged, a, b = (make.petition("in_progress") for _each in range(3))
    people = [make.focal_point(), make.focal_point()]
    take(merged, "merge", by=people[0], main=a.code)
    answers = crossing(
        b,
        partial(take, a, "merge", by=people[0], main=b.code),
        partial(take, b, "merge", by=people[1], main=merged.code),
    )
    assert [type(answer).__name__ for answer in answers] == ["Step", "NotNow"]
    assert set(Petition.objects.filter(main=b).values_list("pk", flat=True)) == {merged.pk, a.pk}


LEAVES: dict[str, Callable[[Petition], object]] = {
    "withdraw": lambda main: take(main, "withdraw", by=make.holder(main)),
    "seal": lambda main: take(main, "seal", by=SYSTEM, kind="denunciation"),
    "read": lambda main: follow_up(
        FollowUp.objects.get(step__petition=main, consumer__endswith="submitted").pk
    ),
}


@pytest.mark.long
@pytest.mark.parametrize("way", LEAVES)
def test_a_main_petition_leaves_while_one_of_its_own_is_named_as_a_main(
    reference_data: None, way: str
) -> None:
    """It needs the one that was merged into it; the other step has that one and waits for it."""
    person = make.focal_point()
    heir = make.petition("in_progress")
    main = receive(make.submission(text="Tôi tố cáo chủ tịch xã nhận hối lộ, đề nghị giữ bí mật.")).petition
    take(heir, "merge", by=person, main=main.code)
    read(main.text, home="48")  # the model is there when it is read in the race
    left, refused = crossing(
        main, partial(LEAVES[way], main), partial(take, main, "merge", by=person, main=heir.code)
    )
    assert left is True or type(left).__name__ == "Step", left
    assert type(refused).__name__ == "NotNow", refused
    gone = Petition.objects.get(pk=main.pk)
    assert gone.state == "withdrawn" if way == "withdraw" else gone.sealed
    assert Petition.objects.get(pk=heir.pk).state == "in_progress"


@pytest.mark.long
def test_one_that_joins_while_the_others_are_locked_is_locked_too(reference_data: None) -> None:
    """Merged while the withdrawal waits: it is no stranger to it, and its number may be a lower one."""
    late, main = make.petition("in_progress"), make.petition("in_progress")
    person = make.focal_point()
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            take(late, "merge", by=person, main=main.code)
            gone = pool.submit(alone, partial(take, main, "withdraw", by=make.holder(main)))
            time.sleep(0.4)
        assert type(gone.result()).__name__ == "Step"
    assert Petition.objects.get(pk=late.pk).state == "in_progress"


@pytest.mark.long
def test_letters_are_sent_again_while_the_address_that_refused_them_is_mended(
    reference_data: None, mail: Sink
) -> None:
    mail.refused = {SENDER}
    petition, person = make.petition("submitted", email=SENDER, anew=True), make.focal_point()
    take(petition, "ask", by=person, question="Số nhà mấy?")
    followups.catch_up()
    refused = Notice.objects.filter(recipient="petitioner", refused_at__isnull=False)
    assert refused.count() == 2
    mended: dict[str, Any] = {"contact": {"email": "moi@example.vn"}, "contact_alone": True}
    told = crossing(
        Contact.objects.get(petition=petition),
        partial(take, petition, "inform", by=person, text="Đã sửa: thư điện tử.", **mended),
        partial(notifications.send_again, Notice.objects.filter(recipient="petitioner")),
    )
    assert [type(one).__name__ for one in told] == ["Step", "int"], told
    followups.catch_up()
    assert not refused.exists()


# --- rows that are done in one go ------------------------------------------------------------------------


def away(steps: object) -> None:
    raise followups.NotYet("the engine is away")


@followups.outside(most_attempts=3)
@followups.in_one_go(away)
@followups.after("submit")
def waits_for_the_engine(step: Step) -> None:
    away([step])


@pytest.mark.long
def test_two_bells_for_rows_that_wait_together_take_each_once_and_wait_in_no_ring(
    reference_data: None, settings: Any
) -> None:
    settings.FOLLOW_UPS = ["tests.feedback.test_follow_ups.gathering"]
    test_follow_ups.GOES.clear()
    texts = [f"Việc số {number}" for number in range(60)]
    for text in texts:
        receive(make.submission(text=text))
    rows = list(FollowUp.objects.order_by("pk").values_list("pk", flat=True))
    told = at_once(*(partial(follow_up, rows[at]) for at in (-1, -2, 20, 40)))
    assert all(isinstance(one, bool) for one in told), told
    followups.catch_up()
    assert sorted(text for go in test_follow_ups.GOES for text in go) == sorted(texts)


@pytest.mark.long
def test_workers_at_once_read_count_and_tell_of_each_petition_once(reference_data: None) -> None:
    petitions = [
        receive(make.submission(text=f"Ổ gà trước nhà số {number} Lê Lợi.")).petition for number in range(24)
    ]
    read(petitions[0].text, home="48")  # the model is there when they begin
    told = at_once(*[followups.catch_up] * 4)
    assert all(isinstance(one, followups.Tally) for one in told), told
    while followups.waiting().exists():
        FollowUp.objects.update(next_try_at=timezone.now())
        followups.catch_up()
    assert Prediction.objects.count() == len(petitions)
    submitted = DayCount.objects.filter(figure="submitted")
    assert sum(submitted.values_list("n", flat=True)) == len(petitions)
    assert Notice.objects.filter(step__action="submit").count() == len(petitions)


@pytest.mark.long
def test_two_that_put_off_at_once_wait_in_no_ring_and_count_no_try(
    reference_data: None, settings: Any
) -> None:
    settings.FOLLOW_UPS = ["tests.feedback.test_races.waits_for_the_engine"]
    for number in range(12):
        receive(make.submission(text=f"Việc số {number}"))
    rows = list(FollowUp.objects.order_by("pk").select_related("step"))
    for row in rows:
        assert followups._claim(row)
    halves = rows[1::2], rows[::2]
    reason = followups.NotYet("the engine is away")
    told = at_once(*(partial(followups._put_off, half, reason) for half in halves))
    assert told == [None, None]
    kept = FollowUp.objects.values_list("attempts", "claimed_until", "done_at").distinct()
    assert list(kept) == [(0, None, None)]


def test_what_another_holds_is_not_waited_for_when_the_rest_is_put_off(
    reference_data: None, settings: Any
) -> None:
    if connection.vendor == "sqlite":
        pytest.skip("one writer at a time: nobody holds a single row")
    settings.FOLLOW_UPS = ["tests.feedback.test_races.waits_for_the_engine"]
    for number in range(3):
        receive(make.submission(text=f"Việc số {number}"))
    first, held, other = FollowUp.objects.order_by("pk").select_related("step")
    assert followups._claim(first)
    put_off = partial(followups._put_off, [first], followups.NotYet("the engine is away"))
    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        FollowUp.objects.select_for_update().get(pk=held.pk)
        assert pool.submit(alone, put_off).result(timeout=10) is None
    assert FollowUp.objects.get(pk=other.pk).next_try_at > other.next_try_at
    assert FollowUp.objects.get(pk=held.pk).next_try_at == held.next_try_at
