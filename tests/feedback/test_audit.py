"""The auditor sees who looked, whether a chain holds, and nothing that is barred to him."""

from __future__ import annotations

import csv
import datetime as dt
import html
import io
import json
import re
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from accounts.models import Role, User
from feedback import anchors, audit, facts, guards
from feedback.acting import told_petition
from feedback.models import Exclusion, Look, Petition, Step, StepText
from feedback.permissions import SYSTEM
from feedback.steps import take
from tests import make
from tests.pages import at

pytestmark = pytest.mark.django_db

COMMITTEE = "provincial-people-committee:48"
LONG_AGO = dt.timedelta(days=3)


def auditor(province: str = "", agency: str = "") -> User:
    return make.user(Role.AUDITOR, agency, province)


def words(answer: Any) -> str:
    assert answer.status_code == 200, answer.status_code
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())))


def rows(answer: Any) -> list[list[str]]:
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


def look(petition: Petition | None, person: User, what: str = "petition", **told: Any) -> Look:
    return Look.objects.create(
        petition=petition, user=person, at=told.pop("at", timezone.now()), what=what, **told
    )


@pytest.mark.parametrize("role", [role for role in Role if role != Role.AUDITOR])
def test_to_everybody_else_the_pages_are_not_there(role: Role) -> None:
    petition = make.petition("in_progress")
    client = at(make.user(role, make.HAI_CHAU if role in (Role.HANDLER, Role.APPROVER) else "", "48"))
    for address in ("/kiem-tra/", "/kiem-tra/?dang=csv", "/kiem-tra/neo/", f"/kiem-tra/{petition.code}/"):
        assert client.get(address).status_code == 404, address


@pytest.mark.long
def test_the_log_tells_who_read_what_by_which_right() -> None:
    petition, handler = make.petition("in_progress"), make.handler()
    handler.first_name = "Lê Thị Tư"
    handler.save()
    at(handler).get(petition.get_absolute_url())
    shown = words(at(auditor()).get("/kiem-tra/"))
    for said in ("Lê Thị Tư cơ quan chủ trì", "Mở đơn", petition.printed_code, "trang đơn"):
        assert said in shown


@pytest.mark.long
def test_the_log_is_narrowed_by_person_petition_matter_and_day() -> None:
    first, second = make.petition("in_progress"), make.petition("assigned")
    an, binh = (make.user(Role.HANDLER, make.HAI_CHAU, name=name) for name in ("an.nguyen", "binh.tran"))
    User.objects.filter(pk=binh.pk).update(first_name="Trần Thị Bình")
    today = timezone.now()
    look(first, an, at=today - LONG_AGO)
    look(second, an, "file")
    look(first, binh, "identity", sealed=True, named=True)
    client = at(auditor())

    def found(**asked: str) -> list[tuple[str, str]]:
        lines = rows(client.get("/kiem-tra/", asked | {"dang": "csv"}))[1:]
        return sorted((line[1], line[4]) for line in lines if line[6] != "nhật ký truy cập")

    assert found(nguoi="an.nguyen") == sorted([("an.nguyen", first.code), ("an.nguyen", second.code)])
    assert found(nguoi="binh") == [("binh.tran", first.code)]
    assert found(nguoi="tran thi") == [("binh.tran", first.code)]
    assert found(nguoi="nguy") == []
    assert found(ma=second.printed_code) == [("an.nguyen", second.code)]
    assert found(viec="identity") == [("binh.tran", first.code)]
    assert found(viec="file") == [("an.nguyen", second.code)]
    day = timezone.localdate(today - LONG_AGO).isoformat()
    assert found(**{"den-ngay": day}) == [("an.nguyen", first.code)]
    assert len(found(**{"tu-ngay": timezone.localdate(today).isoformat()})) == 2
    assert "Nhập một ngày hợp lệ" in words(client.get("/kiem-tra/", {"tu-ngay": "hôm qua"}))


def test_the_log_goes_on_by_key_and_is_taken_along_as_a_sheet_which_is_kept_too() -> None:
    petition, person, watching = make.petition("in_progress"), make.handler(), auditor()
    person.first_name = "=cmd()"
    person.save()
    for number in range(53):
        look(petition, person, "file", about=str(number))
    client = at(watching)
    first = client.get("/kiem-tra/")
    after = re.search(r"sau=(\d+)", first.content.decode())
    assert after
    assert client.get("/kiem-tra/", {"sau": after[1]}).content.decode().count("<time ") == 3
    sheet = rows(client.get("/kiem-tra/", {"dang": "csv"}))
    assert (len(sheet), sheet[1][2]) == (54, "'=cmd()")
    kept = Look.objects.get(user=watching)
    assert (kept.what, kept.rows, kept.right, kept.page) == ("export", 53, "auditor", "feedback:audit")


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL plans by what it has counted")
def test_the_newest_looks_are_read_without_sorting_all_of_them() -> None:
    looks = audit.with_names(audit.Asked().of(audit.looks_of(auditor())))
    for rows in (looks, looks.filter(what="export"), looks.at_identity()):
        assert "TEMP B-TREE" not in rows[:51].explain()


