"""What follows a step happens once, whoever dies or repeats."""

import datetime as dt
from typing import Any

import pytest
from django.db.models import F, Value
from django.db.models.functions import Concat
from django.utils import timezone

from config.health import readiness
from feedback import followups, guards, notifications
from feedback.intake import receive
from feedback.models import FollowUp, Notice, Petition, Prediction, Step
from feedback.permissions import SYSTEM
from feedback.steps import take
from tests import make

pytestmark = pytest.mark.django_db


def failing(step: Any) -> None:
    raise RuntimeError("the wire is cut")


def quoting(step: Any) -> None:
    raise ValueError(step.petition.text)


def killing(step: Any) -> None:
    raise SystemExit


def half_done(step: Any) -> Any:
    def write() -> None:
        Petition.objects.filter(pk=step.petition_id).update(place_text="half")
        raise RuntimeError("killed in the middle")

    return write


def test_filing_plans_one_row_per_consumer() -> None:
    make.petition("submitted")
    assert sorted(FollowUp.objects.values_list("consumer", flat=True)) == [
        "feedback.cube.counting.count",
        "feedback.finding.index_petition",
        "feedback.intake.read_submitted",
        "feedback.notifications.notify",
    ]


@pytest.mark.long
def test_catching_up_reads_the_petition_once() -> None:
    make.petition("submitted")
    tally = followups.catch_up()
    assert tally.done
    assert not tally.failed
    assert tally.read_per_s > 0
    assert followups.catch_up().read_per_s == 0
    assert Prediction.objects.count() == 1
    assert not followups.waiting().exists()


def test_the_same_row_twice_is_done_once() -> None:
    make.petition("submitted")
    row = FollowUp.objects.get(consumer="feedback.intake.read_submitted")
    assert followups.follow_up(row.pk) is True
    assert followups.follow_up(row.pk) is False
    assert Prediction.objects.count() == 1


def test_a_row_under_lease_is_left_alone_until_the_lease_is_over() -> None:
    make.petition("submitted")
    row = FollowUp.objects.get(consumer="feedback.intake.read_submitted")
    FollowUp.objects.filter(pk=row.pk).update(claimed_until=timezone.now() + dt.timedelta(minutes=1))
    assert followups.follow_up(row.pk) is False
    FollowUp.objects.filter(pk=row.pk).update(claimed_until=timezone.now() - dt.timedelta(seconds=1))
    assert followups.follow_up(row.pk) is True


def test_who_lost_the_lease_writes_nothing() -> None:
    make.petition("submitted")
    row = FollowUp.objects.get(consumer="feedback.intake.read_submitted")
    assert followups._claim(row)
    FollowUp.objects.filter(pk=row.pk).update(claimed_until=timezone.now() + dt.timedelta(hours=1))
    assert followups._finish(row) is False


def test_a_failing_consumer_waits_longer_each_time_and_dies_at_last(settings: Any) -> None:
    settings.FOLLOW_UPS = ["tests.feedback.test_follow_ups.failing"]
    make.petition("submitted")
    for _attempt in range(followups.MOST_ATTEMPTS):
        FollowUp.objects.update(next_try_at=timezone.now())
        followups.catch_up()
    row = FollowUp.objects.get(dead=True)
    assert row.attempts == followups.MOST_ATTEMPTS
    assert "the wire is cut" in row.error
    assert followups.queue_state()["dead"] == 1


@pytest.mark.parametrize("sealed", [False, True])
def test_administrators_are_told_of_what_was_given_up_and_not_of_whom(settings: Any, sealed: bool) -> None:
    settings.FOLLOW_UPS = ["tests.feedback.test_follow_ups.failing"]
    here, elsewhere = make.user("administrator", province="48"), make.user("administrator", province="79")
    petition = make.petition("submitted")
    if sealed:  # which no administrator may see
        Petition.objects.filter(pk=petition.pk).update(sealed=True, kind="denunciation")
    for _attempt in range(followups.MOST_ATTEMPTS):
        FollowUp.objects.update(next_try_at=timezone.now())
        followups.catch_up()
    followups.catch_up()
    told = list(Notice.objects.filter(recipient__startswith="admin:"))
    assert [notice.user for notice in told] == [here]
    assert notifications._still_may_hear(told[0])  # nor is it taken back while it waits to be sent
    assert "/quan-tri/feedback/followup/" in told[0].body
    for words in (petition.code, petition.printed_code, petition.text):
        assert words not in told[0].subject + told[0].body
    assert elsewhere not in [notice.user for notice in told]


