"""Rows as a table: taken home, looked through row by row, kept all or none, each with its history."""

from __future__ import annotations

import csv
import io
import time
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.forms import modelform_factory
from django.test import Client
from django.test.utils import CaptureQueriesContext

from routing.importing import looked_through
from routing.models import Agency, CommuneSuccessor, CompetenceRule, OutsideBody
from tests.pages import at

pytestmark = pytest.mark.django_db

RULES = "/quan-tri/routing/competencerule"
HEAD = "slug,rung,subfields,facts,lead,legal,reason,source,valid_from"
NIGHT = (
    'cho-dem,field,urban-order.noise,"{""system"": ""cho-dem""}",commune-culture-society-office,no,'
    "chợ đêm do phòng văn hóa quản lý,Quy chế chợ đêm 12/QĐ-UBND,2026-12-01"
)


@pytest.fixture
def administrator() -> Client:
    return at(get_user_model().objects.create_superuser("quantri", password="mot-mat-khau-du-dai"))


def sent(client: Client, text: str, page: str = RULES) -> str:
    file = SimpleUploadedFile("bang.csv", text.encode())
    return str(client.post(f"{page}/nhap/", {"file": file}).content.decode())


def kept(client: Client, text: str, page: str = RULES) -> Any:
    return client.post(f"{page}/nhap/", {"text": text, "keep": "1"})


def test_a_new_row_is_shown_first_and_kept_when_asked(administrator: Client) -> None:
    text = f"{HEAD}\n{NIGHT}\n"
    page = sent(administrator, text)
    assert "cho-dem" in page
    assert "Dòng mới" in page
    assert not CompetenceRule.objects.filter(slug="cho-dem").exists()

    assert kept(administrator, text).status_code == 302
    row = CompetenceRule.objects.get(slug="cho-dem")
    assert (row.subfields, row.facts, str(row.valid_from)) == (
        ["urban-order.noise"],
        {"system": "cho-dem"},
        "2026-12-01",
    )
    assert row.kinds == []


def test_a_table_parted_by_semicolons_is_the_same_table(administrator: Client) -> None:
    out = io.StringIO()
    cells = next(
        csv.reader([NIGHT.replace("urban-order.noise", "urban-order.noise;urban-order.pets-livestock")])
    )
    csv.writer(out, delimiter=";").writerows([HEAD.split(","), cells])
    text = "\ufeff" + out.getvalue()
    page = sent(administrator, text)
    assert "Dòng mới" in page, page
    assert kept(administrator, text.removeprefix("\ufeff")).status_code == 302
    row = CompetenceRule.objects.get(slug="cho-dem")
    assert row.subfields == ["urban-order.noise", "urban-order.pets-livestock"]
    assert row.facts == {"system": "cho-dem"}


def test_each_wrong_row_is_told_with_its_number_and_nothing_is_kept(administrator: Client) -> None:
    wrong = NIGHT.replace("cho-dem,field", "cho-sang,field").replace("commune-culture", "ai-do")
    tied = NIGHT.replace("cho-dem,field", "cho-chieu,field")
    text = "\n".join([HEAD, NIGHT, wrong, tied, "muon,field,,{,x,no,r,s,hôm qua"])
    page = sent(administrator, text)
    assert "lead: Không có loại cơ quan “ai-do-society-office”." in page
    assert "ngang hàng với “cho-dem”" in page
    assert page.count("errornote") >= 4
    assert "Ghi các dòng này" not in page
    kept(administrator, text)
    assert not CompetenceRule.objects.filter(slug__startswith="cho-").exists()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("rung,lead\nfield,x\n", "Dòng đầu thiếu cột slug"),
        ("slug,màu\nx,đỏ\n", "Không có cột màu"),
        ("slug,lead\nx\n", "Dòng 2 thừa hoặc thiếu ô"),
        ("", "Dòng đầu thiếu cột slug"),
        (f"slug,lead\nx,{'a' * 140_000}\n", "Tệp CSV bị hỏng"),
        ("slug,lead\rx,y\r", "Tệp CSV bị hỏng"),
    ],
)
def test_what_is_no_table_is_told(administrator: Client, text: str, said: str) -> None:
    assert said in (sent(administrator, text) if text else str(kept(administrator, text).content.decode()))


def test_a_row_without_a_source_is_told(administrator: Client) -> None:
    text = f"{HEAD}\n{NIGHT.replace('Quy chế chợ đêm 12/QĐ-UBND', '')}\n"
    assert "Xin ghi nguồn" in sent(administrator, text)
    kept(administrator, text)
    assert not CompetenceRule.objects.filter(slug="cho-dem").exists()


def test_a_file_in_another_encoding_is_told(administrator: Client) -> None:
    file = SimpleUploadedFile("bang.csv", "slug\nchợ\n".encode("utf-16"))
    page = administrator.post(f"{RULES}/nhap/", {"file": file}).content.decode()
    assert "Tệp không phải UTF-8" in page


