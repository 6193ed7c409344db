"""The day's cube: exactly once, from Steps alone, and nothing of what a person may not know."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from statistics import median_low
from typing import Any

import pytest
import time_machine
from django.db.models import Sum
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Role
from feedback import followups
from feedback.cube import chains, closing, forecasting, reading, table
from feedback.cube.counting import COUNT, rebuild
from feedback.cube.figures import FLOWS, STOCKS, Told
from feedback.cube.workdays import Workdays
from feedback.models import CountedDay, DayCount, FollowUp, Forecast, Petition, Step
from feedback.permissions import SYSTEM
from feedback.steps import take
from routing.calendar import LOCAL
from tests import make

pytestmark = pytest.mark.django_db

KEY = ("territory", "figure", "day", "agency", "subfield", "kind", "channel", "bucket", "party")


def sums(*figures: str) -> dict[Any, int]:
    """Every cell, whenever it was counted."""
    rows = DayCount.objects.filter(figure__in=figures) if figures else DayCount.objects.all()
    return {row[:-1]: row[-1] for row in rows.values_list(*KEY).annotate(Sum("n")) if row[-1]}


def flows() -> dict[Any, int]:
    return sums(*FLOWS, "waited")


@pytest.mark.long
def test_counted_step_by_step_and_counted_anew_are_the_same() -> None:
    for state in make.WAYS:
        make.petition(state, anew=True)
    followups.catch_up(limit=2000)
    counted = flows()
    assert counted
    rebuild()
    assert flows() == counted


def contested_in_hanoi(petition: Petition) -> None:
    """Its refusal is contested, its place told anew, and it is received there."""
    take(petition, "contest", by=make.holder(petition), text="Tôi không đồng ý")
    petition = Petition.objects.get(pk=petition.pk)
    petition.place_at("", "01", basis="picked")
    petition.save()
    take(petition, "receive", by=make.focal_point("01"), subfield=make.SIDEWALK)


@pytest.mark.long
def test_what_moves_is_written_under_the_day_of_its_step_by_either_way() -> None:
    filed = dt.datetime(2026, 11, 18, 9, tzinfo=LOCAL)
    with time_machine.travel(filed, tick=False):
        petition = make.petition("rejected", anew=True)
        followups.catch_up(limit=2000)
    with time_machine.travel(filed + dt.timedelta(days=5), tick=False):
        closing.close_days()
        contested_in_hanoi(petition)
        followups.catch_up(limit=2000)
        counted = _dated()
        moved = [(row["territory"], row["n"]) for row in counted if row["counted_on"] > row["day"]]
        assert moved
        assert sum(n for _territory, n in moved) == 0
        rebuild()
    assert _dated() == counted


def _dated() -> list[dict[str, Any]]:
    rows = DayCount.objects.filter(figure__in=[*FLOWS, "waited"]).exclude(n=0)
    return list(rows.order_by(*KEY, "counted_on").values(*KEY, "counted_on", "n"))


@pytest.mark.long
def test_a_proposal_is_settled_by_the_first_person_and_spam_is_counted_when_it_turns_out() -> None:
    proposed, spam = make.petition("submitted", anew=True), make.petition("submitted", anew=True)
    take(proposed, "receive", by=SYSTEM, subfield=make.SIDEWALK, provisional=True)
    take(proposed, "assign", by=SYSTEM, agency=make.HAI_CHAU, provisional=True)
    for _again in range(2):
        make.STEPS_TO["return_"](proposed, {"lead": make.HAI_CHAU})
        take(proposed, "assign", by=make.focal_point(), agency=make.HAI_CHAU)
    take(spam, "receive", by=make.focal_point(), kind="spam")
    followups.catch_up(limit=2000)
    counted = {figure: sum(sums(figure).values()) for figure in ("spam", "proposed", "confirmed")}
    assert counted == {"spam": 1, "proposed": 1, "confirmed": 1}


@pytest.mark.long
def test_a_step_counts_once_whoever_counts_it_again() -> None:
    petition = make.petition("received", anew=True)
    followups.catch_up()
    before = sums()
    for row in FollowUp.objects.filter(step__petition=petition, consumer=COUNT):
        assert followups.follow_up(row.pk) is False
    followups.catch_up()
    assert sums() == before
    received = DayCount.objects.get(figure="received")
    assert (received.n, received.agency, received.territory) == (1, make.FOCAL_POINT, "48")


@pytest.mark.long
def test_what_is_counted_late_corrects_a_day_that_is_over_under_its_own_date() -> None:
    made = dt.datetime(2026, 11, 18, 9, tzinfo=LOCAL)
    with time_machine.travel(made, tick=False):
        make.petition("received", anew=True)
    with time_machine.travel(made + dt.timedelta(days=2), tick=False):
        followups.catch_up()
    row = DayCount.objects.get(figure="received")
    assert (row.day, row.counted_on) == (dt.date(2026, 11, 18), dt.date(2026, 11, 20))


@pytest.mark.long
def test_what_was_counted_late_stays_under_its_day_when_all_is_counted_anew() -> None:
    made = dt.datetime(2026, 10, 31, 20, tzinfo=LOCAL)
    with time_machine.travel(made, tick=False):
        late, lost = make.petition("received", anew=True), make.petition("received", anew=True)
    with time_machine.travel(made + dt.timedelta(days=2), tick=False):
        closing.close_days()
        followups.catch_up()
        counted = _dated()
    with time_machine.travel(made + dt.timedelta(days=9), tick=False):
        rebuild()
        assert _dated() == counted
        # One of them was never there: what was said of it stays said, and is taken back under today.
        cell = chains.Cell("48", "received", made.date(), make.FOCAL_POINT, "", "report", "web", "", "person")
        _add({cell: 3}, counted_on=made.date() + dt.timedelta(days=2))
        wrong = _dated()
        rebuild()
        assert [row for row in _dated() if row["counted_on"] < made.date() + dt.timedelta(days=9)] == wrong
        assert sum(n for key, n in sums("received").items()) == len({late, lost})


@pytest.mark.long
def test_what_still_waits_is_not_counted_twice_by_counting_anew() -> None:
    make.petition("received", anew=True)
    rebuild()
    assert flows() == {}
    followups.catch_up()
    counted = flows()
    rebuild()
    assert flows() == counted != {}


@pytest.mark.long
def test_a_return_is_charged_to_whoever_returned_and_a_transfer_to_whoever_passed_it_on() -> None:
    make.petition("returned", anew=True)
    held = make.petition("in_progress", anew=True)
    take(held, "transfer", by=make.focal_point(), agency=make.CONSTRUCTION, reason="Đường tỉnh")
    followups.catch_up()
    charged = {
        (row.figure, row.agency) for row in DayCount.objects.filter(figure__in=["returned", "passed_on"])
    }
    assert charged == {("returned", make.HAI_CHAU), ("passed_on", make.HAI_CHAU)}
    assert DayCount.objects.filter(figure="given", agency=make.CONSTRUCTION).exists()


@pytest.mark.long
@pytest.mark.parametrize("key", list(FLOWS))
def test_the_rule_that_counts_and_the_list_behind_agree(key: str) -> None:
    flow = FLOWS[key]
    for state in make.WAYS:
        make.petition(state)
    told = [step for chain in closing.chains(Step.objects.all()) for step in _counted(chain, key)]
    assert sorted(flow.steps().values_list("petition_id", "seq")) == sorted(told)
    watcher = make.user(Role.SUPERVISOR, province="48")
    rebuild()
    DayCount.objects.all().delete()
    FollowUp.objects.all().delete()
    rebuild()
    period = reading.Period(dt.date(2020, 1, 1), dt.date(2030, 1, 1))
    everything = reading.flows(reading.Scope(watcher), period, by="agency")
    for agency, counted in everything.items():
        behind = reading.behind(flow, reading.Scope(watcher, agency=agency), period)
        events = flow.charged_to(agency).filter(petition__in=behind).count()
        assert events == counted[key]


def _counted(chain: list[Told], key: str) -> list[tuple[int, int]]:
    lengths = range(1, len(chain) + 1)
    return [(chain[0].petition_id, n) for n in lengths if FLOWS[key].holds(chain[:n])]


# --- the end of a day ---------------------------------------------------------------------------------------

MONDAY = dt.datetime(2026, 11, 16, 9, tzinfo=LOCAL)


def test_what_stands_at_the_end_of_a_day_is_counted_once_and_stays() -> None:
    with time_machine.travel(MONDAY, tick=False):
        petition = make.petition("assigned", anew=True)
    with time_machine.travel(MONDAY + dt.timedelta(days=1), tick=False):
        assert closing.close_days() == [dt.date(2026, 11, 16)]
        assert closing.close_days() == []
        take(petition, "withdraw", by=make.holder(petition))
    with time_machine.travel(MONDAY + dt.timedelta(days=4), tick=False):
        assert len(closing.close_days()) == 3
    stood = {(day, bucket) for _t, _f, day, *_cell, bucket, _party in sums("open")}
    assert stood == {(dt.date(2026, 11, 16), "assigned")}
    kept = sums(*STOCKS)
    with time_machine.travel(MONDAY + dt.timedelta(days=4), tick=False):
        rebuild()
    assert sums(*STOCKS) == kept


@pytest.mark.parametrize("late_by", [0, 1, 4, 11, 31])
def test_overdue_at_a_days_end_is_told_by_stage_and_age(late_by: int) -> None:
    with time_machine.travel(MONDAY, tick=False):
        petition = make.petition("assigned", anew=True)
    due = Step.objects.filter(petition=petition).latest("seq").due_at
    assert due is not None
    end = dt.datetime.combine(
        due.astimezone(LOCAL).date() + dt.timedelta(days=late_by + 1), dt.time(1), LOCAL
    )
    with time_machine.travel(end, tick=False):
        CountedDay.objects.create(day=end.date() - dt.timedelta(days=2), at=end)
        closing.close_days()
    (bucket,) = [key[-2] for key in sums("overdue")]
    assert bucket == f"assigned:{'aabcd'[[0, 1, 4, 11, 31].index(late_by)]}"


def test_who_waits_for_the_citizen_is_not_overdue_unless_he_was_before() -> None:
    with time_machine.travel(MONDAY, tick=False):
        petition = make.petition("in_progress", anew=True)
        take(petition, "ask", by=make.handler(), question="Ở đâu?")
    month_later = MONDAY + dt.timedelta(days=30)
    with time_machine.travel(month_later, tick=False):
        CountedDay.objects.create(day=month_later.date() - dt.timedelta(days=2), at=month_later)
        closing.close_days()
    assert [key[1] for key in sums(*STOCKS)] == ["open"]


def _add(cells: Mapping[chains.Cell, int], *, counted_on: dt.date | None = None) -> None:
    """Each under its own day, or under the one on which it was counted."""
    table.add_dated({(cell, counted_on or cell.day): n for cell, n in cells.items()})


# --- what will be late --------------------------------------------------------------------------------------


def _answered_after(days: int, number: int) -> None:
    """Invented counts: `number` answers of Hải Châu that took so many working days."""
    cell = chains.Cell("48", "waited", dt.date(2026, 11, 10), make.HAI_CHAU, make.SIDEWALK, "report", "web")
    _add({cell._replace(bucket=str(days)): number})


@pytest.mark.parametrize(("usual", "late"), [(2, False), (40, True)])
def test_an_open_petition_is_expected_late_where_the_usual_time_is_longer_than_what_is_left(
    usual: int, late: bool
) -> None:
    _answered_after(usual, 9)
    with time_machine.travel(MONDAY, tick=False):
        petition = make.petition("in_progress", anew=True)
    with time_machine.travel(MONDAY + dt.timedelta(days=1), tick=False):
        closing.close_days()
        now = timezone.now()
        watcher = make.user(Role.SUPERVISOR, province="48")
        seen = Petition.objects.visible_to(watcher)
        assert (petition in reading.will_be_late(seen, now)) is late
        of = Forecast.objects.values_list("territory", "agency", "subfield")
        assert list(of) == ([("48", make.HAI_CHAU, make.SIDEWALK)] if late else [])


def test_nothing_is_expected_from_a_handful_of_answers() -> None:
    _answered_after(40, forecasting.FEWEST - 1)
    with time_machine.travel(MONDAY, tick=False):
        make.petition("in_progress", anew=True)
    with time_machine.travel(MONDAY + dt.timedelta(days=1), tick=False):
        closing.close_days()
    assert not Forecast.objects.exists()


# --- whose numbers ------------------------------------------------------------------------------------------


@pytest.mark.long
def test_a_number_never_tells_of_what_is_kept_from_him_who_reads_it() -> None:
    own = make.petition("received", anew=True)
    other = make.petition("received", anew=True)
    followups.catch_up()
    watcher = make.user(Role.SUPERVISOR, province="48")
    today = timezone.localdate()
    period = reading.Period(today, today)
    assert reading.totals(reading.flows(reading.Scope(watcher), period, by="agency"))["received"] == 2
    Petition.objects.filter(pk=own.pk).update(petitioner=watcher)
    assert reading.totals(reading.flows(reading.Scope(watcher), period, by="agency"))["received"] == 1
    assert list(reading.behind(FLOWS["received"], reading.Scope(watcher), period)) == [other]


@pytest.mark.long
def test_two_supervisors_of_two_provinces_count_their_own() -> None:
    make.petition("received", anew=True)
    make.petition("submitted", anew=True)
    followups.catch_up()
    today = timezone.localdate()
    period = reading.Period(today, today)
    counted = {
        province: reading.totals(
            reading.flows(reading.Scope(make.user(Role.SUPERVISOR, province=province)), period, by="subfield")
        )
        for province in ("48", "01")
    }
    assert (counted["48"]["submitted"], counted["01"]) == (2, Counter())


def test_working_days_leave_out_days_off_and_stop_where_no_calendar_is() -> None:
    days = Workdays()
    assert days.between(dt.date(2026, 11, 20), dt.date(2026, 11, 25)) == 2  # a weekend and 24/11
    assert days.between(dt.date(2019, 1, 1), dt.date(2026, 1, 1)) is None
    assert days.after(dt.date(2026, 11, 20), 2) == dt.date(2026, 11, 25)


@pytest.mark.long
def test_what_came_of_an_expectation_is_noted_and_told_as_a_rate() -> None:
    _answered_after(40, 9)
    with time_machine.travel(MONDAY, tick=False):
        kept, late, open_ = (make.petition("in_progress", anew=True) for _number in "abc")
    with time_machine.travel(MONDAY + dt.timedelta(days=1), tick=False):
        closing.close_days()
        _answer(kept)
    with time_machine.travel(MONDAY + dt.timedelta(days=30), tick=False):
        _answer(late)
        Petition.objects.filter(pk=open_.pk).update(paused_at=timezone.now() - dt.timedelta(days=28))
    with time_machine.travel(MONDAY + dt.timedelta(days=31), tick=False):
        followups.catch_up()
        closing.close_days()
        told = dict(Forecast.objects.values_list("petition_id", "came_late"))
        assert told == {kept.pk: False, late.pk: True, open_.pk: None}
        watcher = make.user(Role.SUPERVISOR, province="48")
        rate = reading.hit_rate(reading.Scope(watcher), Petition.objects.visible_to(watcher), timezone.now())
    assert rate == reading.HitRate(decided=2, late=1, late_in_all=1)
    assert rate.share == 0.5


def _answer(petition: Petition) -> None:
    take(petition, "draft_reply", by=make.handler(), **make.ANSWER)
    take(petition, "approve", by=make.approver())


@pytest.mark.long
def test_an_answer_that_was_warned_of_is_counted_once_and_by_each_warning() -> None:
    said = "Đã tiếp nhận và sẽ xem xét, giải quyết theo quy định."
    answer = {"outcome": "resolved", "text": said, "evidence": "Biên bản 12/BB."}
    petition = make.petition("answered", answer=answer, anew=True)
    followups.catch_up()
    warned = petition.steps.get(action="approve").facts["empty"]
    assert "too_general" in warned
    rows = DayCount.objects.filter(figure="empty").values_list("bucket", "n")
    assert dict(rows) == {"": 1} | dict.fromkeys(warned, 1)


@pytest.mark.long
def test_what_comes_to_another_province_is_counted_there_and_is_gone_here() -> None:
    petition = make.petition("rejected", anew=True)
    followups.catch_up(limit=2000)
    here, there = (make.user(Role.SUPERVISOR, province=province) for province in ("48", "01"))
    contested_in_hanoi(petition)
    followups.catch_up(limit=2000)
    today = timezone.localdate()
    period = reading.Period(today, today)
    for watcher, expected in ((here, 0), (there, 1)):
        scope = reading.Scope(watcher)
        counted = reading.totals(reading.flows(scope, period, by="agency"))
        for key in ("submitted", "refused", "contested", "received"):
            listed = reading.behind(FLOWS[key], scope, period).count()
            assert (counted[key], listed) == (expected, expected), key
    kept = flows()
    rebuild()
    assert flows() == kept


@pytest.mark.long
def test_where_the_machine_finds_another_province_nothing_is_left_at_home() -> None:
    petition = make.petition(
        "submitted", anew=True, text="Đường Láng, phường Láng, Hà Nội ngập nặng.", commune=""
    )
    followups.catch_up(limit=2000)
    petition = Petition.objects.get(pk=petition.pk)
    Petition.objects.filter(pk=petition.pk).update(territory="01", lead="feedback-focal-point:01")
    take(petition, "inform", by=make.holder(petition), text="Ở Hà Nội")
    followups.catch_up(limit=2000)
    assert {key[0] for key in flows() if key[1] == "submitted"} == {"01"}
    kept = flows()
    rebuild()
    assert flows() == kept


def test_what_waits_of_a_hidden_petition_is_not_taken_off() -> None:
    own = make.petition("received", anew=True)
    watcher = make.user(Role.SUPERVISOR, province="48")
    Petition.objects.filter(pk=own.pk).update(petitioner=watcher)
    today = timezone.localdate()
    counted = reading.totals(reading.flows(reading.Scope(watcher), reading.Period(today, today), by="agency"))
    assert not any(counted.values())


@pytest.mark.long
def test_days_of_silence_forget_as_much_as_counting_anew() -> None:
    with time_machine.travel(MONDAY, tick=False):
        make.petition("assigned", anew=True)
    for day in (1, 300, 401, 408):
        with time_machine.travel(MONDAY + dt.timedelta(days=day), tick=False):
            closing.close_days()
    with time_machine.travel(MONDAY + dt.timedelta(days=408), tick=False):
        kept = sums(*STOCKS)
        rebuild()
    assert sums(*STOCKS) == kept


def test_a_wait_that_came_to_another_province_is_one_wait() -> None:
    cell = chains.Cell(
        "48", "waited", dt.date(2026, 11, 10), make.HAI_CHAU, make.SIDEWALK, "report", "web", "7"
    )
    _add({cell: 1})
    _add({cell: -1, cell._replace(territory="01"): 1}, counted_on=dt.date(2026, 11, 12))
    assert next(forecasting.windows([dt.date(2026, 11, 15)])).by_both == {
        (make.HAI_CHAU, "urban-infrastructure"): {7: 1}
    }


def test_what_is_kept_of_old_days_is_added_to_and_told_anew_once_all_is_made_anew() -> None:
    today, old = timezone.localdate(), timezone.localdate() - dt.timedelta(days=9)
    cell = chains.Cell("48", "received", old, make.FOCAL_POINT, "", "report", "web")
    scope = reading.Scope(make.user(Role.SUPERVISOR, province="48"))
    closing.close_days(timezone.now())
    _add({cell: 5})

    def told() -> int:
        again = reading.Scope(scope.user)
        return reading.totals(reading.flows(again, reading.Period(old, today), by="agency"))["received"]

    assert told() == 5
    _add({cell: 2}, counted_on=today)
    _add({cell._replace(day=today): 1})
    assert told() == 8
    rebuild()
    closing.close_days(timezone.now())
    assert told() == 0


@pytest.mark.long
def test_expectations_are_told_of_whose_they_were_and_never_of_what_is_kept_from_the_reader() -> None:
    """Of Hải Châu, which holds it no longer; of nobody yet; of the other province."""
    now, day = timezone.now(), timezone.localdate() - dt.timedelta(days=12)
    closing.close_days(now)
    own = {"territory": "48", "agency": make.HAI_CHAU, "subfield": make.SIDEWALK}
    of = [own, {"territory": "48"}, own | {"territory": "01"}]
    first, *_others = (_expected(make.petition("in_progress", anew=True), day, **one) for one in of)
    watcher = make.user(Role.SUPERVISOR, province="48")

    def decided(**narrowed: str) -> int:
        scope = reading.Scope(watcher, **narrowed)
        rate = reading.hit_rate(scope, Petition.objects.visible_to(watcher), now)
        return rate.decided if rate else 0

    asked: list[dict[str, str]] = [
        *({}, {"agency": make.HAI_CHAU}, {"agency": reading.UNKNOWN}),
        *({"field": "urban-infrastructure"}, {"field": "transport"}),
    ]
    assert [decided(**one) for one in asked] == [2, 1, 1, 1, 0]
    narrow = reading.hit_rate(reading.Scope(watcher, agency=make.HAI_CHAU), Petition.objects.all(), now)
    assert narrow == reading.HitRate(decided=1, late=1), "who was late in all goes by who has it now"
    Petition.objects.filter(pk=first.petition_id).update(petitioner=watcher)
    assert [decided(**one) for one in asked] == [1, 0, 1, 0, 0]


def _expected(petition: Petition, day: dt.date, **of: str) -> Forecast:
    """Expected late at that day's end, and it came so."""
    days = {"made_on": day, "held_on": day, "expected_on": day}
    return Forecast.objects.create(petition=petition, came_late=True, **days, **of)


