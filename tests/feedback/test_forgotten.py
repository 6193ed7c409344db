"""Who asks to be forgotten is forgotten whole: what was under way, kin, and copies put aside too."""

from __future__ import annotations

import datetime as dt
import json
import os
import time
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from feedback import drafts, facts, followups
from feedback.acting import act
from feedback.models import FollowUp, Petition, Prediction, ReplyDraft
from feedback.permissions import SYSTEM
from feedback.steps import NotNow, take
from feedback.sweep import sweep
from feedback.verification import verify
from routing.jsonlines import LineError
from tests import make
from tests.pages import at, opened, words

pytestmark = pytest.mark.django_db

READING = "feedback.intake.read_submitted"


def tables_with(*words: str) -> set[str]:
    """Every table of the house in which one of these stands."""
    return {
        model._meta.db_table
        for model in apps.get_models()
        for row in model._default_manager.all().values()
        if any(word in json.dumps(row, default=str, ensure_ascii=False) for word in words)
    }


@pytest.mark.long
def test_what_a_machine_was_reading_meanwhile_is_not_written_down() -> None:
    petition = make.petition("submitted", text="Vỉa hè trước nhà bà Zqkin bị bong gạch, cụ già vấp ngã")
    row = FollowUp.objects.select_related("step__petition").get(consumer=READING)
    assert followups._claim(row)
    write = followups.consumer(READING)(row.step)  # outside any transaction
    assert write is not None
    take(petition, "erase", by=SYSTEM, rule="on-request")
    with transaction.atomic():
        assert followups._finish(row)
        write()
    assert not Prediction.objects.filter(petition=petition).exists()
    assert tables_with("Zqkin", "zqkin") == set()


@pytest.mark.long
@pytest.mark.parametrize("asked", ["the first", "the part", "the appeal"])
def test_on_request_a_family_goes_whole(asked: str) -> None:
    first = make.petition("answered", text="Toàn bộ Zqwhole", name="Bà Zqname", place_text="hẻm Zqplace")
    take(first, "appeal", by=make.holder(first), text="Xem lại Zqappeal")
    appeal = Petition.objects.get(origin=first)
    take(appeal, "receive", by=make.focal_point())
    take(appeal, "split", by=make.focal_point(), texts=["Phần Zqpart"])
    part = Petition.objects.get(origin=appeal)
    chosen = {"the first": first, "the part": part, "the appeal": appeal}[asked]
    take(chosen, "erase", by=make.user("administrator", province="48"), rule="on-request")
    assert tables_with("Zq") == set()
    assert not Petition.objects.filter(erased_at__isnull=True).exists()
    assert [fault for fault in verify().bad if fault.code] == []


@pytest.mark.long
def test_by_which_letter_it_was_asked_for_stays_with_the_erasure_and_names_nobody() -> None:
    first, person = (
        make.petition("received", text="Toàn bộ Zqwhole"),
        make.user("administrator", province="48"),
    )
    take(first, "split", by=make.focal_point(), texts=["Phần Zqpart"])
    part = Petition.objects.get(origin=first)
    typed = {"rule": "on-request", "code": first.code, "requested_on": "2026-11-20"}
    today = timezone.localdate()
    for wrong in ("Bà Nguyễn Thị Zq", "0905123456", "079123456789"):
        page = at(person).post(f"/xu-ly/{first.code}/erase/", {**typed, "request_number": wrong})
        assert page.status_code == 400
        assert "không ghi tên" in words(page)
    late = {**typed, "requested_on": str(today + dt.timedelta(days=1))}
    assert at(person).post(f"/xu-ly/{first.code}/erase/", late).status_code == 400
    answer = at(person).post(f"/xu-ly/{first.code}/erase/", {**typed, "request_number": "12/YC-XDL"})
    assert answer.status_code == 302
    for one in (first, part):
        told = one.steps.get(action="erase").facts
        assert (told["request_number"], told["requested_on"]) == ("12/YC-XDL", "2026-11-20")
    asked = "văn bản yêu cầu: số 12/YC-XDL ngày 20/11/2026"
    assert asked in words(opened(first).get(f"/tra-cuu/{first.code}/"))
    auditor = make.user("auditor", province="48")
    assert asked in words(at(auditor).get(f"/kiem-tra/{first.code}/"))
    assert verify().bad == []


OF_AN_OFFICE = (
    "12",
    "12/YC-2026",
    "YC-12/2026",
    "12 /YC",
    "12/TTr-UBND",
    "45/QĐ-TTg",
    "1234/2026/CV-SVHTTDL",
)
OF_A_PERSON = (
    *("0905.123.456", "0905-123-456", "0905/123/456", "079.185.001.234", "1234-5678-9", "43A-123.45"),
    *("1/NGUYENVANA", "1.NGUYEN-VAN-A.0905.123.456", "12/Binh", "12/Bưởi", "YC", "12/", "１２/YC"),
)


@pytest.mark.parametrize("told", OF_AN_OFFICE)
def test_a_number_as_an_office_writes_it_is_kept(told: str) -> None:
    assert facts.request_number(told) == told.replace(" ", "")


@pytest.mark.parametrize("told", OF_A_PERSON)
def test_no_telephone_paper_or_plate_stays_as_a_number_however_it_is_parted(told: str) -> None:
    with pytest.raises(ValidationError, match="không ghi tên"):
        facts.request_number(told)


def test_a_rule_of_time_takes_each_in_its_own_time() -> None:
    first = make.petition("received", text="Toàn bộ Zqwhole")
    take(first, "split", by=make.focal_point(), texts=["Phần Zqpart"])
    take(Petition.objects.get(origin=first), "erase", by=SYSTEM, rule="feedback-5-years")
    assert Petition.objects.get(pk=first.pk).text == "Toàn bộ Zqwhole"