def test_lag_is_told_for_each_consumer(settings: Any) -> None:
    make.petition("submitted")
    long_ago = timezone.now() - dt.timedelta(minutes=10)
    guards.drop()
    Step.objects.update(at=long_ago)
    guards.create()
    lag = readiness()["lag_s"]
    assert set(lag) >= set(settings.FOLLOW_UPS)
    assert 600 <= lag["feedback.intake.read_submitted"] < 660
    assert lag["feedback.notifications.send"] == 0


def test_a_slow_loser_leaves_the_lease_to_whoever_has_it() -> None:
    make.petition("submitted")
    slow = FollowUp.objects.get(consumer="feedback.intake.read_submitted")
    assert followups._claim(slow)
    FollowUp.objects.filter(pk=slow.pk).update(claimed_until=timezone.now() - dt.timedelta(seconds=1))
    quick = FollowUp.objects.get(pk=slow.pk)
    assert followups._claim(quick)
    followups._fail(slow, RuntimeError("too late"))
    assert followups._finish(quick)


def test_a_consumer_killed_in_the_middle_leaves_nothing_behind_and_stays_waiting(settings: Any) -> None:
    settings.FOLLOW_UPS = ["tests.feedback.test_follow_ups.half_done"]
    petition = make.petition("submitted")
    assert followups.catch_up().failed == 1
    petition = Petition.objects.get(pk=petition.pk)
    assert petition.place_text == ""
    assert followups.waiting().count() == 1


@pytest.mark.parametrize("erased", ["after it failed", "while it was at work"])
def test_an_error_that_quotes_the_petition_is_erased_with_it(settings: Any, erased: str) -> None:
    settings.FOLLOW_UPS = ["tests.feedback.test_follow_ups.quoting"]
    petition = make.petition("submitted")
    if erased == "while it was at work":
        row = FollowUp.objects.get()
        assert followups._claim(row)
        take(petition, "erase", by=SYSTEM, rule="unsigned-1-year")
        followups._fail(row, ValueError(petition.text))
    else:
        followups.catch_up()
        assert petition.text in FollowUp.objects.get(step__action="submit").error
        take(petition, "erase", by=SYSTEM, rule="unsigned-1-year")
    row = FollowUp.objects.get(step__action="submit")
    assert (row.error, row.attempts, row.done_at) == ("", 1, None)


def test_a_row_that_kills_its_worker_at_every_try_is_dead_at_last_and_seen(settings: Any) -> None:
    settings.FOLLOW_UPS = ["tests.feedback.test_follow_ups.killing"]
    make.petition("submitted")
    for _attempt in range(followups.MOST_ATTEMPTS):
        with pytest.raises(SystemExit):  # nobody is left to write down what went wrong
            followups.catch_up()
        assert FollowUp.objects.get().dead is False
        FollowUp.objects.update(claimed_until=timezone.now() - dt.timedelta(seconds=1))
    followups.catch_up()
    assert [row.consumer for row in FollowUp.objects.exclude(dead=True)] == [followups.ALARM]
    assert FollowUp.objects.get(dead=True).error == "ended in the middle, at every try"
    assert readiness()["queue"]["dead"] == 1


@pytest.mark.long
def test_a_consumer_that_is_gone_dies_as_a_failing_one_does() -> None:
    make.petition("submitted")
    FollowUp.objects.filter(consumer="feedback.notifications.notify").update(consumer="feedback.gone.away")
    assert not followups.follow_up(FollowUp.objects.get(consumer="feedback.gone.away").pk)  # as a bell does
    for _attempt in range(followups.MOST_ATTEMPTS):
        FollowUp.objects.update(next_try_at=timezone.now())
        followups.catch_up()
    assert FollowUp.objects.get(consumer="feedback.gone.away").dead