def test_what_went_to_another_province_is_told_there_from_the_next_night_on() -> None:
    petition, day = make.petition("in_progress", anew=True), timezone.localdate() - dt.timedelta(days=12)
    _expected(petition, day, territory="01")
    forecasting.decide(timezone.localdate())
    assert Forecast.objects.get().territory == petition.territory_id == "48"


@pytest.mark.parametrize("ending", ["withdraw", "seal"])
def test_what_was_expected_late_and_came_so_is_among_all_that_was_late_however_it_ended(ending: str) -> None:
    watcher, now = make.user(Role.SUPERVISOR, province="48"), timezone.now()
    petition = make.petition("in_progress", anew=True, now=now - dt.timedelta(days=40))
    _expected(petition, timezone.localdate() - dt.timedelta(days=12), territory="48")
    closing.close_days(now)
    if ending == "withdraw":
        take(petition, "withdraw", by=make.holder(petition))
    else:
        take(petition, "seal", by=make.officer(), kind="denunciation")
    rate = reading.hit_rate(reading.Scope(watcher), Petition.objects.visible_to(watcher), now)
    assert rate == reading.HitRate(decided=1, late=1, late_in_all=1)


@pytest.mark.long
def test_what_moves_waits_until_all_before_it_is_counted() -> None:
    petition = make.petition("rejected", anew=True)
    waiting = FollowUp.objects.filter(step__petition=petition, consumer=COUNT)
    waiting.update(next_try_at=timezone.now() + dt.timedelta(days=1))
    contested_in_hanoi(petition)
    followups.catch_up(limit=2000)
    assert all(n > 0 for n in flows().values())
    FollowUp.objects.filter(done_at=None).update(next_try_at=timezone.now(), claimed_until=None)
    for _round in range(2):
        followups.catch_up(limit=2000)
        FollowUp.objects.filter(done_at=None).update(next_try_at=timezone.now(), claimed_until=None)
    kept = flows()
    assert {key[0] for key in kept} == {"01"}
    rebuild()
    assert flows() == kept


@pytest.mark.long
@given(st.dictionaries(st.integers(0, 400), st.integers(1, 9), max_size=20))
def test_the_middle_of_numbers_that_each_came_so_often(counted: dict[int, int]) -> None:
    spelt_out = [number for number, times in counted.items() for _time in range(times)]
    assert reading._middle(counted) == (median_low(spelt_out) if spelt_out else None)
