"""What complaint and denunciation ask beyond all other petitions: the scenarios of `at_law.csv`."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Role, User
from feedback import story, workflow
from feedback.forms.following import AppealForm
from feedback.forms.handing import AssignForm
from feedback.intake import receive
from feedback.models import Clock, Escalation, Exclusion, Petition
from feedback.models.sight import awaits_superior
from feedback.permissions import SYSTEM
from feedback.register import WHAT, bar, every
from feedback.steps import NotNow, take
from feedback.sweep import sweep
from feedback.verification import verify
from routing.deadlines import Variant, due
from routing.models import OFFICE_HOURS, Commune
from tests import make
from tests.feedback.corpus import picture
from tests.pages import opened, words

pytestmark = [pytest.mark.django_db, pytest.mark.long]
HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
LINES = [
    line
    for line in Path(__file__).with_name("at_law.csv").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]
ROWS = list(csv.DictReader(LINES, delimiter=";"))


@dataclass
class Story:
    """One petition on its way, and the people who are always the same."""

    petition: Petition
    kind: str
    officer: User
    approver: User
    second: User
    handler: User

    def take(self, action: str, by: Any, now: dt.datetime, **told: Any) -> Any:
        return take(self.petition, action, by=by, now=now, **told)


Deed = Callable[[Story, dt.datetime, str], Any]
IN_WRITING: dict[str, Any] = {"reason": "Ghi ở phiếu trình"}
DEEDS: dict[str, Deed] = {
    "seal": lambda s, at, _: s.take("seal", s.officer, at, kind=s.kind),
    "suspect": lambda s, at, _: s.take("seal", SYSTEM, at, kind=s.kind),
    "receive": lambda s, at, _: s.take("receive", s.officer, at),
    "assign": lambda s, at, _: s.take("assign", s.officer, at, agency=make.HAI_CHAU),
    "take_on": lambda s, at, _: s.take("accept", s.handler, at),
    "accept": lambda s, at, _: s.take(
        "accept_for_handling", s.officer, at, decision_number="15/TB", signed_on=timezone.localdate(at)
    ),
    "accept_unsigned": lambda s, at, _: s.take("accept_for_handling", s.officer, at, decision_number="15/TB"),
    "ask_time": lambda s, at, ground: s.take(
        "request_extension",
        s.officer,
        at,
        reason="Phải xác minh thêm",
        interim_reply="Đang xác minh",
        complex_ground=ground,
    ),
    "give_time": lambda s, at, _: s.take("grant_extension", s.approver, at),
    "suspend": lambda s, at, _: s.take("suspend", s.officer, at, **IN_WRITING),
    "resume": lambda s, at, _: s.take("resume", s.officer, at, **IN_WRITING),
    "draft": lambda s, at, _: s.take("draft_reply", s.officer, at, **make.ANSWER),
    "approve": lambda s, at, _: s.take("approve", s.approver, at),
    "propose": lambda s, at, ground: s.take("propose_refusal", s.officer, at, ground=ground, **IN_WRITING),
    "confirm": lambda s, at, _: s.take("confirm_refusal", s.second, at),
    "confirm_alone": lambda s, at, _: s.take("confirm_refusal", s.officer, at),
    "declare": lambda s, at, what: s.take("declare", s.officer, at, circumstance=what, **IN_WRITING),
    "dialogue": lambda s, at, day: s.take("dialogue", s.officer, at, day=day, text="8 giờ, trụ sở"),
    "announce": lambda s, at, what: s.take("announce", s.officer, at, announced=what),
    "appeal": lambda s, at, _: goes_on_with_the_new_one(s, at, "appeal", text="Không đồng ý với quyết định"),
    "split": lambda s, at, _: goes_on_with_the_new_one(s, at, "split", texts=["Phần thứ hai của đơn"]),
    "redirect": lambda s, at, _: s.take(
        "redirect", s.officer, at, body="Cơ quan điều tra", address="80 Lê Lợi"
    ),
    "withdraw": lambda s, at, _: s.take("withdraw", s.officer, at),
    "withdraw_signed": lambda s, at, _: s.take("withdraw", s.officer, at, signed_form=True),
    "sort_away": lambda s, at, _: s.take("reclassify", s.officer, at, kind="report", why="Chỉ là phản ánh"),
    "reopen": lambda s, at, _: s.take("reopen", make.holder(s.petition), at, reason="Chưa đối thoại"),
    "withdraw_self": lambda s, at, _: s.take("withdraw", make.holder(s.petition), at),
}


def goes_on_with_the_new_one(told: Story, at: dt.datetime, action: str, **facts: Any) -> Any:
    by = make.holder(told.petition) if action == "appeal" else told.officer
    step = told.take(action, by, at, **facts)
    told.petition = told.petition.children.get()
    if action == "appeal":  # whoever gave the first answer gives no second one
        told.officer, told.approver = make.officer(), make.approver(make.FOCAL_POINT)
    return step


def moment(word: str) -> dt.datetime:
    return dt.datetime.fromisoformat(word if "T" in word else f"{word}T09:00").replace(tzinfo=HANOI)


def told_by(row: dict[str, str]) -> tuple[Story, list[tuple[dt.datetime, str, str]]]:
    kind, *more = row["kind"].split("+")
    steps = [step.split() for step in row["steps"].split(", ")]
    deeds = [(moment(step[0]), step[1], step[2] if len(step) > 2 else "") for step in steps]
    channel = "letter" if "letter" in more else "web"
    filed = receive(make.submission(channel=channel), now=deeds[0][0] - dt.timedelta(hours=9)).petition
    Petition.objects.filter(pk=filed.pk).update(commune="20242", province="48")
    if "remote" in more:
        Commune.objects.filter(pk="20242").update(remote_area=True)
    people = (make.officer(), make.approver(make.FOCAL_POINT), make.focal_point(), make.handler())
    return Story(Petition.objects.get(pk=filed.pk), kind, *people), deeds


def outcome(story_: Story, deed: tuple[dt.datetime, str, str]) -> tuple[str, str]:
    """What became of a step, and the words that came with a refusal."""
    at, name, argument = deed
    try:
        DEEDS[name](story_, at, argument)
    except NotNow as refused:
        return "not now", str(refused)
    except PermissionDenied as refused:
        return "not yours", str(refused)
    except ValidationError as refused:
        fact = next(iter(refused.error_dict))
        return f"refused {fact}", " ".join(refused.messages)
    return "allowed", ""


def limit(row: dict[str, str]) -> tuple[str, str]:
    """A limit of the law for which no clock runs."""
    _ask, step, *variant = row["ask"].split()
    words = variant[0].split("_") if variant else []
    start = moment(row["steps"])
    lengthened = Variant(remote="remote" in words, instance=2 if "second" in words else 1)
    told = due("complaint-first", step, start=start, hours=OFFICE_HOURS, variant=lengthened, on=start.date())
    return str(told.legal_on), told.article


def answer(row: dict[str, str]) -> tuple[str, str]:
    """What follows, and the words in which an article must stand."""
    if row["kind"] == "limit":
        return limit(row)
    told, deeds = told_by(row)
    for deed in deeds[:-1]:
        assert outcome(told, deed) == ("allowed", ""), deed
    became = outcome(told, deeds[-1])
    ask, *what = row["ask"].split()
    if ask == "take":
        return became
    assert became == ("allowed", "")
    petition = Petition.objects.get(pk=told.petition.pk)
    assert not [fault for fault in verify().bad if fault.code]  # the days of then have no anchor here
    if ask == "state":
        return petition.state, story.refusal(petition)[0]
    if ask == "instance":
        return str(petition.instance), ""
    clock = Clock.objects.filter(petition=petition, step=what[0]).order_by("pk").last()
    if ask == "result":
        assert clock is not None
        return clock.result, clock.article
    if clock is None or clock.ended_at is not None:
        assert petition.due_at is None
        return "none", ""
    return str(clock.legal_due_on or timezone.localdate(clock.due_at)), clock.article


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["facts"])
def test_what_happened_has_the_consequence_that_the_law_says(
    row: dict[str, str], reference_data: None
) -> None:
    became, words = answer(row)
    assert became == row["answer"]
    if row["article"] != "-":
        assert row["article"] in words


def test_the_table_is_long_enough_to_be_one() -> None:
    assert len(ROWS) >= 60
    assert {row["kind"].split("+")[0] for row in ROWS} == {"complaint", "denunciation", "limit"}


def test_a_second_complaint_is_as_sealed_as_the_first_and_not_for_those_who_decided_it() -> None:
    petition, officer, today = make.petition("received"), make.officer(), timezone.localdate()
    take(petition, "seal", by=officer, kind="complaint")
    take(petition, "assign", by=officer, agency=make.HAI_CHAU)
    told: dict[str, Any] = {"decision_number": "1", "signed_on": today}
    take(petition, "accept_for_handling", by=make.approver(), **told)
    take(petition, "draft_reply", by=make.handler(), **make.ANSWER)
    take(petition, "approve", by=make.approver())
    take(petition, "appeal", by=make.holder(petition), text="Không đồng ý với quyết định giải quyết")
    born = petition.children.get()
    assert (born.sealed, born.kind, born.instance, born.lead_id) == (True, "complaint", 2, make.FOCAL_POINT)
    assert not Petition.objects.visible_to(make.handler()).filter(pk=born.pk).exists()
    assert born.state == "submitted"
    take(born, "receive", by=officer)
    with pytest.raises(ValidationError, match="bên bị phản ánh"):
        take(born, "assign", by=officer, agency=make.HAI_CHAU)
    offered = AssignForm(petition=Petition.objects.get(pk=born.pk), by=officer)
    assert offered.initial["agency"] == "provincial-people-committee-chair:48"


@pytest.mark.long
@pytest.mark.parametrize("kind", ["complaint", "denunciation", "report"])
def test_who_gave_the_first_answer_neither_drafts_nor_approves_the_second(kind: str) -> None:
    officer, drafter, approver = make.officer(), make.officer(), make.approver(make.FOCAL_POINT)
    petition = make.petition("received")
    work_through(petition, kind, officer)
    take(petition, "draft_reply", by=drafter, **make.ANSWER)
    take(petition, "approve", by=approver)
    take(petition, "appeal", by=make.holder(petition), text="Không đồng ý với kết quả")
    born = petition.children.get()
    Petition.objects.filter(pk=born.pk).update(lead=make.FOCAL_POINT)
    take(born, "receive", by=officer)
    work_through(born, born.kind, officer)
    Exclusion.objects.filter(petition=born).delete()  # the rule is about persons, whatever bodies are out
    for person in (drafter, approver):
        with pytest.raises(PermissionDenied):
            take(born, "draft_reply", by=person, **make.ANSWER)
    take(born, "draft_reply", by=officer, **make.ANSWER)
    for person in (drafter, approver):
        with pytest.raises(PermissionDenied):
            take(born, "approve", by=person)
    born = Petition.objects.get(pk=born.pk)
    assert born.needs_superior  # no other approver is left
    assert Petition.objects.filter(awaits_superior(), pk=born.pk).exists()
    other = make.approver(make.FOCAL_POINT)
    assert not Petition.objects.filter(awaits_superior(), pk=born.pk).exists()
    take(born, "approve", by=other)


def work_through(petition: Petition, kind: str, officer: User) -> None:
    """Taken on by the focal point itself, each kind in its own way."""
    if kind == "report":
        Petition.objects.filter(pk=petition.pk).update(state="assigned", subfield=make.SIDEWALK)
        take(petition, "accept", by=officer)
        return
    if not petition.sealed:
        take(petition, "seal", by=officer, kind=kind)
    told: dict[str, Any] = {"decision_number": "1", "signed_on": timezone.localdate()}
    take(petition, "accept_for_handling", by=officer, **told)


def register_of(person: User, view: str = "") -> str:
    client = Client()
    client.force_login(person)
    answer = client.get(f"/xu-ly/so-don/{f'?xem={view}' if view else ''}")
    return answer.content.decode() if answer.status_code == 200 else str(answer.status_code)


def test_the_register_has_every_limit_with_its_article_and_is_the_officers_alone() -> None:
    tip, complaint, officer = make.petition("received"), make.petition("received"), make.officer()
    take(tip, "seal", by=officer, kind="denunciation")
    take(complaint, "seal", by=officer, kind="complaint")
    page = register_of(officer)
    for said in (tip.printed_code, "Tin tố cáo, chưa có đơn ký", "Khiếu nại lần đầu", "155/2026/NĐ-CP"):
        assert said in page
    assert make.petition("received").printed_code not in page
    for person in (make.focal_point(), make.handler(), make.user(Role.SUPERVISOR, province="48")):
        assert register_of(person) == "404"
    assert register_of(make.officer("01")).count('class="code num"') == 0
    assert register_of(officer, "khong-co") == "404"


def test_what_was_decided_stays_in_the_register_until_it_is_sent_and_made_public() -> None:
    petition, officer, today = make.petition("received"), make.officer(), timezone.localdate()
    take(petition, "seal", by=officer, kind="complaint")
    told: dict[str, Any] = {"decision_number": "1", "signed_on": today}
    take(petition, "accept_for_handling", by=officer, **told)
    take(petition, "draft_reply", by=officer, **make.ANSWER)
    take(petition, "approve", by=make.approver(make.FOCAL_POINT))
    assert "Gửi quyết định" in register_of(officer, "con-viec")
    for done in ("sent", "publicised"):
        take(petition, "announce", by=officer, announced=done)
    assert petition.printed_code not in register_of(officer, "con-viec")
    assert petition.printed_code in register_of(officer, "tat-ca")
    desk = Client()
    desk.force_login(officer)
    page = desk.get(f"/xu-ly/{petition.code}/").content.decode()
    assert "Khiếu nại lần hai được đến hết" in page
    assert "xong, đúng hạn" in page


def test_whoever_was_decided_against_is_offered_the_second_complaint_and_no_third() -> None:
    petition = make.petition("answered")
    assert "Nhờ cơ quan khác" in str(AppealForm(petition=petition).title)
    petition.kind = "complaint"
    offered = AppealForm(petition=petition)
    assert str(offered.title) == "Khiếu nại lần hai"
    assert "Tòa án" in str(offered.explains)
    petition.instance = 2
    assert "appeal" not in workflow.available(petition, make.holder(petition))


def test_a_second_decision_is_reopened_by_the_supervisor_alone() -> None:
    petition = make.petition("answered")
    for instance, may in ((1, True), (2, False)):
        Petition.objects.filter(pk=petition.pk).update(kind="complaint", sealed=True, instance=instance)
        fresh = Petition.objects.get(pk=petition.pk)
        assert ("reopen" in workflow.available(fresh, make.holder(fresh))) is may
    with pytest.raises(NotNow):
        take(fresh, "reopen", by=make.holder(fresh), reason="Không đồng ý")
    take(fresh, "reopen", by=make.user(Role.SUPERVISOR, province="48"), reason="Chưa đối thoại")


def test_what_is_reopened_is_decided_and_told_anew() -> None:
    petition, officer, today = make.petition("received"), make.officer(), timezone.localdate()
    take(petition, "seal", by=officer, kind="complaint")
    told: dict[str, Any] = {"decision_number": "1", "signed_on": today}
    take(petition, "accept_for_handling", by=officer, **told)
    take(petition, "draft_reply", by=officer, **make.ANSWER)
    take(petition, "approve", by=make.approver(make.FOCAL_POINT))
    take(petition, "announce", by=officer, announced="sent")
    take(petition, "reopen", by=make.user(Role.SUPERVISOR, province="48"), reason="Chưa đối thoại")
    petition = Petition.objects.get(pk=petition.pk)
    assert petition.decision_sent_at is None
    results = dict(Clock.objects.filter(petition=petition, round=1).values_list("step", "result"))
    assert (results["send"], results["publicise"]) == ("on_time", "void")
    assert verify().bad == []


def test_a_longer_register_asks_the_database_no_more() -> None:
    officer = make.officer()
    desk = Client()
    desk.force_login(officer)

    def asked() -> int:
        for kind in ("denunciation", "complaint"):
            take(make.petition("received"), "seal", by=officer, kind=kind)
        with CaptureQueriesContext(connection) as queries:
            assert desk.get("/xu-ly/so-don/").status_code == 200
        return len(queries)

    asked()
    assert asked() == asked()


def test_a_decision_that_nobody_sends_climbs_the_ladder_also_once_it_is_closed() -> None:
    petition, officer, today = make.petition("received"), make.officer(), timezone.localdate()
    take(petition, "seal", by=officer, kind="complaint")
    accepted: dict[str, Any] = {"decision_number": "1", "signed_on": today}
    take(petition, "accept_for_handling", by=officer, **accepted)
    take(petition, "draft_reply", by=officer, **make.ANSWER)
    take(petition, "approve", by=make.approver(make.FOCAL_POINT))
    due_at = Clock.objects.get(step="send").due_at
    assert Petition.objects.get().duty_due_at == due_at
    sweep(now=due_at + dt.timedelta(days=30))
    petition = Petition.objects.get()
    assert petition.state == "closed"
    assert Escalation.objects.filter(rung__in=["duty", "duty_3"], of=due_at).count() == 2
    take(petition, "announce", by=officer, announced="sent")
    assert Petition.objects.get().duty_due_at == Clock.objects.get(step="publicise").due_at
    take(petition, "announce", by=officer, announced="publicised")
    assert Petition.objects.get().duty_due_at is None
    assert verify().bad == []


def test_that_a_denunciation_was_accepted_is_told_within_five_working_days() -> None:
    began, officer = dt.datetime(2026, 11, 2, 9, tzinfo=HANOI), make.officer()
    petition = make.petition("received", now=began)
    take(petition, "seal", by=officer, now=began, kind="denunciation")
    told: dict[str, Any] = {"circumstance": "acceptance_told", "reason": "Thông báo số 2"}
    with pytest.raises(ValidationError):
        take(petition, "declare", by=officer, now=began, **told)
    accepted: dict[str, Any] = {"decision_number": "1", "signed_on": began.date()}
    take(petition, "accept_for_handling", by=officer, now=began, **accepted)
    clock = Clock.objects.get(step="notify")
    assert (clock.article, clock.legal_due_on) == ("Luật Tố cáo 2018, Điều 29", dt.date(2026, 11, 9))
    take(petition, "declare", by=officer, now=clock.due_at, **told)
    assert Clock.objects.get(step="notify").result == "on_time"
    assert Petition.objects.get().duty_due_at is None
    with pytest.raises(ValidationError):
        take(petition, "declare", by=officer, now=clock.due_at, **told)


def test_a_complaint_that_is_not_decided_in_time_may_be_brought_to_the_superior() -> None:
    began, officer = dt.datetime(2026, 9, 1, 9, tzinfo=HANOI), make.officer()
    petition = make.petition("received", now=began)
    take(petition, "seal", by=officer, now=began, kind="complaint")
    take(petition, "assign", by=officer, now=began, agency=make.HAI_CHAU)
    accepted: dict[str, Any] = {"decision_number": "1", "signed_on": began.date()}
    take(petition, "accept_for_handling", by=make.approver(), now=began, **accepted)
    due_at, holder = Petition.objects.get().due_at, make.holder(petition)
    assert due_at
    with pytest.raises(NotNow):
        take(petition, "appeal_overdue", by=holder, now=due_at, text="Chưa ai trả lời")
    late = due_at + dt.timedelta(days=1)
    take(petition, "appeal_overdue", by=holder, now=late, text="Quá hạn mà chưa ai trả lời")
    born = petition.children.get()
    assert (born.sealed, born.kind, born.instance, born.lead_id) == (True, "complaint", 2, make.FOCAL_POINT)
    assert not Petition.objects.visible_to(make.handler()).filter(pk=born.pk).exists()
    petition = Petition.objects.get(pk=petition.pk)
    assert (petition.state, petition.is_overdue(late)) == ("in_progress", True)
    said, missed = bar(born) or ("", True)
    assert ("gửi trong hạn" in said, missed) == (True, False)
    with pytest.raises(NotNow):
        take(petition, "appeal_overdue", by=holder, now=late, text="Lần nữa")
    assert not [fault for fault in verify().bad if fault.code]


def signed_denunciation(now: dt.datetime, officer: User) -> Petition:
    """On the web, taken in and sealed, and that very moment its signed form has come."""
    petition = make.petition("received", now=now)
    take(petition, "seal", by=officer, now=now, kind="denunciation")
    take(petition, "declare", by=officer, now=now, circumstance="formal", **IN_WRITING)
    return petition


def test_whoever_accepts_it_in_time_never_had_to_hand_it_on() -> None:
    officer = make.officer()
    petition = signed_denunciation(moment("2026-08-03"), officer)
    said = sweep(now=moment("2026-08-12T08:00"))  # after the five days to hand on, within the seven to accept
    assert {"duty", "duty_3"}.isdisjoint(one.rung for one in said)
    said_at = moment("2026-08-12T08:00")
    shown = {limit.what: (limit.left, limit.tone) for limit in every(Petition.objects.get(), said_at)}
    assert shown["Chuyển đơn không thuộc thẩm quyền"] == ("nếu nơi khác có thẩm quyền", "")
    now = moment("2026-08-12T09:00")
    take(petition, "accept_for_handling", by=officer, now=now, decision_number="7", signed_on=now.date())
    assert Clock.objects.get(step="transfer").result == "void"
    assert "Chuyển đơn" not in " ".join(limit.what for limit in every(Petition.objects.get(), now))
    assert not [fault for fault in verify().bad if fault.code]


def test_what_is_handed_on_after_five_working_days_is_late_whatever_time_to_accept_was_left() -> None:
    officer = make.officer()
    petition = signed_denunciation(moment("2026-08-03"), officer)
    take(petition, "assign", by=officer, now=moment("2026-08-11"), agency=make.HAI_CHAU)
    assert Clock.objects.get(step="transfer").result == "late"


def decided_complaint() -> Petition:
    petition, officer, today = make.petition("received", anew=True), make.officer(), timezone.localdate()
    take(petition, "seal", by=officer, kind="complaint")
    take(petition, "accept_for_handling", by=officer, decision_number="1", signed_on=today)
    take(petition, "draft_reply", by=officer, **make.ANSWER | {"outcome": "explained"})
    take(petition, "approve", by=make.approver(make.FOCAL_POINT))
    return petition


@pytest.mark.long
def test_a_second_complaint_brings_its_files_and_says_where_it_stands() -> None:
    petition = decided_complaint()
    client, address = opened(petition), f"/tra-cuu/{petition.code}/"
    letter = SimpleUploadedFile("don da ky.jpg", picture(), content_type="image/jpeg")
    told = {"text": "Không đồng ý với quyết định", "seq": petition.steps.count(), "files": [letter]}
    page = words(client.post(f"{address}xem-lai/", told, follow=True))
    born = petition.children.get()
    said = "Đã gửi thành đơn khiếu nại lần hai; mã bí mật của bạn mở được cả hai."
    assert f'{said} <a href="/tra-cuu/{born.code}/"' in page
    assert "Bạn khiếu nại lần hai" in page
    assert "Bạn nhờ cơ quan khác xem lại" not in page
    assert [file.name for file in born.attachments.all()] == ["don da ky.jpg"]
    assert not petition.attachments.exists()
    again = client.post(f"{address}xem-lai/", told | {"files": [SimpleUploadedFile("b.jpg", picture())]})
    assert (again.status_code, second_ones(petition), born.attachments.count()) == (302, 1, 1)
    assert {born.code, petition.code}.isdisjoint(fault.code for fault in verify().bad)


@pytest.mark.long
def test_under_the_second_decision_stands_the_way_to_the_court() -> None:
    petition = decided_complaint()
    court = "khởi kiện vụ án hành chính tại Tòa án (Luật Khiếu nại 2011, Điều 42)"
    assert court not in words(opened(petition).get(f"/tra-cuu/{petition.code}/"))
    Petition.objects.filter(pk=petition.pk).update(instance=2)
    assert court in words(opened(petition).get(f"/tra-cuu/{petition.code}/"))


def second_ones(petition: Petition) -> int:
    return petition.children.filter(kind="complaint", instance=2).count()


def test_of_one_decision_there_is_one_second_complaint_and_no_reopening_beside_it() -> None:
    petition, officer, today = make.petition("received"), make.officer(), timezone.localdate()
    take(petition, "seal", by=officer, kind="complaint")
    take(petition, "accept_for_handling", by=officer, decision_number="1", signed_on=today)
    take(petition, "draft_reply", by=officer, **make.ANSWER | {"outcome": "explained"})
    take(petition, "approve", by=make.approver(make.FOCAL_POINT))
    holder = make.holder(petition)
    asked: dict[str, Any] = {"text": "Không đồng ý với quyết định"}
    again: dict[str, Any] = {"reason": "Không đồng ý"}
    take(petition, "appeal", by=holder, **asked)
    for _time in range(2):  # also once the second one is over
        for action, told in (("appeal", asked), ("reopen", again)):
            with pytest.raises(NotNow):
                take(petition, action, by=holder, **told)
        assert not {"appeal", "reopen"} & set(
            workflow.available(Petition.objects.get(pk=petition.pk), holder)
        )
        assert second_ones(petition) == 1
        born = petition.children.get()
        if born.is_open:
            take(born, "withdraw", by=make.holder(born))


def test_a_late_decision_bears_no_second_complaint_beside_the_one_that_did_not_wait_for_it() -> None:
    began, officer = dt.datetime(2026, 9, 1, 9, tzinfo=HANOI), make.officer()
    petition = make.petition("received", now=began)
    take(petition, "seal", by=officer, now=began, kind="complaint")
    accepted: dict[str, Any] = {"decision_number": "1", "signed_on": began.date()}
    take(petition, "accept_for_handling", by=officer, now=began, **accepted)
    holder, late = make.holder(petition), began + dt.timedelta(days=100)
    take(petition, "appeal_overdue", by=holder, now=late, text="Quá hạn mà chưa ai trả lời")
    take(petition, "draft_reply", by=officer, now=late, **make.ANSWER | {"outcome": "explained"})
    take(petition, "approve", by=make.approver(make.FOCAL_POINT), now=late)
    with pytest.raises(NotNow):
        take(petition, "appeal", by=holder, now=late, text="Không đồng ý")
    assert second_ones(petition) == 1


STOOD_STILL = "seal, 2026-08-04 accept, 2026-08-05 suspend"
DECIDED = "seal, 2026-08-04 accept, 2026-08-26 draft, 2026-08-27 approve"


@pytest.mark.parametrize(
    ("kind", "steps", "step", "then", "result"),
    [
        ("complaint", "seal", "accept", "2026-08-12T16:00 withdraw_self", "void"),
        ("complaint", "seal", "accept", "2026-08-24 withdraw_self", "late"),
        ("complaint", "seal", "accept", "2026-08-24 sort_away", "late"),
        ("denunciation", "seal, 2026-08-04 accept", "notify", "2026-08-11 redirect", "void"),
        ("denunciation", "seal, 2026-08-04 accept", "notify", "2026-08-12 redirect", "late"),
        ("denunciation", STOOD_STILL, "notify", "2026-08-24 withdraw_signed", "void"),
        ("denunciation", "seal, 2026-08-04 declare formal", "transfer", "2026-08-13 withdraw_signed", "void"),
        ("complaint", DECIDED, "send", "2026-09-04 reopen", "void"),
        ("complaint", DECIDED, "send", "2026-09-08 reopen", "late"),
    ],
)
def test_what_was_owed_and_is_late_stays_late_however_it_ends(
    kind: str, steps: str, step: str, then: str, result: str, reference_data: None
) -> None:
    row = {"kind": kind, "steps": f"2026-08-03 {steps}, {then}"}
    told, deeds = told_by(row)
    for deed in deeds:
        assert outcome(told, deed) == ("allowed", ""), deed
    petition = Petition.objects.get(pk=told.petition.pk)
    assert Clock.objects.get(petition=petition, step=step).result == result
    shown = [limit.left for limit in every(petition, deeds[-1][0]) if limit.what == WHAT[step]]
    assert shown == (["xong, trễ hạn"] if result == "late" else [])
    assert petition.duty_due_at is None
    assert not [fault for fault in verify().bad if fault.code]