@pytest.mark.long
def test_each_person_is_told_once_per_step() -> None:
    handler = make.handler()
    petition = make.petition("assigned", email="dan@example.vn")
    FollowUp.objects.filter(consumer__endswith="read_submitted").delete()
    followups.catch_up()
    FollowUp.objects.update(done_at=None, next_try_at=timezone.now())
    followups.catch_up()
    told = Notice.objects.filter(step__petition=petition).values_list("step__action", "recipient")
    assert sorted(told) == [
        ("assign", "petitioner"),
        ("assign", f"user:{handler.pk}"),
        ("submit", "petitioner"),
    ]


@pytest.mark.long
def test_a_later_petition_is_read_before_anybody_is_told_of_an_earlier_one() -> None:
    for _ in range(2):
        receive(make.submission())
    followups.catch_up(limit=2)
    assert Prediction.objects.count() == 2
    assert not Notice.objects.exists()
    followups.catch_up()
    assert Notice.objects.exists()


def test_steps_taken_together_plan_the_same_rows_in_one_insert() -> None:
    with followups.together() as rows:
        make.petition("received", anew=True)
        assert not FollowUp.objects.exists()
    assert [(row.step_id, row.consumer) for row in rows] == [
        (row.step_id, row.consumer) for row in FollowUp.objects.order_by("pk")
    ]
    assert followups.waiting().count() == len(rows) > 1
    make.petition("submitted")
    assert FollowUp.objects.count() > len(rows)


GOES: list[list[str]] = []  # what each go of `gathering` was given


def gather(steps: Any) -> None:
    GOES.append([step.petition.text for step in steps])
    if any("poison" in step.petition.text for step in steps):
        raise RuntimeError("one of them")


@followups.outside(most_attempts=3)
@followups.in_one_go(gather)
@followups.after("submit")
def gathering(step: Any) -> None:
    gather([step])


@followups.outside(most_attempts=3)
@followups.after("submit")
def sending(step: Any) -> None:
    GOES.append(["sent"])


@pytest.fixture
def gathers(settings: Any) -> None:
    settings.FOLLOW_UPS = [
        "tests.feedback.test_follow_ups.gathering",
        "tests.feedback.test_follow_ups.sending",
    ]
    GOES.clear()


def filed(*texts: str) -> list[int]:
    return [receive(make.submission(text=text)).petition.pk for text in texts]


def test_what_a_consumer_does_in_one_go_is_one_go(gathers: None) -> None:
    filed("một", "hai", "ba")
    assert followups.catch_up() == followups.Tally(done=6, failed=0)
    assert GOES == [["một", "hai", "ba"], ["sent"], ["sent"], ["sent"]]
    assert not followups.waiting().exists()


def test_a_bell_for_one_does_what_waits_with_it(gathers: None) -> None:
    _first, second, _third = filed("một", "hai", "ba")
    row = FollowUp.objects.get(step__petition=second, consumer__endswith="gathering")
    assert followups.follow_up(row.pk)
    assert GOES == [["một", "hai", "ba"]]
    assert not followups.waiting().filter(consumer__endswith="gathering").exists()


def test_one_that_breaks_a_go_holds_no_other_up(gathers: None) -> None:
    filed("một", "poison", "ba")
    for _try in range(3):
        FollowUp.objects.update(next_try_at=timezone.now())
        followups.catch_up()
    rows = FollowUp.objects.filter(consumer__endswith="gathering").order_by("pk")
    assert [(row.dead, row.done_at is None) for row in rows] == [(False, False), (True, True), (False, False)]
    assert [one for one in GOES if one != ["sent"]] == [
        ["một", "poison", "ba"],
        *(["một"], ["poison"], ["ba"]),
        *(["poison"], ["poison"]),
    ]


