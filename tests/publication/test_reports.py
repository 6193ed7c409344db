"""The report of an agency's month: the figures of the page of figures, to read, as Excel and as PDF."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

import pytest
from django.core.cache import cache
from django.test import Client

from publication import monthly, reportfiles
from publication.models import FrozenMonth, FrozenRow
from routing.models import Agency
from tests import make
from tests.pages import in_pdf
from tests.publication import world
from tests.publication.world import answered, counted
from tests.walked import once

pytestmark = pytest.mark.django_db

OCTOBER = f"/thong-ke/bao-cao/2026-10/{make.HAI_CHAU}"
SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


@pytest.fixture
def two_months(db: None) -> None:
    once("two months", world.two_months)
    counted()


def figures(client: Client, since: str, until: str = "2026-10-31", agency: str = make.HAI_CHAU) -> list[Any]:
    asked = {"format": "json", "agency": agency, "from": since, "to": until}
    found: list[Any] = client.get("/thong-ke/", asked).json()["figures"]
    return found


def sheets(file: bytes) -> Iterator[list[list[Any]]]:
    """The cells of each sheet; numbers as numbers, words as words."""
    with zipfile.ZipFile(io.BytesIO(file)) as book:
        words = ElementTree.fromstring(book.read("xl/sharedStrings.xml"))
        known = ["".join(one.itertext()) for one in words]
        for number in (1, 2, 3):
            page = ElementTree.fromstring(book.read(f"xl/worksheets/sheet{number}.xml"))
            assert not list(page.iter(f"{SHEET}f"))
            yield [_cells(row, known) for row in page.iter(f"{SHEET}row")]


def _cells(row: Any, known: list[str]) -> list[Any]:
    told: list[Any] = []
    for cell in row:
        told += [None] * (ord(cell.get("r")[0]) - ord("A") - len(told))
        value = cell.find(f"{SHEET}v").text
        told.append(known[int(value)] if cell.get("t") == "s" else json.loads(value))
    return told


def as_written(row: Any) -> list[Any]:
    value = reportfiles.FEW if row.get("few") else row["value"]
    return [value, row["numerator"], row["denominator"], row["key"], row["definition"]]


@pytest.mark.long
def test_page_excel_and_pdf_say_what_the_figures_say_to_the_last_digit(
    two_months: None, client: Client
) -> None:
    month, year = figures(client, "2026-10-01"), figures(client, "2026-01-01")
    assert {row["key"]: row["value"] for row in month}["on_time"] == 0.8182  # nine of eleven
    for told, sheet in zip((month, year), sheets(client.get(f"{OCTOBER}.xlsx").content), strict=False):
        got = [[one[at] if at < len(one) else None for at in (1, 3, 4, 5, 7)] for one in sheet[1:]]
        assert got == [as_written(row) for row in told]
    page, drawn = client.get(f"{OCTOBER}/").content.decode(), in_pdf(client.get(f"{OCTOBER}.pdf").content)
    frozen = FrozenMonth.objects.get(month="2026-10-01")
    for said in (page, drawn.replace(" ", "")):
        assert frozen.digest in said
    cells = re.findall(r'<td class="figure">(.*?)</td>', page)
    assert cells[16:20] == ["81,82%", "9", "11", "88,89%"]
    assert "81,82% 9 11 88,89%" in drawn
    for row in month:
        assert row["definition"] in page
        assert row["definition"].replace(" ", "") in drawn.replace(" ", "")


@pytest.mark.long
def test_a_rate_of_fewer_than_five_is_told_as_such_everywhere(client: Client) -> None:
    for number in range(6):
        answered("2026-10-05 09:00", "2026-10-06 10:00", score="satisfied" if number < 2 else "")
    counted()
    assert {row["key"]: row["value"] for row in figures(client, "2026-10-01")}["satisfied"] is None
    page = client.get(f"{OCTOBER}/").content.decode()
    assert '<td class="figure">ít hơn 5</td><td class="figure">2</td><td class="figure">2</td>' in page
    sheet = next(sheets(client.get(f"{OCTOBER}.xlsx").content))
    assert [row[1] for row in sheet if row[5:6] == ["satisfied"]] == ["ít hơn 5"]
    assert "ít hơn 5 2 2 ít hơn 5" in in_pdf(client.get(f"{OCTOBER}.pdf").content)


@pytest.mark.long
def test_a_month_of_which_nothing_is_told_says_so_and_no_number(two_months: None, client: Client) -> None:
    other = f"/thong-ke/bao-cao/2026-10/{make.CONSTRUCTION}"
    page, drawn = client.get(f"{other}/").content.decode(), in_pdf(client.get(f"{other}.pdf").content)
    *_months, source = sheets(client.get(f"{other}.xlsx").content)
    assert "Không nêu riêng: tháng này không có gì, hoặc có ít hơn 5 phản ánh" in page
    assert "Không nêu riêng: tháng này không có gì, hoặc có ít hơn 5 phản ánh" in drawn
    assert source[-1] == ["Lưu ý", reportfiles.SILENT]
    assert set(re.findall(r'<td class="figure">(.*?)</td>', page)) <= {"–", ""}
    assert {row["value"] for row in figures(client, "2026-10-01", agency=make.CONSTRUCTION)} == {None}


@pytest.mark.long
def test_only_a_frozen_month_and_a_known_agency_have_a_report(two_months: None, client: Client) -> None:
    for address in (
        f"/thong-ke/bao-cao/2026-11/{make.HAI_CHAU}",  # running
        f"/thong-ke/bao-cao/2030-01/{make.HAI_CHAU}",
        "/thong-ke/bao-cao/2026-10/khong-co:48",
    ):
        for end in ("/", ".xlsx", ".pdf"):
            assert client.get(address + end).status_code == 404
    assert client.get(f"/thong-ke/bao-cao/2026-13/{make.HAI_CHAU}/").status_code == 404
    assert client.get(f"{OCTOBER}.docx").status_code == 404


@pytest.mark.long
def test_the_same_report_is_the_same_bytes_and_stays_so_when_another_month_is_frozen(client: Client) -> None:
    for month in ("09", "10"):
        for _n in range(6):
            answered(f"2026-{month}-07 09:00", f"2026-{month}-08 10:00")
    counted()
    FrozenMonth.objects.filter(month="2026-10-01").delete()
    cache.clear()
    address = f"/thong-ke/bao-cao/2026-09/{make.HAI_CHAU}"
    before = {form: client.get(f"{address}.{form}") for form in ("xlsx", "pdf")}
    digest = FrozenMonth.objects.get(month="2026-09-01").at
    counted()
    FrozenMonth.objects.filter(month="2026-09-01").update(at=digest)
    for form, answer in before.items():
        again = client.get(f"{address}.{form}")
        assert again.content == answer.content
        assert client.get(f"{address}.{form}", headers={"If-None-Match": answer["ETag"]}).status_code == 304
        name = f'attachment; filename="bao-cao-2026-09-commune-people-committee_20242.{form}"'
        assert answer["Content-Disposition"] == name


@pytest.mark.long
def test_a_long_or_wicked_name_is_only_a_name(two_months: None, client: Client) -> None:
    name = '=HYPERLINK("http://xa.example") <b>' + "Trung tâm Quản lý " * 11
    Agency.objects.filter(pk=make.HAI_CHAU).update(name=name)
    page, file = client.get(f"{OCTOBER}/").content.decode(), client.get(f"{OCTOBER}.xlsx").content
    assert "&lt;b&gt;Trung tâm" in page
    *_months, source = sheets(file)  # looks for formulas too
    assert source[1] == ["Cơ quan", name]
    with zipfile.ZipFile(io.BytesIO(file)) as book:
        assert not [part for part in book.namelist() if b"hyperlink" in book.read(part)]
    assert "<b>Trung tâm" in in_pdf(client.get(f"{OCTOBER}.pdf").content)


# --- found by name ------------------------------------------------------------------------------------------


def listed(client: Client, **asked: str) -> list[str]:
    page = client.get("/thong-ke/bao-cao/", asked).content.decode()
    return re.findall(r'<a href="(/thong-ke/bao-cao/2026-[^"]*)">', page)


@pytest.mark.long
def test_an_agency_is_found_by_a_part_of_its_name_without_marks(two_months: None, client: Client) -> None:
    assert listed(client) == [f"/thong-ke/bao-cao/2026-10/{make.FOCAL_POINT}/", f"{OCTOBER}/"]
    assert listed(client, q="Ủy ban nhân dân phường Hải Châu") == [f"{OCTOBER}/"]
    assert listed(client, q="hai chau") == [f"{OCTOBER}/"]
    assert listed(client, q="Hải Châu", month="2026-09") == [f"{OCTOBER}/".replace("2026-10", "2026-09")]
    assert listed(client, q="Hải Châu khác") == []
    for wrong in ({"month": "2026-11"}, {"q": "\x00"}):
        assert client.get("/thong-ke/bao-cao/", wrong).status_code == 400


@pytest.mark.long
def test_of_many_agencies_none_is_listed_before_a_name_is_typed(two_months: None, client: Client) -> None:
    october = FrozenMonth.objects.get(month="2026-10-01")
    told = {"table": "g", "since": "2026-10-01", "until": "2026-10-31", "numbers": {"answered": 9}}
    communes = Agency.objects.filter(type="commune-people-committee").values_list("pk", flat=True)[:200]
    FrozenRow.objects.bulk_create(FrozenRow(month=october, agency=code, **told) for code in communes)
    assert listed(client) == []
    assert len(listed(client, q="uy ban nhan dan")) == monthly.MOST
    assert "xin gõ thêm" in client.get("/thong-ke/bao-cao/?q=uy ban nhan dan").content.decode()
    assert listed(client, q="ubnd hai chau xyz") == []


def test_a_house_without_a_frozen_month_has_no_reports(client: Client) -> None:
    assert "Chưa có tháng nào được chốt" in client.get("/thong-ke/bao-cao/").content.decode()
    assert client.get(f"{OCTOBER}/").status_code == 404