@pytest.mark.long
def test_he_learns_nothing_of_what_is_barred_to_him_nor_of_another_province() -> None:
    barred, elsewhere = make.petition("in_progress"), make.petition("submitted")
    Exclusion.objects.create(petition=barred, agency_id=COMMITTEE)
    Petition.objects.filter(pk=elsewhere.pk).update(territory="01")
    person, watching = make.focal_point(), auditor("48", COMMITTEE)
    for petition in (barred, elsewhere):
        look(petition, person)
    look(None, make.user(Role.SUPERVISOR, "", "01"), "export", rows=7, page="feedback:board")
    client = at(watching)
    assert len(rows(client.get("/kiem-tra/", {"dang": "csv"}))) == 1
    pages = [client.get("/kiem-tra/"), client.get("/kiem-tra/", {"ma": barred.code})]
    for petition in (barred, elsewhere):
        assert client.get(f"/kiem-tra/{petition.code}/").status_code == 404
        assert not any(petition.printed_code in words(answer) for answer in pages)
    assert len(rows(at(auditor("01")).get("/kiem-tra/", {"dang": "csv"}))) == 3


def test_an_untouched_chain_holds_and_says_so_without_a_citizens_word() -> None:
    petition, watching = make.petition("answered", text="Cột điện nghiêng trước nhà số chín"), auditor()
    shown = words(at(watching).get(f"/kiem-tra/{petition.code}/"))
    count = petition.steps.count()
    assert f"{count} bước còn nguyên" in shown
    assert shown.count(" khớp ") >= count
    for said in (petition.steps.get(seq=2).hash[:12], "Duyệt và gửi câu trả lời", "chưa đến lúc ký"):
        assert said in shown
    assert "Cột điện" not in shown
    kept = Look.objects.get()
    assert (kept.user, kept.petition, kept.page) == (watching, petition, "feedback:audited")


def test_what_was_changed_is_named_at_its_step() -> None:
    petition = make.petition("answered")
    guards.drop()
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE feedback_step SET record = record || ' ' WHERE petition_id = %s AND seq = 3",
            [petition.pk],
        )
    StepText.objects.filter(step__petition=petition, step__seq=1).update(text="không phải JSON")
    Petition.objects.filter(pk=petition.pk).update(outcome="noted")
    guards.create()
    shown = words(at(auditor()).get(f"/kiem-tra/{petition.code}/"))
    for said in (
        *("Có chỗ không khớp", "nội dung ghi không khớp mã băm", "lời của bước này đã bị sửa"),
        "kết quả, lúc trả lời hoặc đánh giá khác các bước",
    ):
        assert said in shown
    assert "còn nguyên" not in shown


@pytest.mark.long
def test_the_anchors_of_its_days_are_held_against_its_steps(tmp_path: Any, settings: Any) -> None:
    settings.VAR = tmp_path
    then = timezone.now() - LONG_AGO
    petition = make.petition("submitted", now=then)
    client = at(auditor())
    address = f"/kiem-tra/{petition.code}/"
    assert "ngày này chưa có neo" in words(client.get(address))
    anchors.make()
    assert "có trong danh sách, chữ ký đúng" in words(client.get(address))
    assert words(client.get("/kiem-tra/neo/")).count("khớp, chữ ký đúng") >= 1
    (anchors.folder() / f"{timezone.localdate(then)}.txt.gz").write_bytes(b"")
    assert "danh sách bước của ngày bị sửa hoặc mất" in words(client.get(address))
    chain = anchors.folder() / "chain.jsonl"
    chain.write_text(chain.read_text().replace('"signature":"', '"signature":"00'))
    assert "chữ ký không đúng" in words(client.get(address))
    chain.write_text("không phải neo\n" * 2)
    assert "Tệp neo chain.jsonl hỏng" in words(client.get(address))
    assert "Tệp neo chain.jsonl hỏng" in words(client.get("/kiem-tra/neo/"))


def test_the_anchors_name_a_petition_only_to_who_sees_it(tmp_path: Any, settings: Any) -> None:
    settings.VAR = tmp_path
    petition = make.petition("submitted", now=timezone.now() - LONG_AGO)
    anchors.make()
    guards.drop()
    petition.steps.update(hash="0" * 64)
    guards.create()
    assert f"{petition.printed_code} #1: khác bước đã neo" in words(at(auditor()).get("/kiem-tra/neo/"))
    shown = words(at(auditor("01")).get("/kiem-tra/neo/"))
    assert "một đơn ngoài phạm vi của bạn: khác bước đã neo" in shown
    assert petition.printed_code not in shown


