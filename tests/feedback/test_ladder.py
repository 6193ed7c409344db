"""The ladder, written out: which rung, on which day and hour, told to whom; once, after whatever silence."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

import classifier
from accounts.models import Absence, Post, Role, User
from feedback import clocks, followups, hearers, intake, ladder, story
from feedback.ladder import LADDER, RUNGS
from feedback.models import Clock, Escalation, FollowUp, Notice, Petition, Step
from feedback.permissions import SYSTEM
from feedback.steps import take
from feedback.sweep import Said, sweep
from feedback.verification import verify
from routing.calendar import LOCAL
from routing.models import Agency, CalendarDay
from tests import make

pytestmark = pytest.mark.django_db

COMMITTEE = "provincial-people-committee:48"
MINUTE = dt.timedelta(minutes=1)

CAST = {
    "handler": (Role.HANDLER, make.HAI_CHAU, ""),
    "head": (Role.APPROVER, make.HAI_CHAU, ""),
    "focal": (Role.FOCAL_POINT, make.FOCAL_POINT, "48"),
    "officer": (Role.PETITION_OFFICER, make.FOCAL_POINT, "48"),
    "superior": (Role.APPROVER, COMMITTEE, ""),
    "supervisor": (Role.SUPERVISOR, "", "48"),
    "stranger": (Role.HANDLER, "commune-people-committee:00367", ""),
    "elsewhere": (Role.FOCAL_POINT, "feedback-focal-point:01", "01"),
}
INTAKE = "focal officer"
EVERYBODY = f"handler head {INTAKE} superior supervisor"

# rung | how the petition stands | since when, and what ends five working days later | it falls due | whom
# it tells. All began on Monday 2 November 2026 at 09:00, under the policy field-5d.
RUNGS_WRITTEN_OUT = f"""
unread      | unread      | 2026-11-03T17:00 | {INTAKE}
unreceived  | submitted   | 2026-11-03T09:00 | {INTAKE}
unassigned  | received    | 2026-11-03T17:00 | {INTAKE}
unaccepted  | assigned    | 2026-11-03T17:00 | handler head
tip_1       | tip         | 2026-11-03T17:00 | {INTAKE}
tip_3       | tip         | 2026-11-05T17:00 | {INTAKE} supervisor
nearly      | in_progress | 2026-11-06T15:42 | handler
due         | in_progress | 2026-11-09T17:00 | handler head supervisor
late_1      | in_progress | 2026-11-10T17:00 | handler head {INTAKE} supervisor
late_3      | in_progress | 2026-11-12T17:00 | {EVERYBODY}
alarm_45    | in_progress | 2026-12-17T17:00 | {EVERYBODY}
plan_passed | planned     | 2026-11-21T00:00 | handler head
report_late | demanded    | 2026-11-05T00:00 | handler head supervisor
crime       | received    | 2026-11-02T09:00 | {INTAKE}
crime_1     | in_progress | 2026-11-03T17:00 | head {INTAKE} supervisor
duty        | accepted    | 2026-11-09T17:00 | {INTAKE}
duty_3      | accepted    | 2026-11-12T17:00 | {INTAKE} supervisor
urgent      | submitted   | 2026-11-02T09:00 | {INTAKE}
danger      | in_progress | 2026-11-02T09:00 | {INTAKE}
"""
TABLE = [tuple(part.strip() for part in line.split("|")) for line in RUNGS_WRITTEN_OUT.strip().splitlines()]
BEGAN = dt.datetime(2026, 11, 2, 9, tzinfo=LOCAL)


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=LOCAL)


@pytest.fixture
def people() -> dict[str, User]:
    """One person in each post, by the name of the post."""
    for name, post in CAST.items():
        make.users(post, name=name)
    return {user.username: user for user in User.objects.all()}


WAYS: dict[str, list[str]] = {
    "unread": [],
    "submitted": [],
    "received": ["receive"],
    "assigned": ["receive", "assign"],
    "in_progress": ["receive", "assign", "accept"],
    "planned": ["receive", "assign", "accept", "draft_reply", "approve"],
    "demanded": ["receive", "assign", "accept", "demand_report"],
    "tip": ["receive", "seal"],
    "accepted": ["receive", "seal", "accept_for_handling"],
}
TOLD: dict[str, dict[str, Any]] = {
    "receive": {"subfield": "transport.road-works"},
    "assign": {"agency": make.HAI_CHAU},
    "demand_report": {"days": 2},
    "seal": {"kind": "denunciation"},
    "accept_for_handling": {"decision_number": "1", "signed_on": "2026-11-02"},
    "draft_reply": {"outcome": "planned", "text": "Sẽ lát lại", "plan_date": "2026-11-20"},
}
BY = {"accept": "handler", "draft_reply": "handler", "approve": "head", "demand_report": "supervisor"}
BY |= dict.fromkeys(("seal", "accept_for_handling"), "officer")


def began(way: str, people: dict[str, User], *, now: dt.datetime = BEGAN, **fields: Any) -> Petition:
    """Filed and walked there at that very moment."""
    petition = make.petition("submitted", now=now, anew=True, **fields)
    if way == "submitted":
        read(petition, now)
    for action in WAYS[way]:
        by = people[BY[action]] if action in BY else SYSTEM
        take(petition, action, by=by, now=now, **TOLD.get(action, {}))
    petition = Petition.objects.get(pk=petition.pk)
    assert petition.policy_id in {None, "field-5d", *(["denunciation"] if way in {"tip", "accepted"} else [])}
    return petition


def read(petition: Petition, now: dt.datetime) -> None:
    """Its accept clock runs, as after the machine has read it, and nothing is urgent or suspected."""
    clocks.show(petition, clocks.start(petition, "accept", at=now))
    take(petition, "note", by=make.focal_point("48"), now=now, text="Đọc")  # the row is written by a step
    Petition.objects.filter(pk=petition.pk).update(due_at=petition.due_at, first_due_at=petition.due_at)
    Post.objects.filter(user__username__startswith="nguoi").delete()


def rungs(said: list[Said]) -> list[str]:
    return [one.rung for one in said]


def test_every_rung_stands_in_the_table() -> None:
    assert {row[0] for row in TABLE} == set(RUNGS)
    assert len(RUNGS) == len(LADDER)
    for rung in LADDER:
        assert all(str(words) for words in (rung.title, rung.says, rung.do, rung.article))


@pytest.mark.long
@pytest.mark.parametrize(("rung", "way", "falls", "told"), TABLE, ids=[row[0] for row in TABLE])
def test_a_rung_is_said_in_its_minute_to_its_people_and_never_again(
    rung: str, way: str, falls: str, told: str, people: dict[str, User]
) -> None:
    petition = began(way, people)
    if rung == "urgent":
        Petition.objects.filter(pk=petition.pk).update(urgent=True)
    if rung == "danger":
        Petition.objects.filter(pk=petition.pk).update(danger_at=BEGAN)
    if rung in {"crime", "crime_1"}:
        Petition.objects.filter(pk=petition.pk).update(crime_signs_at=BEGAN)
    before = sweep(now=at(falls))
    assert rung not in rungs(before)
    said = sweep(now=at(falls) + MINUTE)
    assert rungs(said) == [rung]
    assert (said[0].code, said[0].fell_due_at) == (petition.code, at(falls))
    assert set(said[0].sent_to) == set(told.split())
    kept = Escalation.objects.get(rung=rung)
    assert (kept.fell_due_at, kept.at) == (at(falls), at(falls) + MINUTE)
    assert kept.step
    assert (kept.step.action, kept.step.facts["rung"]) == ("escalate", rung)
    assert sweep(now=at(falls) + MINUTE) == sweep(now=at(falls) + 2 * MINUTE) == []


@pytest.mark.long
def test_a_sweep_that_was_down_says_each_missed_rung_once_with_both_moments(people: dict[str, User]) -> None:
    petition = began("in_progress", people)
    assert sweep(now=at("2026-11-06T10:00")) == []
    back = at("2026-11-11T08:00")  # after the last fifth, the due moment and a working day late
    said = sweep(now=back)
    assert [(one.rung, one.fell_due_at) for one in said] == [
        ("late_1", at("2026-11-10T17:00")),
        ("due", at("2026-11-09T17:00")),
        ("nearly", at("2026-11-06T15:42")),
    ]
    assert {one.at for one in Escalation.objects.all()} == {back}
    assert sweep(now=back) == sweep(now=back + MINUTE) == []
    (step,) = petition.steps.filter(action="escalate")
    assert (step.facts["rung"], step.facts["also"]) == ("late_1", ["nearly", "due"])
    assert [one.sent_to for one in said[1:]] == [(), ()]
    assert rungs(sweep(now=at("2026-11-20T08:00"))) == ["late_3"]


@pytest.mark.long
def test_one_petition_sends_a_person_one_message_a_round(people: dict[str, User]) -> None:
    petition = began("in_progress", people)
    (_top, *_lower) = sweep(now=at("2026-12-20T08:00"))
    followups.catch_up()
    notices = Notice.objects.filter(step__petition=petition, step__action="escalate")
    assert {notice.user.username for notice in notices if notice.user} == set(EVERYBODY.split())
    assert notices.count() == len(EVERYBODY.split())
    assert all(notice.subject.startswith("Quá 45 ngày") for notice in notices)
    assert all("Điều 41" in notice.body for notice in notices)


@pytest.mark.long
def test_a_letter_says_what_fell_due_since_when_and_what_to_do(people: dict[str, User]) -> None:
    petition = began("in_progress", people)
    sweep(now=at("2026-11-12T17:01"))
    followups.catch_up()
    letters = {
        notice.user.username: notice
        for notice in Notice.objects.filter(step__action="escalate")
        if notice.user
    }
    body = letters["handler"].body
    assert (
        letters["handler"].subject
        == f"Quá hạn 3 ngày làm việc: {petition.printed_code}, hạn 17:00, 09/11/2026"
    )
    assert "đã quá hạn 3 ngày làm việc, từ 17:00, 12/11/2026" in body
    assert "Xin trả lời ngay" in body
    assert f"/xu-ly/{petition.code}/" in body
    assert petition.text not in body
    above = letters["superior"].body  # who has no sight of it is not sent to a page that says "not found"
    assert "/xu-ly/" not in above
    assert "cấp trên" in above


@pytest.mark.parametrize(
    ("missing", "rung", "told"),
    [
        ("handler", "nearly", "head"),
        ("handler head", "nearly", INTAKE),
        ("handler head focal officer", "nearly", "superior"),
        ("handler head focal officer superior", "nearly", "supervisor"),
        ("handler head focal officer superior supervisor", "nearly", ""),
        ("focal officer", "unassigned", "superior"),
        ("head superior", "late_3", f"handler {INTAKE} supervisor"),
    ],
)
@pytest.mark.parametrize("how", ["inactive", pytest.param("nobody", marks=pytest.mark.long)])
def test_where_nobody_holds_a_post_the_next_one_up_hears(
    missing: str, rung: str, told: str, how: str, people: dict[str, User]
) -> None:
    way, falls = next((row[1], row[2]) for row in TABLE if row[0] == rung)
    began(way, people)
    gone = User.objects.filter(username__in=missing.split())
    if how == "inactive":
        gone.update(is_active=False)
    else:
        Post.objects.filter(user__in=gone).delete()
    said = sweep(now=at(falls) + MINUTE)
    assert set(said[0].sent_to) == set(told.split())
    assert Step.objects.filter(action="escalate").count() == 1  # said although nobody is left to hear it


@pytest.mark.parametrize(
    ("first", "last", "told"),
    [("2026-11-06", "2026-11-06", "head"), ("2026-11-01", "2026-11-05", "handler"),
     ("2026-11-07", "2026-11-20", "handler")],
)  # fmt: skip
def test_who_is_away_that_day_is_passed_over(
    first: str, last: str, told: str, people: dict[str, User]
) -> None:
    Absence.objects.create(user=people["handler"], first_day=first, last_day=last)
    began("in_progress", people)
    assert sweep(now=at("2026-11-06T15:43"))[0].sent_to == (told,)


def test_a_colleague_who_is_there_hears_and_nobody_above(people: dict[str, User]) -> None:
    make.users((Role.HANDLER, make.HAI_CHAU, ""), name="colleague")
    Absence.objects.create(user=people["handler"], first_day="2026-11-06", last_day="2026-11-06")
    began("in_progress", people)
    assert sweep(now=at("2026-11-06T15:43"))[0].sent_to == ("colleague",)


def test_where_everybody_is_away_they_read_it_when_they_are_back(people: dict[str, User]) -> None:
    for person in people.values():
        Absence.objects.create(user=person, first_day="2026-11-01", last_day="2026-11-30")
    began("in_progress", people)
    assert sweep(now=at("2026-11-06T15:43"))[0].sent_to == ("handler",)


@pytest.mark.long
def test_the_alarm_of_45_days_sounds_for_what_is_merged_as_long_as_its_main_is_open(
    people: dict[str, User],
) -> None:
    petition, main = began("in_progress", people), began("in_progress", people)
    take(petition, "merge", by=people["handler"], now=BEGAN, main=main.code)
    sweep(now=at("2026-12-10T09:00"))
    said = {one.code: one for one in sweep(now=at("2026-12-17T17:01"))}
    assert said[petition.code].rung == "alarm_45"
    assert set(said[petition.code].sent_to) == set(EVERYBODY.split())
    assert not sweep(now=at("2026-12-18T17:01"))


@pytest.mark.long
def test_and_not_once_its_main_is_answered(people: dict[str, User]) -> None:
    petition, main = began("in_progress", people), began("in_progress", people)
    take(petition, "merge", by=people["handler"], now=BEGAN, main=main.code)
    take(main, "draft_reply", by=people["handler"], now=BEGAN, **make.ANSWER)
    take(main, "approve", by=people["head"], now=BEGAN)
    assert petition.code not in {one.code for one in sweep(now=at("2026-12-17T17:01"))}


@pytest.mark.long
def test_further_up_where_the_superior_has_nobody_either(people: dict[str, User]) -> None:
    ward, department = (Agency.objects.get(pk=code) for code in (make.HAI_CHAU, make.CONSTRUCTION))
    assert department.superior_id == COMMITTEE
    ward.superior = department
    ward.save()
    began("in_progress", people)
    assert "superior" in sweep(now=at("2026-11-12T17:01"))[0].sent_to


@pytest.mark.long
def test_a_supervisor_of_the_whole_country_hears_where_the_province_has_none(people: dict[str, User]) -> None:
    country = make.user(Role.SUPERVISOR, name="ca-nuoc")
    began("in_progress", people)
    began("in_progress", people)
    assert all(country.username not in one.sent_to for one in sweep(now=at("2026-11-09T17:01")))
    people["supervisor"].is_active = False
    people["supervisor"].save()
    assert all(country.username in one.sent_to for one in sweep(now=at("2026-11-10T17:01")))


@pytest.mark.long
def test_of_what_is_sealed_only_those_hear_who_may_see_it_and_the_alarm_rings_all_the_same(
    people: dict[str, User],
) -> None:
    petition = began("in_progress", people)
    take(petition, "seal", by=people["officer"], now=BEGAN + MINUTE, kind="denunciation")
    said = sweep(now=at("2026-12-17T17:01"))
    assert said[0].rung == "alarm_45"
    assert set(said[0].sent_to) == {"focal", "officer", "supervisor"}
    followups.catch_up()
    for notice in Notice.objects.filter(step__action="escalate"):
        told = f"{notice.subject} {notice.body}"
        for code in (petition.code, petition.printed_code):  # any two digits may stand in it
            told = told.replace(code, "")
        assert "45" not in told
        assert make.HAI_CHAU not in notice.body


@pytest.mark.long
def test_the_body_complained_about_and_who_filed_it_hear_nothing(people: dict[str, User]) -> None:
    petition = began("in_progress", people)
    against = {"agency_type": "commune-people-committee", "unit_code": "20242", "role": "unit"}
    take(petition, "lift", by=people["focal"], now=BEGAN, agency=COMMITTEE, reason="Phường", against=against)
    Post.objects.create(user=people["supervisor"], role=Role.HANDLER, agency_id=make.HAI_CHAU)
    for one in sweep(now=at("2026-12-20T08:00")):
        assert not {"handler", "head", "supervisor"} & set(one.sent_to)


@pytest.mark.long
@pytest.mark.parametrize("action", ["suspend", "ask"])
def test_what_stands_still_rings_no_bell_but_the_alarm(action: str, people: dict[str, User]) -> None:
    petition = began("in_progress", people)
    told: dict[str, Any] = {"suspend": {"reason": "Giám định"}, "ask": {"question": "Ở đâu?"}}[action]
    take(petition, action, by=people["head"], now=BEGAN + MINUTE, **told)
    assert sweep(now=at("2026-12-17T17:00")) == []
    assert rungs(sweep(now=at("2026-12-17T17:01"))) == ["alarm_45"]


@pytest.mark.long
def test_a_pause_between_rungs_moves_what_is_to_come_and_says_nothing_twice(people: dict[str, User]) -> None:
    petition = began("in_progress", people)
    assert rungs(sweep(now=at("2026-11-06T15:49"))) == ["nearly"]
    take(petition, "suspend", by=people["head"], now=at("2026-11-06T16:00"), reason="Giám định")
    assert sweep(now=at("2026-11-11T08:00")) == []
    take(petition, "resume", by=people["head"], now=at("2026-11-11T09:00"), reason="Có kết quả")
    due_at = Petition.objects.get(pk=petition.pk).due_at
    assert due_at == at("2026-11-12T17:00")  # one, eight, eight and one and a half hours: three days
    assert rungs(sweep(now=at("2026-11-11T09:01"))) == []
    assert rungs(sweep(now=at("2026-11-12T17:01"))) == ["due", "nearly"]


@pytest.mark.long
def test_late_before_the_pause_it_goes_on_being_late(people: dict[str, User]) -> None:
    petition = began("in_progress", people)
    assert rungs(sweep(now=at("2026-11-09T17:01"))) == ["due", "nearly"]
    take(petition, "suspend", by=people["head"], now=at("2026-11-10T08:00"), reason="Giám định")
    assert rungs(sweep(now=at("2026-11-10T17:01"))) == ["late_1"]


@pytest.mark.long
def test_an_extension_moves_the_rungs(people: dict[str, User]) -> None:
    petition = began("in_progress", people)
    asked: dict[str, Any] = {"reason": "Chờ vật tư", "interim_reply": "Xin thêm thời gian"}
    take(petition, "request_extension", by=people["handler"], now=at("2026-11-09T09:00"), **asked)
    take(petition, "grant_extension", by=people["head"], now=at("2026-11-09T10:00"))
    assert sweep(now=at("2026-11-10T08:00")) == []
    assert rungs(sweep(now=at("2026-11-16T17:01"))) == ["due", "nearly"]


@pytest.mark.long
def test_reopened_it_climbs_anew(people: dict[str, User]) -> None:
    petition = began("in_progress", people)
    assert rungs(sweep(now=at("2026-11-09T17:01"))) == ["due", "nearly"]
    take(petition, "draft_reply", by=people["handler"], now=at("2026-11-10T08:00"), **make.ANSWER)
    take(petition, "approve", by=people["head"], now=at("2026-11-10T09:00"))
    assert sweep(now=at("2026-11-12T17:01")) == []
    take(petition, "reopen", by=make.holder(petition), now=at("2026-11-13T09:00"), reason="Lại hỏng")
    assert rungs(sweep(now=at("2026-11-16T17:01"))) == ["unaccepted"]
    assert rungs(sweep(now=at("2026-11-20T17:01"))) == ["due", "nearly"]


@pytest.mark.long
def test_handed_on_the_next_unit_has_its_own_day(people: dict[str, User]) -> None:
    petition = began("assigned", people)
    assert rungs(sweep(now=at("2026-11-03T17:01"))) == ["unaccepted"]
    told: dict[str, Any] = {"agency": make.CONSTRUCTION, "reason": "Đường tỉnh"}
    take(petition, "transfer", by=people["focal"], now=at("2026-11-04T09:00"), **told)
    assert sweep(now=at("2026-11-05T17:00")) == []
    assert rungs(sweep(now=at("2026-11-05T17:01"))) == ["unaccepted"]


def test_the_page_says_what_fell_due_since_when_and_what_there_is_to_do(people: dict[str, User]) -> None:
    petition = began("in_progress", people)
    sweep(now=at("2026-11-11T08:00"))
    now = at("2026-11-11T09:00")
    event = story.to_officials(Petition.objects.get(pk=petition.pk), now, by=people["handler"])[0]
    assert event.said == "Hệ thống nhắc: đã quá hạn 1 ngày làm việc, từ thứ Ba 10/11/2026 17:00"
    do, missed = event.text.splitlines()
    assert do.startswith("Xin trả lời ngay")
    assert missed == "Trước đó chưa nhắc được: đã dùng hết bốn phần năm thời hạn; đã quá hạn."


def test_the_alarm_of_a_part_rings_45_days_after_the_first_submission(people: dict[str, User]) -> None:
    petition = began("in_progress", people)
    take(petition, "split", by=people["focal"], now=at("2026-12-01T09:00"), texts=["Việc thứ hai"])
    part = Petition.objects.get(origin=petition)
    said = sweep(now=at("2026-12-17T17:01"))
    assert ("alarm_45", part.code) in {(one.rung, one.code) for one in said}


@pytest.mark.long
def test_the_agencys_own_hours_close_its_day(people: dict[str, User]) -> None:
    agency = Agency.objects.get(pk=make.HAI_CHAU)
    agency.office_hours = "07:00-11:00/13:30-16:30"
    agency.save()
    petition = began("in_progress", people)
    assert petition.due_at == at("2026-11-09T16:30")
    assert petition.clock
    assert petition.clock.due_at == petition.due_at
    assert rungs(sweep(now=at("2026-11-10T16:31"))) == ["late_1", "due", "nearly"]


# --- urgent ---------------------------------------------------------------------------------------------

DANGER = "Trụ điện bị đổ, dây điện rơi xuống đường, rất nguy hiểm!"


@pytest.mark.long
@pytest.mark.parametrize(
    ("when", "due"),
    [
        ("2026-11-06T20:00", "2026-11-09T09:30"),  # Friday evening
        ("2026-02-15T23:30", "2026-02-23T09:30"),  # the eve of Tết, at night
        ("2026-11-24T03:00", "2026-11-25T09:30"),  # a day off, before dawn
    ],
)
def test_danger_at_any_hour_reaches_the_duty_list_at_once(
    when: str, due: str, people: dict[str, User]
) -> None:
    petition = make.petition("submitted", now=at(when), anew=True, text=DANGER)
    row = FollowUp.objects.get(step__petition=petition, consumer="feedback.intake.read_submitted")
    unsure = replace(
        classifier.read(DANGER), subfield="", decision="person"
    )  # whoever is sure knows who is up at night
    write = intake.read_submitted(row.step, now=at(when) + dt.timedelta(seconds=20), reading=unsure)
    assert write
    write()
    step = petition.steps.get(action="escalate")
    assert (step.facts["rung"], step.at - petition.submitted_at) == ("urgent", dt.timedelta(seconds=20))
    assert set(step.facts["sent_to"]) == {"focal", "officer"}
    clock = Clock.objects.get(petition=petition, step="accept")
    assert clock.due_at == at(due), clock.reason
    assert sweep(now=at(when) + MINUTE) == []
    assert verify().bad == [] or {bad.why[:5] for bad in verify().bad} == {"ngày "}


@pytest.mark.long
def test_nobody_on_duty_and_the_head_of_the_focal_point_hears(people: dict[str, User]) -> None:
    User.objects.filter(username__in=["focal", "officer"]).update(is_active=False)
    make.users((Role.APPROVER, make.FOCAL_POINT, ""), name="chief")
    petition = make.petition("submitted", text=DANGER)
    followups.catch_up()
    assert petition.steps.get(action="escalate").facts["sent_to"] == ["superior"]


def test_what_an_official_sorts_to_danger_is_told_with_the_next_round(people: dict[str, User]) -> None:
    petition = began("submitted", people)
    assert not petition.urgent
    urgent = "utilities.power-safety"
    take(petition, "receive", by=people["focal"], now=BEGAN + MINUTE, subfield=urgent)
    (said,) = sweep(now=BEGAN + 2 * MINUTE)
    assert (said.rung, set(said.sent_to)) == ("urgent", {"focal", "officer"})


# --- a changed calendar ---------------------------------------------------------------------------------


def day_off(day: str) -> None:
    CalendarDay.objects.create(date=day, year_id=2026, kind="off", name="Nghỉ bão", status="official")


@pytest.mark.long
def test_a_day_off_announced_moves_what_is_open_with_one_step_each(people: dict[str, User]) -> None:
    moves, paused, stays, answered = (began("in_progress", people) for _number in range(4))
    take(paused, "suspend", by=people["head"], now=BEGAN + MINUTE, reason="Giám định")
    take(answered, "draft_reply", by=people["handler"], now=BEGAN, **make.ANSWER)
    take(answered, "approve", by=people["head"], now=BEGAN)
    take(stays, "withdraw", by=make.holder(stays), now=BEGAN + MINUTE)
    kept = list(Clock.objects.filter(petition__in=[answered, stays]).order_by("pk").values())
    day_off("2026-11-05")
    assert sweep(now=at("2026-11-04T08:00")) == []
    for petition in (moves, paused):
        (step,) = petition.steps.filter(action="recount")
        fresh = Petition.objects.get(pk=petition.pk)
        assert step.due_at == fresh.due_at == at("2026-11-10T17:00")
        assert fresh.first_due_at == at("2026-11-09T17:00")
        clock = Clock.objects.get(petition=petition, step="resolve")
        assert "Nghỉ bão" in clock.reason
        assert any(line["why"] == "Nghỉ bão" for line in clock.trace)
    assert list(Clock.objects.filter(petition__in=[answered, stays]).order_by("pk").values()) == kept
    sweep(now=at("2026-11-04T08:01"))
    assert Step.objects.filter(action="recount").count() == 2
    assert {bad.why[:5] for bad in verify().bad} <= {"ngày "}


def test_a_day_off_that_moves_nothing_leaves_no_step_and_is_looked_at_once(people: dict[str, User]) -> None:
    petition = began("in_progress", people)
    day_off("2026-12-09")
    sweep(now=at("2026-11-04T08:00"))
    assert not petition.steps.filter(action="recount").exists()
    assert not clocks.stale().exists()


@pytest.mark.long
def test_a_rung_said_of_a_due_moment_is_said_anew_only_of_the_moved_one(people: dict[str, User]) -> None:
    began("in_progress", people)
    assert rungs(sweep(now=at("2026-11-09T17:01"))) == ["due", "nearly"]
    day_off("2026-11-10")  # tomorrow: the due moment stands, a working day late is later
    assert sweep(now=at("2026-11-10T17:01")) == []
    assert rungs(sweep(now=at("2026-11-11T17:01"))) == ["late_1"]


@pytest.mark.long
def test_the_citizen_reads_why_the_day_moved(people: dict[str, User]) -> None:
    petition = began("in_progress", people)
    day_off("2026-11-05")
    sweep(now=at("2026-11-04T08:00"))
    said = [event.said for event in story.to_petitioner(Petition.objects.get(pk=petition.pk), timezone.now())]
    assert "Lịch nghỉ thay đổi, hạn nay là thứ Ba 10/11/2026 17:00" in said


# --- a round over many ----------------------------------------------------------------------------------


def queries_of(round_: Callable[[], object]) -> list[str]:
    with CaptureQueriesContext(connection) as asked:
        round_()
    return [query["sql"] for query in asked]


@pytest.mark.long
def test_what_needs_nothing_costs_no_statement(people: dict[str, User]) -> None:
    began("in_progress", people)
    sweep(now=at("2026-11-03T08:00"))
    few = len(queries_of(lambda: sweep(now=at("2026-11-03T08:00"))))
    for way in ("submitted", "received", "assigned", "in_progress", "planned") * 3:
        began(way, people, text=f"Vỉa hè hỏng {timezone.now()}")
    assert len(queries_of(lambda: sweep(now=at("2026-11-03T08:00")))) == few


@pytest.mark.parametrize("rung", RUNGS)
def test_a_question_is_answered_by_an_index(rung: str) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL chooses by how full its tables are")
    plan = Petition.objects.filter(RUNGS[rung].question(BEGAN)).values_list("pk").explain()
    assert "SEARCH feedback_petition USING" in plan
    assert "SCAN" not in plan
    if rung != "urgent":
        assert f"{RUNGS[rung].column}<?" in plan


@pytest.mark.long
def test_one_broken_petition_holds_up_no_other(people: dict[str, User], monkeypatch: Any) -> None:
    broken, sound = began("in_progress", people), began("in_progress", people)
    names = hearers.names

    def stumbling(petition: Petition, fallen: Any, *, on: dt.date) -> list[str]:
        if petition.pk == broken.pk:
            raise ZeroDivisionError
        return names(petition, fallen, on=on)

    monkeypatch.setattr(hearers, "names", stumbling)
    said = sweep(now=at("2026-11-09T17:01"))
    assert {one.code for one in said} == {sound.code}
    monkeypatch.undo()
    assert {one.code for one in sweep(now=at("2026-11-09T17:02"))} == {broken.code}


@pytest.mark.long
def test_a_question_and_the_petition_in_hand_agree(people: dict[str, User]) -> None:
    """The same by columns and by the row, for every rung, whenever asked."""
    made = [began(way, people) for way in WAYS]
    paused = began("in_progress", people)
    take(paused, "suspend", by=people["head"], now=at("2026-11-06T16:00"), reason="Giám định")
    Petition.objects.filter(pk=made[1].pk).update(urgent=True)
    petitions = list(Petition.objects.all())
    for hours in range(0, 24 * 50, 7):
        now = BEGAN + dt.timedelta(hours=hours, minutes=1)
        for rung in LADDER:
            asked = set(Petition.objects.filter(rung.question(now)).values_list("pk", flat=True))
            held = {
                petition.pk
                for petition in petitions
                if any(one.rung is rung for one in ladder.stood_on(petition, now))
            }
            assert held <= asked, (rung.slug, now)
            if rung.later == ladder.Later():
                assert held == asked, (rung.slug, now)


def test_the_command_prints_what_it_said(people: dict[str, User], capsys: Any, settings: Any) -> None:
    settings.CLOCK_OPEN = True
    petition = began("in_progress", people)
    call_command("sweep", "--json", "--at", "2026-11-09T17:01:00+07:00")
    told = json.loads(capsys.readouterr().out)
    assert list(told) == ["ran_at", "escalations"]
    assert told["escalations"][0] == {
        "code": petition.code,
        "rung": "due",
        "fell_due_at": "2026-11-09T17:00:00+07:00",
        "sent_to": ["handler", "head", "supervisor"],
    }


@pytest.mark.long
def test_a_report_ends_its_limit_and_a_new_demand_begins_one(people: dict[str, User]) -> None:
    petition = began("demanded", people)
    assert rungs(sweep(now=at("2026-11-05T00:01"))) == ["report_late"]
    take(petition, "report", by=people["handler"], now=at("2026-11-05T08:00"), text="Đã thay nắp cống.")
    assert sweep(now=at("2026-11-05T09:00")) == []
    take(petition, "demand_report", by=people["supervisor"], now=at("2026-11-05T10:00"), days=1)
    assert "report_late" in rungs(sweep(now=at("2026-11-07T00:01")))
    assert Escalation.objects.filter(rung="report_late").count() == 2
