"""The clock in three ways: the moment, how long from now, and why; late and soon never by colour alone."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from feedback import followups
from feedback.models import Clock, Petition
from feedback.steps import take
from feedback.timing import left_until, reason, timing
from feedback.workflow import OPEN
from routing.deadlines import rule
from routing.models.agencies import OFFICE_HOURS
from tests import make

pytestmark = pytest.mark.django_db
HERE = ZoneInfo("Asia/Ho_Chi_Minh")
# A Monday at 08:00 with no day off near it.
NOW = dt.datetime(2026, 10, 12, 8, 0, tzinfo=HERE)


@pytest.mark.parametrize(
    ("due", "left", "tone", "icon"),
    [
        (dt.datetime(2026, 10, 16, 17, 0, tzinfo=HERE), "Còn 4 ngày làm việc", "", "clock"),
        (dt.datetime(2026, 10, 19, 16, 0, tzinfo=HERE), "Còn 5 ngày làm việc", "", "clock"),
        (dt.datetime(2026, 10, 12, 11, 0, tzinfo=HERE), "Còn 3 giờ làm việc", "soon", "hourglass"),
        (dt.datetime(2026, 10, 12, 8, 10, tzinfo=HERE), "Còn chưa tới 1 giờ làm việc", "soon", "hourglass"),
        (dt.datetime(2026, 10, 8, 17, 0, tzinfo=HERE), "Quá hạn 1 ngày làm việc", "late", "triangle-alert"),
    ],
)
def test_how_a_petition_stands_with_its_time(due: dt.datetime, left: str, tone: str, icon: str) -> None:
    petition = make.petition("assigned")
    petition.due_at = due
    told = timing(petition, NOW, why=True)
    assert (told.left, told.tone, told.icon, told.what) == (left, tone, icon, "Hạn trả lời")


@pytest.mark.parametrize(
    ("now", "left"),
    [
        (dt.datetime(2026, 10, 11, 21, 0, tzinfo=HERE), "Còn 2 ngày làm việc"),  # a Sunday
        (dt.datetime(2026, 10, 12, 4, 18, tzinfo=HERE), "Còn 1 ngày làm việc"),
        (dt.datetime(2026, 10, 12, 16, 0, tzinfo=HERE), "Còn 1 ngày làm việc"),
        (dt.datetime(2026, 10, 13, 4, 18, tzinfo=HERE), "Còn 8 giờ làm việc"),
        (dt.datetime(2026, 10, 13, 9, 0, tzinfo=HERE), "Còn 7 giờ làm việc"),
    ],
)
def test_a_day_that_has_begun_does_not_count_before_the_office_opens(now: dt.datetime, left: str) -> None:
    """As the reason beside it counts: one working day after Monday ends on Tuesday, at any hour of Monday."""
    due = dt.datetime(2026, 10, 13, 17, 0, tzinfo=HERE)
    assert left_until(due, OFFICE_HOURS, now)[0] == left


@pytest.mark.parametrize(
    ("now", "left"),
    [
        (dt.datetime(2036, 10, 10, 9, tzinfo=HERE), "Còn 3 ngày"),
        (dt.datetime(2036, 10, 13, 12, tzinfo=HERE), "Còn 5 giờ"),
        (dt.datetime(2036, 10, 13, 17, 20, tzinfo=HERE), "Vừa quá hạn"),
        (dt.datetime(2036, 10, 13, 18, 10, tzinfo=HERE), "Quá hạn 1 giờ"),
        (dt.datetime(2036, 10, 15, 18, tzinfo=HERE), "Quá hạn 2 ngày"),
    ],
)
def test_in_a_year_without_a_calendar_nothing_is_said_of_working_days(now: dt.datetime, left: str) -> None:
    assert left_until(dt.datetime(2036, 10, 13, 17, tzinfo=HERE), OFFICE_HOURS, now)[0] == left


def test_an_answered_petition_says_whether_it_was_in_time() -> None:
    told = timing(make.petition("answered"), NOW)
    assert (told.left, told.tone) == ("Trả lời đúng hạn", "good")


def test_the_reason_names_what_the_limit_rests_on() -> None:
    petition = make.petition("assigned")
    why = timing(petition, NOW, why=True).why
    assert "ngày làm việc sau ngày" in why
    assert why.endswith("Thời hạn mặc định của hệ thống, luật chưa quy định.")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("policy", "step", "article", "of_law"),
    [
        ("procedure-15wd", "transfer", "Nghị định 20/2008/NĐ-CP, Điều 9 khoản 1 điểm d", True),
        (
            "procedure-15wd",
            "resolve",
            None,
            False,
        ),  # the law sets when it is handed on, not when it is answered
        ("complaint-first", "resolve", "Luật Khiếu nại 2011, Điều 28", True),
        ("complaint-first", "resolve", "an article that was put right since", True),
        ("field-3d", "resolve", "an article that was put right since", False),
        ("no such policy", "resolve", "", False),
    ],
)
def test_a_limit_claims_the_law_where_the_law_sets_that_very_step(
    policy: str, step: str, article: str | None, of_law: bool
) -> None:
    if article is None:
        article = rule(policy, step, on=NOW.date()).article
        assert "Điều 9" in article  # what its policy rests on, which is of another step
    clock = Clock(policy=policy, step=step, article=article, reason="x: 15 ngày làm việc sau ngày 29/11")
    assert ("luật chưa quy định" not in reason(clock)) == of_law
    assert (article in reason(clock)) == of_law or not article


def test_without_a_due_moment_nothing_is_claimed() -> None:
    petition = make.petition("submitted")
    Petition.objects.filter(pk=petition.pk).update(due_at=None)
    assert timing(Petition.objects.get(), NOW).left == "Chưa có hạn"


@pytest.mark.django_db
@pytest.mark.parametrize("state", ["suspended", "needs_info"])
def test_a_clock_that_stands_still_names_no_moment(state: str) -> None:
    petition = make.petition(state)
    told = timing(petition, petition.submitted_at + dt.timedelta(days=90), why=True)
    assert (told.left, told.moment, told.tone) == ("Đang dừng đếm thời hạn", "", "")
    assert told.why.startswith("Dừng từ ")


@pytest.mark.long
def test_a_denunciation_whose_clock_is_a_plain_one_claims_no_article() -> None:
    make.petition("submitted", text="Tôi tố cáo ông Lê Văn Tám, chủ tịch phường, nhận hối lộ 20 triệu đồng.")
    followups.catch_up()
    assert Petition.objects.get().policy_id == "denunciation"
    why = timing(Petition.objects.get(), NOW, why=True).why
    assert "luật chưa quy định" in why
    assert "Luật Tố cáo" not in why


def shown(petition: Petition) -> str:
    """For what its time is, once the clock behind it has been found to be that of its row."""
    now = Petition.objects.get(pk=petition.pk)
    if now.state not in OPEN:
        return ""
    assert (now.clock.due_at if now.clock else None) == now.due_at
    return timing(now, NOW, why=True).what


@pytest.mark.parametrize("kind", ["complaint", "denunciation"])
@pytest.mark.parametrize("state", [*make.states("received"), "sealed"])
def test_the_clock_that_is_told_of_is_the_one_behind_the_moment(state: str, kind: str) -> None:
    """Also of what was answered or accepted as something else, of a tip, and beside a duty."""
    petition, officer = make.petition("received" if state == "sealed" else state), make.officer()
    shown(petition)
    if state == "withdrawn":  # nothing of it is shut any more
        return
    accepted: dict[str, Any] = {"decision_number": "1", "signed_on": NOW.date()}
    if state == "sealed":  # and accepted by the other law
        take(petition, "seal", by=officer, kind="denunciation" if kind == "complaint" else "complaint")
        take(petition, "accept_for_handling", by=officer, **accepted)
        assert shown(petition) == "Hạn trả lời"
    take(petition, "seal", by=officer, kind=kind)
    tip = kind == "denunciation" and not Petition.objects.get(pk=petition.pk).formal_since
    assert shown(petition) == ("" if tip else "Hạn thụ lý")
    for circumstance in ("crime_signs", *(["formal"] if tip else [])):
        take(petition, "declare", by=officer, circumstance=circumstance, reason="Ghi ở phiếu trình")
    assert shown(petition) == "Hạn thụ lý"
    take(petition, "ask", by=officer, question="Ai?")
    shown(petition)
    take(petition, "inform", by=make.holder(petition), text="Ông Tám")
    assert shown(petition) == "Hạn thụ lý"
    take(petition, "accept_for_handling", by=officer, **accepted)
    assert shown(petition) == "Hạn trả lời"


def test_a_refusal_that_is_contested_is_looked_at_again_by_a_day() -> None:
    petition = make.petition("rejected", anew=True)
    take(petition, "contest", by=make.holder(petition), text="Không đúng")
    assert shown(petition) == "Hạn tiếp nhận"