@pytest.mark.long
def test_the_desk_and_the_board_lead_him_there() -> None:
    petition = make.petition("in_progress")
    sealed = make.petition("submitted")
    take(sealed, "seal", by=SYSTEM, kind="denunciation")
    mine, others = at(auditor()), at(make.user(Role.SUPERVISOR, "", "48"))
    for address in ("/giam-sat/", petition.get_absolute_url()):
        assert 'href="/kiem-tra/"' in mine.get(address).content.decode()
        assert 'href="/kiem-tra/' not in others.get(address).content.decode()
    assert f'href="/kiem-tra/{petition.code}/"' in mine.get(petition.get_absolute_url()).content.decode()
    assert mine.get(f"/kiem-tra/{sealed.code}/").status_code == 200


@pytest.mark.parametrize(
    "address",
    ["?den-ngay=31/12/9999", "?tu-ngay=01/01/0001", "neo/?truoc=9999-12-31", "neo/?truoc=0001-01-01"],
)
def test_the_ends_of_the_calendar_narrow_nothing_and_break_nothing(address: str) -> None:
    assert at(auditor()).get(f"/kiem-tra/{address}").status_code == 200


def test_an_export_of_no_code_and_of_impossible_days_is_refused_in_words() -> None:
    make.petition("received")
    for told in ({"codes": " , ,"}, {"since": "01/01/2026", "until": "31/12/9999"}):
        answer = at(auditor()).post("/kiem-tra/xuat/", {**told, "ve": "/kiem-tra/?viec=file"})
        assert answer.status_code == 400
        page = answer.content.decode()
        assert re.search(
            r'<details class="more" id="xuat" open>\s*<summary>[^§]*?Lấy hồ sơ cho thanh tra', page
        )
        assert f'value="{next(iter(told.values()))}"' in page
        assert '<option value="file" selected' in page


@pytest.mark.long
def test_a_sender_who_signed_in_is_named_nowhere_by_his_steps() -> None:
    citizen = make.user(Role.CITIZEN, name="kieu.to.giac")
    citizen.first_name = "Kiều Thị Tố Giác"
    citizen.save()
    petition = make.petition("submitted", petitioner=citizen, text="Tôi tố cáo cán bộ nhận tiền.", anew=True)
    take(petition, "seal", by=make.officer(), kind="denunciation")
    watcher, person = make.user(Role.SUPERVISOR, province="48"), auditor()
    pages = [words(at(one).get(f"/xu-ly/{petition.code}/")) for one in (watcher, person)]
    pages.append(words(at(person).get(f"/kiem-tra/{petition.code}/")))
    told = json.dumps(told_petition(Petition.objects.get(pk=petition.pk), watcher), ensure_ascii=False)
    for page in (*pages, told):
        assert "Kiều Thị Tố Giác" not in page
        assert "kieu.to.giac" not in page


@pytest.mark.long
@pytest.mark.parametrize("rule", [facts.ON_REQUEST, "feedback-5-years"])
@pytest.mark.parametrize("role", [Role.CITIZEN, Role.FOCAL_POINT])
def test_nor_once_his_petition_is_erased(role: Role, rule: str) -> None:
    sender = make.user(role, name="kieu.to.giac", **({} if role is Role.CITIZEN else {"province": "48"}))
    petition = make.petition("closed", petitioner=sender, anew=True)
    take(petition, "erase", by=SYSTEM, rule=rule)
    person, chain = auditor(), Step.objects.filter(petition=petition)
    assert {one.by_id for one in chain} - {None}
    assert sender.pk not in {one.by_id for one in chain}
    # A step of before senders were left out of them.
    guards.drop()
    chain.filter(action="submit").update(by=sender)
    guards.create()
    told = json.dumps(told_petition(Petition.objects.get(pk=petition.pk), person), ensure_ascii=False)
    for address in (f"/xu-ly/{petition.code}/", f"/kiem-tra/{petition.code}/"):
        told += words(at(person).get(address))
    assert "kieu.to.giac" not in told


def test_of_whoever_reads_what_he_sent_himself_the_log_keeps_nothing() -> None:
    citizen = make.user(Role.CITIZEN, name="kieu.to.giac")
    petition = make.petition("in_progress", petitioner=citizen, anew=True)
    call_command("petition", petition.code, username=citizen.username, json=True, stdout=io.StringIO())
    assert not Look.objects.exists()
