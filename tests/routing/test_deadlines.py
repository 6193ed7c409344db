"""Deadlines: every convention of counting as a row, and the rules of the policies on their day."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.utils.translation import override

from routing import telling
from routing.calendar import (
    LOCAL,
    Calendar,
    DeadlineError,
    Hours,
    MissingCalendarError,
    current_calendar,
    is_on_duty,
)
from routing.deadlines import (
    TooManyExtensionsError,
    UnknownPolicyError,
    Variant,
    count,
    due,
    explain,
    working_days_left,
)
from routing.models import Agency, CalendarDay, PolicyStep

pytestmark = pytest.mark.django_db

HOURS = "07:30-11:30/13:00-17:00"
ROWS = list(csv.DictReader((Path(__file__).parent / "deadlines.csv").open(encoding="utf-8")))


def at(text: str) -> dt.datetime:
    moment = dt.datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=LOCAL)


def spans(text: str) -> list[tuple[dt.datetime, dt.datetime]]:
    pairs = [pause.split("/") for pause in text.split()]
    return [(at(begin), at(end)) for begin, end in pairs]


@pytest.mark.parametrize("row", ROWS, ids=[row["about"] for row in ROWS])
def test_the_conventions_of_counting(row: dict[str, str]) -> None:
    deadline = count(
        row["unit"], int(row["amount"]), at(row["start"]), spans(row["pauses"]), row["hours"] or HOURS
    )
    assert deadline.at == at(row["due"])
    in_days = row["unit"] in ("working_day", "calendar_day")
    assert deadline.legal_on == (at(row["due"]).date() if in_days else None)


@pytest.mark.parametrize("row", ROWS, ids=lambda r: r["about"])
def test_the_trace_counts_exactly_the_days_of_the_limit_and_ends_on_the_last(row: dict[str, str]) -> None:
    deadline = count(
        row["unit"], int(row["amount"]), at(row["start"]), spans(row["pauses"]), row["hours"] or HOURS
    )
    counted = [line.date for line in deadline.trace if line.counted]
    assert counted[-1] == deadline.trace[-1].date == deadline.at.date()
    assert deadline.trace[0].date == at(row["start"]).astimezone(LOCAL).date()
    if row["unit"].endswith("day"):
        assert len(counted) == int(row["amount"])


@pytest.mark.parametrize(
    ("unit", "amount", "start", "pauses", "still"),
    [
        # of the event's own day: the first day gives way, never the one on which it is due
        ("working_day", 3, "2026-11-02T09:00", "2026-11-02T10:00/2026-11-02T11:00", ["2026-11-03"]),
        ("working_day", 3, "2026-11-02T09:00", "2026-11-05T16:00/2026-11-06T08:00", ["2026-11-05"]),
        ("calendar_day", 3, "2026-11-02T09:00", "2026-11-02T10:00/2026-11-04T11:00",
         ["2026-11-03", "2026-11-04"]),
        ("calendar_day", 3, "2026-11-02T09:00", "2026-11-05T16:00/2026-11-10T08:00",
         ["2026-11-05", "2026-11-06", "2026-11-07", "2026-11-08", "2026-11-09"]),
        # begun on the working day to which a Sunday had moved the limit: the law's letter, decisions 6
        ("calendar_day", 4, "2026-11-04T09:00", "2026-11-09T08:00/2026-11-11T08:00",
         ["2026-11-05", "2026-11-09"]),
    ],
)  # fmt: skip
def test_the_trace_says_on_which_days_the_clock_stood_still(
    unit: str, amount: int, start: str, pauses: str, still: list[str]
) -> None:
    deadline = count(unit, amount, at(start), spans(pauses))
    days = [line.date.isoformat() for line in deadline.trace if "tạm dừng" in line.why]
    assert days == still
    assert deadline.trace[-1].counted


def test_a_limit_that_ends_at_midnight_ends_on_a_day_of_its_trace() -> None:
    last = count("clock_hour", 24, at("2026-11-02T00:00")).trace[-1]
    assert (last.date.isoformat(), last.counted) == ("2026-11-03", True)


def test_the_trace_names_every_day_with_its_reason() -> None:
    deadline = count("working_day", 3, at("2026-11-20T09:00"))
    assert [(line.date.isoformat(), line.counted, line.why) for line in deadline.trace] == [
        ("2026-11-20", False, "ngày xảy ra sự việc, không tính"),
        ("2026-11-21", False, "thứ Bảy"),
        ("2026-11-22", False, "Chủ nhật"),
        ("2026-11-23", True, "ngày làm việc thứ 1"),
        ("2026-11-24", False, "Ngày Văn hóa Việt Nam"),
        ("2026-11-25", True, "ngày làm việc thứ 2"),
        ("2026-11-26", True, "ngày làm việc thứ 3"),
    ]


def test_the_trace_of_calendar_days_tells_the_move() -> None:
    trace = count("calendar_day", 2, at("2026-11-20T09:00")).trace
    assert [(line.date.isoformat(), line.counted, line.why) for line in trace] == [
        ("2026-11-20", False, "ngày xảy ra sự việc, không tính"),
        ("2026-11-21", True, "ngày thứ 1"),
        ("2026-11-22", False, "Chủ nhật: hạn chuyển sang ngày làm việc kế tiếp"),
        ("2026-11-23", True, "ngày thứ 2, ngày làm việc kế tiếp"),
    ]


def test_the_trace_of_working_hours_tells_how_much_each_day_gave() -> None:
    trace = count("working_hour", 4, at("2026-11-23T16:15")).trace
    assert [(line.date.isoformat(), line.counted, line.why) for line in trace] == [
        ("2026-11-23", True, "tính 0 giờ 45 phút"),
        ("2026-11-24", False, "Ngày Văn hóa Việt Nam"),
        ("2026-11-25", True, "tính 3 giờ 15 phút"),
    ]


@pytest.mark.parametrize(
    ("unit", "amount", "start", "said"),
    [
        (
            "working_day",
            5,
            "2026-11-20T09:00",
            "Hạn thứ Hai 30/11/2026 17:00: 5 ngày làm việc sau ngày 20/11, trừ thứ Bảy, Chủ nhật và 24/11"
            " (Ngày Văn hóa Việt Nam)",
        ),
        (
            "working_day",
            1,
            "2026-11-25T09:00",
            "Hạn thứ Năm 26/11/2026 17:00: 1 ngày làm việc sau ngày 25/11",
        ),
        (
            "calendar_day",
            2,
            "2026-11-20T09:00",
            "Hạn thứ Hai 23/11/2026 17:00: 2 ngày sau ngày 20/11, chuyển sang ngày làm việc kế tiếp vì ngày"
            " cuối là ngày nghỉ",
        ),
        ("clock_hour", 2, "2026-11-20T23:00", "Hạn thứ Bảy 21/11/2026 01:00: 2 giờ kể từ 23:00 20/11"),
    ],
)
def test_a_deadline_is_explained_in_one_sentence(unit: str, amount: int, start: str, said: str) -> None:
    assert explain(count(unit, amount, at(start))) == said


def test_an_explained_pause_is_named() -> None:
    deadline = count("working_day", 3, at("2026-11-02T09:00"), spans("2026-11-03T09:00/2026-11-03T10:00"))
    assert explain(deadline).endswith("; đã trừ 1 ngày tạm dừng")


@pytest.mark.parametrize(
    ("unit", "amount", "start", "pauses", "hours", "said"),
    [
        ("weeks", 1, "2026-11-02T09:00", "", HOURS, "Không có đơn vị thời hạn 'weeks'"),
        ("working_day", -1, "2026-11-02T09:00", "", HOURS, "phải là số nguyên"),
        ("working_day", True, "2026-11-02T09:00", "", HOURS, "phải là số nguyên"),
        ("clock_hour", 100_001, "2026-11-02T09:00", "", HOURS, "phải là số nguyên"),
        (
            "working_day",
            1,
            "2026-11-02T09:00",
            "2026-11-04T09:00/2026-11-03T09:00",
            HOURS,
            "trước khi bắt đầu",
        ),
        ("working_day", 1, "2026-11-02T09:00", "", "7h30-17h", "không đúng mẫu"),
        ("working_day", 1, "2026-11-02T09:00", "", "25:00-26:00", "không tồn tại"),
        ("working_day", 1, "2026-11-02T09:00", "", "13:00-11:30", "chạy lùi"),
        ("working_day", 1, "2026-11-02T09:00", "", "07:30-11:30/11:00-17:00", "chạy lùi hoặc chồng nhau"),
        ("working_day", 1, "2027-12-31T09:00", "", HOURS, "Chưa có lịch làm việc năm 2028"),
        ("calendar_day", 30, "2027-12-15T09:00", "", HOURS, "Chưa có lịch làm việc năm 2028"),
        ("working_hour", 2, "2024-12-31T09:00", "", HOURS, "Chưa có lịch làm việc năm 2024"),
        ("clock_hour", 100_000, "9999-12-31T09:00", "", HOURS, "vượt quá lịch"),
    ],
)
def test_what_cannot_be_counted_is_refused_with_the_reason(
    unit: str, amount: int, start: str, pauses: str, hours: str, said: str
) -> None:
    with pytest.raises(DeadlineError, match=said):
        count(unit, amount, at(start), spans(pauses), hours)


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(DeadlineError, match="thiếu múi giờ"):
        count("working_day", 1, dt.datetime(2026, 11, 2, 9))


def test_a_missing_year_says_the_cure() -> None:
    with pytest.raises(MissingCalendarError, match=r"trang quản trị.*loadrefdata") as missing:
        Calendar({}, {}).is_working(dt.date(2030, 1, 1))
    assert missing.value.year == 2030


def test_years_have_the_working_days_that_the_government_announced() -> None:
    calendar = current_calendar()
    days = {
        year: sum(calendar.is_working(dt.date(year, 1, 1) + dt.timedelta(n)) for n in range(365))
        for year in (2025, 2026, 2027)
    }
    assert days == {2025: 250, 2026: 249, 2027: 249}


def test_a_day_off_entered_by_an_administrator_counts_at_once_and_names_another_version() -> None:
    before = count("working_day", 1, at("2026-12-07T09:00"))
    CalendarDay.objects.create(
        date="2026-12-08", year_id=2026, kind="off", name="Nghỉ đột xuất", status="official"
    )
    after = count("working_day", 1, at("2026-12-07T09:00"))
    assert (before.at.day, after.at.day) == (8, 9)
    assert before.calendar_version != after.calendar_version
    assert before.calendar_version.startswith("2026-")


@pytest.mark.parametrize(
    ("policy", "step", "variant", "start", "due_at", "legal", "article"),
    [
        ("field-3d", "resolve", Variant(), "2026-11-02T09:00", "2026-11-05T17:00", "no", "Đà Nẵng QĐ 960"),
        (
            "field-3d",
            "resolve",
            Variant(extensions=1),
            "2026-11-02T09:00",
            "2026-11-10T17:00",
            "no",
            "Đà Nẵng",
        ),
        ("field-7d", "accept", Variant(), "2026-11-02T16:00", "2026-11-03T16:00", "no", "Hue-S"),
        ("urgent-safety", "resolve", Variant(), "2026-11-02T09:00", "2026-11-02T14:30", "no", "iHanoi"),
        ("procedure-15wd", "transfer", Variant(), "2026-11-02T09:00", "2026-11-09T17:00", "yes", "20/2008"),
        ("policy-20wd", "progress", Variant(), "2026-11-02T09:00", "2026-11-11T17:00", "no", "852"),
        ("complaint-first", "accept", Variant(), "2026-11-02T09:00", "2026-11-11T17:00", "yes", "155/2026"),
        ("complaint-first", "accept", Variant(), "2026-03-02T09:00", "2026-03-12T17:00", "yes", "Điều 27"),
        ("complaint-first", "resolve", Variant(), "2026-08-03T09:00", "2026-09-03T17:00", "yes", "Điều 28"),
        (
            "complaint-first",
            "resolve",
            Variant(complex=True),
            "2026-03-02T09:00",
            "2026-04-16T17:00",
            "yes",
            "3a",
        ),
        (
            "complaint-first",
            "resolve",
            Variant(remote=True),
            "2026-03-02T09:00",
            "2026-04-16T17:00",
            "yes",
            "28",
        ),
        (
            "complaint-first",
            "resolve",
            Variant(remote=True, complex=True, instance=2),
            "2026-03-02T09:00",
            "2026-05-11T17:00",
            "yes",
            "Điều 37",
        ),
        (
            "denunciation",
            "accept",
            Variant(complex=True),
            "2026-11-02T09:00",
            "2026-11-16T17:00",
            "yes",
            "24",
        ),
        (
            "denunciation",
            "resolve",
            Variant(extensions=2),
            "2026-03-02T09:00",
            "2026-06-03T17:00",
            "yes",
            "30",
        ),
        ("denunciation", "extend", Variant(), "2026-04-01T17:00", "2026-05-04T17:00", "yes", "Điều 30"),
    ],
)
def test_policies_date_their_steps(
    policy: str, step: str, variant: Variant, start: str, due_at: str, legal: str, article: str
) -> None:
    began = at(start)
    deadline = due(policy, step, start=began, hours=HOURS, variant=variant, on=began.date())
    assert deadline.at == at(due_at)
    assert deadline.legal == legal
    assert article in deadline.article
    assert (deadline.policy, deadline.version) == (policy, "2026.11.21")


def test_what_the_law_wants_at_once_ends_on_that_day_worked_or_not() -> None:
    """Luật Tố cáo 2018, Điều 27; the first day of Tết 2027 is a Saturday."""
    found = due("denunciation", "crime", start=at("2027-02-06T09:00"), hours=HOURS, on=dt.date(2027, 2, 6))
    assert (f"{found.at:%Y-%m-%dT%H:%M}", found.legal_on) == ("2027-02-06T23:59", dt.date(2027, 2, 6))
    assert explain(found) == "Hạn thứ Bảy 06/02/2027 23:59: ngay trong ngày"
    with override("en"):
        assert telling.reason(explain(found)).endswith("on that very day")


def test_an_extension_counts_from_the_old_due_moment() -> None:
    began, on = at("2026-11-02T09:00"), dt.date(2026, 11, 2)
    old = due("field-3d", "resolve", start=began, hours=HOURS, on=on)
    extended = due("field-3d", "extend", start=old.at, hours=HOURS, on=on)
    whole = due("field-3d", "resolve", start=began, hours=HOURS, variant=Variant(extensions=1), on=on)
    assert extended.at == whole.at
    assert explain(whole).endswith("; đã gia hạn")


@pytest.mark.parametrize(
    ("policy", "step", "variant"),
    [
        ("field-3d", "resolve", Variant(extensions=2)),
        ("field-3d", "extend", Variant(extensions=1)),
        ("denunciation", "resolve", Variant(extensions=3)),
    ],
)
def test_more_extensions_than_the_policy_allows_are_refused(policy: str, step: str, variant: Variant) -> None:
    with pytest.raises(TooManyExtensionsError, match="gia hạn nhiều nhất"):
        due(policy, step, start=at("2026-03-02T09:00"), hours=HOURS, variant=variant, on=dt.date(2026, 3, 2))


@pytest.mark.parametrize(
    ("policy", "step"), [("no-such", "resolve"), ("urgent-safety", "extend"), ("complaint-first", "extend")]
)
def test_a_policy_or_step_that_is_not_there_is_named(policy: str, step: str) -> None:
    with pytest.raises(UnknownPolicyError, match=policy):
        due(policy, step, start=at("2026-03-02T09:00"), hours=HOURS, on=dt.date(2026, 3, 2))


def test_a_limit_edited_by_an_administrator_holds_at_once() -> None:
    step = PolicyStep.objects.get(policy="field-3d", step="resolve")
    step.amount = 1
    step.save()
    on = dt.date(2026, 11, 2)
    assert due("field-3d", "resolve", start=at("2026-11-02T09:00"), hours=HOURS, on=on).at.day == 3


def test_a_policy_changed_from_tomorrow_holds_for_what_starts_tomorrow() -> None:
    old = PolicyStep.objects.get(policy="field-3d", step="resolve")
    old.valid_to = dt.date(2026, 11, 2)
    old.save()
    PolicyStep.objects.create(
        **{name: getattr(old, name) for name in ("policy", "step", "unit", "legal", "article")},
        amount=1,
        valid_from=dt.date(2026, 11, 3),
    )
    days = [
        due("field-3d", "resolve", start=at(start), hours=HOURS, on=at(start).date()).at.day
        for start in ("2026-11-02T23:59", "2026-11-03T00:01")
    ]
    assert days == [5, 4]


def test_an_extension_follows_the_rule_of_the_day_on_which_it_was_granted() -> None:
    old = PolicyStep.objects.get(policy="field-3d", step="extend")
    old.valid_to = dt.date(2026, 11, 3)
    old.save()
    PolicyStep.objects.create(
        **{name: getattr(old, name) for name in ("policy", "step", "unit", "legal")},
        amount=1,
        max_times=2,
        valid_from=dt.date(2026, 11, 4),
    )
    began, on = at("2026-11-02T09:00"), dt.date(2026, 11, 2)

    def ends(*granted: int) -> dt.datetime:
        days = [dt.date(2026, 11, day) for day in granted]
        return due("field-3d", "resolve", start=began, hours=HOURS, on=on, granted=days).at

    assert [ends().day, ends(3).day, ends(4).day, ends(3, 5).day] == [5, 10, 6, 11]
    with pytest.raises(TooManyExtensionsError, match="nhiều nhất 1"):
        ends(3, 3)


def test_a_province_has_limits_of_its_own_but_none_that_the_law_sets() -> None:
    row = PolicyStep.objects.get(policy="urgent-safety", step="resolve")
    PolicyStep.objects.create(
        policy=row.policy, step="resolve", province_id="48", unit="clock_hour", amount=2
    )
    began, on = at("2026-11-06T20:00"), dt.date(2026, 11, 6)
    there, elsewhere = (
        due("urgent-safety", "resolve", start=began, hours=HOURS, on=on, province=province).at
        for province in ("48", "79")
    )
    assert (there, elsewhere) == (at("2026-11-06T22:00"), at("2026-11-09T11:30"))
    lawful = PolicyStep.objects.filter(policy="complaint-first", step="accept").last()
    assert lawful
    lawful.pk, lawful.province_id = None, "48"
    with pytest.raises(ValidationError, match="luật định"):
        lawful.full_clean()


TET = "2026-02-14T23:30"  # a Saturday night; offices open again on Monday the 23rd


@pytest.mark.parametrize(
    ("policy", "step", "on_duty", "ends"),
    [
        ("urgent-safety", "resolve", False, "2026-02-23T11:30"),
        ("urgent-safety", "resolve", True, "2026-02-15T03:30"),
        ("urgent-safety", "accept", True, "2026-02-15T01:30"),
        ("utility-24h", "resolve", True, "2026-02-15T23:30"),
        ("field-5d", "accept", True, "2026-02-23T17:00"),  # not urgent
        ("urgent-noise", "resolve", True, "2026-02-23T17:00"),  # in days
    ],
)
def test_urgent_hours_run_at_night_where_somebody_is_on_duty(
    policy: str, step: str, on_duty: bool, ends: str
) -> None:
    began = at(TET)
    found = due(policy, step, start=began, hours=HOURS, on=began.date(), on_duty=on_duty)
    assert found.at == at(ends)
    assert ("trực 24/7" in explain(found)) is (on_duty and policy == "urgent-safety")


def test_police_and_works_are_on_duty_and_an_administrator_may_say_otherwise() -> None:
    assert all(is_on_duty(code) for code in ("commune-police:20242", "drainage-company:48"))
    assert not any(is_on_duty(code) for code in ("commune-people-committee:20242", "power-company", "", None))
    police = Agency.objects.get(pk="commune-police:20242")
    police.round_the_clock = False
    police.save()
    assert not is_on_duty("commune-police:20242")


def test_the_calendar_names_every_span_of_its_years() -> None:
    calendar = current_calendar()
    assert len(calendar.versions()) == 6
    assert calendar.version(dt.date(2025, 12, 30), dt.date(2027, 1, 4)) in calendar.versions()


def test_office_time_over_years_is_that_of_each_day() -> None:
    calendar, hours = current_calendar(), Hours.parse(HOURS)
    begin, end = at("2025-12-30T09:15"), at("2027-03-01T14:20")
    days = [begin.date() + dt.timedelta(n) for n in range((end.date() - begin.date()).days + 1)]
    spans = [span for day in days for span in calendar.sessions(day, hours)]
    spent = (min(end, closing) - max(begin, opening) for opening, closing in spans)
    assert calendar.office_time(begin, end, hours) == sum(
        (one for one in spent if one > dt.timedelta(0)), dt.timedelta(0)
    )
    assert calendar.office_time(end, begin, hours) == dt.timedelta(0)
    with pytest.raises(MissingCalendarError):
        calendar.office_time(begin, at("2090-01-04T08:00"), hours)


def test_working_days_left_are_counted_in_office_time() -> None:
    assert working_days_left(at("2026-11-05T13:00"), at("2026-11-06T17:00")) == 1.5
    assert working_days_left(at("2026-11-20T17:00"), at("2026-11-25T17:00")) == 2.0
    assert working_days_left(at("2026-11-09T17:00"), at("2026-11-06T17:00")) == -1.0


def test_office_hours_know_their_length_and_close() -> None:
    hours = Hours.parse(HOURS)
    assert hours.length == dt.timedelta(hours=8)
    assert hours.close == dt.time(17)


@pytest.mark.slow
def test_the_holidays_package_agrees_but_for_the_swap_it_lacks() -> None:
    holidays = pytest.importorskip("holidays")
    known = holidays.country_holidays("VN", years=[2025, 2026])
    calendar = current_calendar()
    days = [dt.date(2025, 1, 1) + dt.timedelta(n) for n in range(730)]
    differing = [day.isoformat() for day in days if known.is_working_day(day) != calendar.is_working(day)]
    assert differing == ["2026-01-02", "2026-01-10"]