def test_a_draft_that_is_saved_late_does_not_come_back() -> None:
    petition, handler = make.petition("in_progress"), make.handler()
    take(petition, "erase", by=SYSTEM, rule="on-request")
    with pytest.raises(NotNow):
        drafts.keep(petition, by=handler, told={"text": "Trả lời ông Zqdraft"}, now=timezone.now())
    assert not ReplyDraft.objects.exists()


@pytest.mark.long
def test_what_is_said_after_an_erasure_goes_when_the_petition_ends() -> None:
    petition, official = make.petition("in_progress"), make.handler()
    take(petition, "erase", by=SYSTEM, rule="on-request")
    take(petition, "note", by=official, text="Gọi lại cho bà Zqlater")
    sweep()
    assert tables_with("Zqlater")  # it is still worked on
    take(petition, "withdraw", by=make.holder(petition))
    sweep()
    assert tables_with("Zqlater") == set()
    steps = petition.steps.count()
    sweep()
    assert petition.steps.count() == steps
    assert verify().ok


@pytest.mark.long
def test_what_is_sealed_an_administrator_erases_without_reading_it() -> None:
    petition = make.petition("received", text="Zqsealed")
    take(petition, "seal", by=make.officer(), kind="denunciation")
    here, elsewhere = make.user("administrator", province="48"), make.user("administrator", province="79")
    asked: dict[str, Any] = {"code": petition.code, "action": "erase", "facts": {"rule": "on-request"}}
    for name, action in ((elsewhere.username, "erase"), (here.username, "note")):
        with pytest.raises(LineError) as refused:
            act({**asked, "as": name, "action": action})
        assert refused.value.exit_code == 5
    assert act({**asked, "as": here.username})["action"] == "erase"
    assert tables_with("Zqsealed") == set()


def copies(var: Path) -> dict[str, Path]:
    """Copies of the database put aside before it was changed: one of today, one of last week."""
    (var / "backups").mkdir(exist_ok=True)
    made = {name: var / "backups" / f"before-migrate-{name}.sqlite3" for name in ("today", "old")}
    for copy in made.values():
        copy.write_bytes(b"Zqcopy")
    eight_days_ago = time.time() - 8 * 86400
    os.utime(made["old"], (eight_days_ago, eight_days_ago))
    return made


def test_a_copy_put_aside_lasts_a_week(settings: Any, tmp_path: Path) -> None:
    settings.VAR = tmp_path
    made = copies(tmp_path)
    sweep()
    assert {name: copy.exists() for name, copy in made.items()} == {"today": True, "old": False}


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_and_not_a_moment_longer_once_somebody_asks(
    reference_data: None, settings: Any, tmp_path: Path
) -> None:
    settings.VAR = tmp_path
    made = copies(tmp_path)
    take(make.petition("in_progress"), "erase", by=SYSTEM, rule="on-request")
    assert not any(copy.exists() for copy in made.values())


def test_what_the_process_could_not_take_away_the_clock_does(settings: Any, tmp_path: Path) -> None:
    settings.VAR = tmp_path
    made = copies(tmp_path)
    take(make.petition("in_progress"), "erase", by=SYSTEM, rule="on-request")  # nothing is committed here
    assert made["today"].exists()
    sweep()
    assert not any(copy.exists() for copy in made.values())


@pytest.mark.long
def test_what_was_merged_goes_with_its_main() -> None:
    petition, main = make.petition("in_progress", text="Hố ga nhà Zqmerged"), make.petition("in_progress")
    take(petition, "merge", by=make.handler(), main=main.code)
    take(main, "withdraw", by=make.holder(main))  # it stands alone again
    take(petition, "merge", by=make.handler(), main=(other := make.petition("in_progress")).code)
    take(other, "draft_reply", by=make.handler(), **make.ANSWER)
    take(other, "approve", by=make.approver())
    now = timezone.now()
    for days in (20, 1800):
        sweep(now=now + dt.timedelta(days=days))
        assert tables_with("Zqmerged")
    sweep(now=now + dt.timedelta(days=20 + 5 * 366))
    assert tables_with("Zqmerged") == set()


@pytest.mark.long
def test_what_is_said_to_a_merged_one_after_an_erasure_goes_when_its_main_ends() -> None:
    petition, main = make.petition("in_progress"), make.petition("in_progress")
    take(petition, "merge", by=make.handler(), main=main.code)
    take(petition, "erase", by=SYSTEM, rule="on-request")
    take(petition, "inform", by=make.focal_point(), text="Bà Zqlater gọi lại")
    take(main, "draft_reply", by=make.handler(), **make.ANSWER)
    take(main, "approve", by=make.approver())
    now = timezone.now() + dt.timedelta(days=20)
    sweep(now=now)  # closes the main
    sweep(now=now)
    assert tables_with("Zqlater") == set()


@pytest.mark.long
def test_what_is_erased_and_still_open_says_so_where_its_words_stood() -> None:
    petition = make.petition("in_progress", anew=True)
    take(petition, "erase", by=SYSTEM, rule="on-request")
    handler = at(make.handler())
    page = words(handler.get(petition.get_absolute_url()))
    for said in ("danh tính người gửi đã được xóa", "Đơn vẫn còn mở", "Điều máy đọc được đã xóa"):
        assert said in page
    for untrue in ("Vai trò của bạn không xem tên", "Máy chưa đọc đơn này", "không ghi lý do"):
        assert untrue not in page
    assert "Lời người gửi đã được xóa" in words(handler.get("/xu-ly/"))
    assert "Xem bản công khai" not in words(opened(petition).get(f"/tra-cuu/{petition.code}/"))