def test_a_letter_waits_for_no_backlog_of_the_index(gathers: None, monkeypatch: Any) -> None:
    monkeypatch.setattr(gathering, "most", 2)
    filed("một", "hai", "ba", "bốn", "năm")
    followups.catch_up(limit=4, outside=True)
    assert GOES == [["một", "hai"], ["sent"], ["ba", "bốn"], ["sent"]]


# --- many in one go, with what is written of them ---------------------------------------------------------


def mark_all(steps: Any) -> Any:
    """Each petition gets one more stroke for each time that its step is done."""

    def write() -> None:
        for step in steps:
            if "poison" in step.petition.text:
                raise RuntimeError("one of them")
            if "deadly" in step.petition.text and len(steps) > 1:
                raise SystemExit
            own = Petition.objects.filter(pk=step.petition_id)
            own.update(place_text=Concat(F("place_text"), Value("|")))

    return write


@followups.in_one_go(mark_all, most=10)
@followups.after("submit")
def marking(step: Any) -> Any:
    return mark_all([step])


@followups.waited_for
@followups.after("submit")
def reading(step: Any) -> None:
    GOES.append(["read"])


@pytest.fixture
def marks(settings: Any) -> None:
    settings.FOLLOW_UPS = ["tests.feedback.test_follow_ups.marking"]


def strokes(petitions: list[int]) -> list[int]:
    told = dict(Petition.objects.values_list("pk", "place_text"))
    return [told[pk].count("|") for pk in petitions]


def test_a_poisoned_one_among_ten_hurts_none_of_the_others(marks: None) -> None:
    petitions = filed(*("việc" for _ in range(4)), "poison", *("việc" for _ in range(5)))
    assert followups.catch_up() == followups.Tally(done=9, failed=1)
    assert strokes(petitions) == [1, 1, 1, 1, 0, 1, 1, 1, 1, 1]
    left = followups.waiting().get()
    assert (left.step.petition_id, left.attempts, left.error) == (
        petitions[4],
        1,
        "RuntimeError: one of them",
    )


def test_who_is_killed_in_the_middle_of_many_leaves_nothing_written_and_each_is_done_once(
    marks: None,
) -> None:
    petitions = filed("một", "hai", "deadly", "bốn")
    with pytest.raises(SystemExit):
        followups.catch_up()
    assert strokes(petitions) == [0, 0, 0, 0]
    assert followups.catch_up() == followups.Tally(done=0, failed=0)  # the lease of the dead one stands
    FollowUp.objects.update(claimed_until=timezone.now() - dt.timedelta(seconds=1))
    assert followups.catch_up() == followups.Tally(done=4, failed=0)  # singly: one of them may have killed
    assert strokes(petitions) == [1, 1, 1, 1]


def test_where_one_of_many_went_to_another_meanwhile_the_rest_is_written_once(marks: None) -> None:
    petitions = filed("một", "hai", "ba")
    ours = followups._claim_all(list(followups._with_step(followups.waiting())))
    lost = FollowUp.objects.filter(pk=ours[1].pk)
    lost.update(claimed_until=timezone.now() + dt.timedelta(hours=1))
    assert followups._try_many(ours) == [True, False, True]
    assert strokes(petitions) == [1, 0, 1]


def test_of_two_who_take_the_same_each_row_is_one_s(marks: None) -> None:
    filed("một", "hai", "ba")
    first, second = (list(followups._with_step(followups.waiting())) for _who in range(2))
    assert len(followups._claim_all(first[1:])) == 2
    assert [row.pk for row in followups._claim_all(second)] == [first[0].pk]


def test_what_is_waited_for_has_two_turns_of_three_whatever_else_waits(
    gathers: None, settings: Any, monkeypatch: Any
) -> None:
    settings.FOLLOW_UPS = [*settings.FOLLOW_UPS, "tests.feedback.test_follow_ups.reading"]
    monkeypatch.setattr(gathering, "most", 1)
    filed("một", "hai", "ba")
    followups.catch_up()
    sent, read = ["sent"], ["read"]
    turns = [read, read, ["một"], read, sent, ["hai"], sent, ["ba"], sent]
    assert turns == GOES