@pytest.mark.long
@pytest.mark.parametrize("where", [RULES, "/quan-tri/routing/outsidebody"])
def test_what_is_taken_home_and_brought_back_unchanged_changes_nothing(
    administrator: Client, where: str
) -> None:
    table = administrator.get(f"{where}/xuat/").content.decode()
    rows = CompetenceRule.objects.count() if where == RULES else OutsideBody.objects.count()
    assert len(list(csv.reader(io.StringIO(table)))) == rows + 1
    said = sent(administrator, table, where)
    assert f"{rows} dòng không đổi, 0 dòng sai" in said


def test_a_changed_row_tells_what_was_and_what_is_and_so_does_its_history(administrator: Client) -> None:
    text = "code,phone,address\ndepartment-of-construction:48,0236 3822 134,24 Trần Phú\n"
    page = sent(administrator, text, "/quan-tri/routing/agency")
    assert "phone: – → 0236 3822 134" in page
    assert kept(administrator, text, "/quan-tri/routing/agency").status_code == 302
    agency = Agency.objects.get(code="department-of-construction:48")
    assert (agency.phone, agency.address) == ("0236 3822 134", "24 Trần Phú")
    assert agency.name == "Sở Xây dựng TP Đà Nẵng"
    entry = LogEntry.objects.get(object_id="department-of-construction:48")
    assert "phone: – → 0236 3822 134" in entry.get_change_message()


def test_a_commune_office_is_closed_by_a_table(administrator: Client) -> None:
    text = "code,valid_to\ncommune-economy-office:20242,2026-12-31\n"
    kept(administrator, text, "/quan-tri/routing/agency")
    assert str(Agency.objects.get(code="commune-economy-office:20242").valid_to) == "2026-12-31"


def test_nobody_else_brings_a_table(client: Client) -> None:
    assert client.post(f"{RULES}/nhap/", {"text": HEAD, "keep": "1"}).status_code == 302
    assert not CompetenceRule.objects.filter(slug="cho-dem").exists()


@pytest.mark.long
def test_who_follows_a_closed_commune_comes_with_a_table_and_stands_with_it(
    administrator: Client,
) -> None:
    kept(administrator, "code,valid_to\n20242,2026-11-30\n", "/quan-tri/routing/commune")
    page = "/quan-tri/routing/communesuccessor"
    text = "former,successor,valid_from,source\n20242,20257,2026-12-01,Nghị quyết 12\n"
    assert "Dòng mới" in sent(administrator, text, page)
    kept(administrator, text, page)
    assert CommuneSuccessor.objects.get(former="20242").successor_id == "20257"
    shown = administrator.get("/quan-tri/routing/commune/20242/change/").content.decode()
    assert "Nghị quyết 12" in shown
    circle = "former,successor,valid_from\n20257,20242,2026-12-01\n"
    assert "dẫn về chính" in sent(administrator, circle, page)


def test_the_list_of_agencies_says_who_took_over(administrator: Client) -> None:
    text = "former,successor,valid_from\ncommune-pasc:20242,commune-pasc:20257,2026-12-01\n"
    kept(administrator, text, "/quan-tri/routing/agencysuccessor")
    listed = administrator.get("/quan-tri/routing/agency/?q=commune-pasc:20242").content.decode()
    assert "Trung tâm Phục vụ hành chính công phường Hòa Cường" in listed


@pytest.mark.long
def test_a_look_at_a_thousand_rows_is_short_and_locks_nobody_out() -> None:
    rows = "".join(
        f'm{n},field,urban-order.noise,"{{""system"": ""s{n}""}}",commune-police,no,r,s,2026-12-01\n'
        for n in range(1000)
    )
    form = modelform_factory(CompetenceRule, exclude=["shipped"])
    began = time.process_time()
    with CaptureQueriesContext(connection) as asked:
        lines = looked_through(CompetenceRule, form, f"{HEAD}\n{rows}", keep=False)
    assert {line.state for line in lines} == {"new"}
    assert time.process_time() - began < 8  # of a core; 2 usually, whoever else works
    assert not [one for one in asked.captured_queries if one["sql"].startswith(("INSERT", "UPDATE"))]


def test_a_key_twice_in_a_table_is_told(administrator: Client) -> None:
    assert "Đã có ở dòng 2." in sent(administrator, f"{HEAD}\n{NIGHT}\n{NIGHT}\n")


@pytest.mark.parametrize("facts", ["a;b", "[1]"])
def test_facts_that_are_a_list_are_told_in_table_and_form(administrator: Client, facts: str) -> None:
    row = f"muon,field,urban-order.noise,{facts},commune-police,no,r,s,2026-12-01"
    assert "Cần dữ kiện theo tên" in sent(administrator, f"{HEAD}\n{row}\n")
    typed = {
        "slug": "muon",
        "rung": "field",
        "kinds": "[]",
        "fields": "[]",
        "coordinators": "[]",
        "subfields": '["urban-order.noise"]',
        "facts": "[1]",
        "outcome": "agency",
        "lead": "commune-police",
        "legal": "no",
        "reason": "r",
        "source": "s",
        "valid_from": "2026-12-01",
    }
    page = administrator.post(f"{RULES}/add/", typed)
    assert page.status_code == 200
    assert "Cần dữ kiện theo tên" in page.content.decode()
