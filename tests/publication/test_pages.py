"""The public pages: the same for everyone, without cookies, and never a word of who asked."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
import time_machine
from django.test import Client

from feedback.models import Petition, PublicPetition
from feedback.steps import take
from publication import paging
from publication.opendata import FILES
from tests import make
from tests.publication.world import AS_OF, answered, build, counted, published
from tests.walked import once

pytestmark = pytest.mark.django_db

CONTACT = {"name": "Trần Thị Bí Mật", "phone": "0905123456", "email": "bimat@example.com"}


def text_of(response: Any) -> str:
    return str(response.content.decode())


def codes_on(page: str) -> list[str]:
    return re.findall(r'href="/cong-khai/(\d{12})/"', page)


# --- for everyone -------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["list", "petition", "statistics", "json"])
def test_no_page_sets_a_cookie_and_every_cache_may_keep_it_a_minute(client: Client, kind: str) -> None:
    code = published().code
    path = {
        "list": "/cong-khai/",
        "petition": f"/cong-khai/{code}/",
        "statistics": "/thong-ke/",
        "json": "/thong-ke/?format=json",
    }[kind]
    response = client.get(path)
    assert response.status_code == 200
    assert not response.cookies
    assert sorted(response["Cache-Control"].split(", ")) == ["max-age=60", "public"]
    assert response["Vary"] == "Cookie"
    again = client.get(path, headers={"If-None-Match": response["ETag"]})
    assert again.status_code == 304
    assert again["Vary"] == "Cookie"


@pytest.mark.parametrize("path", ["/cong-khai/", "/thong-ke/"])
def test_an_official_signed_in_gets_the_page_of_everyone(client: Client, path: str) -> None:
    with time_machine.travel(AS_OF, tick=False):
        for_everyone = text_of(client.get(path))
        client.force_login(make.handler())
        assert text_of(client.get(path)) == for_everyone


def test_the_figures_have_a_new_tag_once_something_is_counted(client: Client) -> None:
    before = client.get("/thong-ke/?format=json")["ETag"]
    make.petition()
    assert client.get("/thong-ke/?format=json")["ETag"] != before


@pytest.mark.parametrize("path", ["/cong-khai/", "/thong-ke/"])
def test_nothing_can_be_posted(client: Client, path: str) -> None:
    assert client.post(path).status_code == 405


# --- one petition -------------------------------------------------------------------------------------


def test_a_petition_shows_its_reviewed_words_its_answer_and_its_rating(client: Client) -> None:
    shown = published()
    take(shown, "rate", by=make.holder(shown), score="very_satisfied")
    page = text_of(client.get(f"/cong-khai/{shown.code}/"))
    for said in (
        f"Vỉa hè bong gạch, bản công khai {shown.printed_code}.",
        "UBND phường Hải Châu",
        "Đã lát lại vỉa hè sáng nay.",
        "Đã giải quyết",
        "Đã trả lời",
        "Rất hài lòng",
        "03/11/2026",
    ):
        assert said.lower() in page.lower(), said


@pytest.mark.long
def test_neither_the_raw_text_nor_the_contact_is_on_any_public_page(client: Client) -> None:
    raw = "Tôi là Bí Mật ở số 7, vỉa hè trước nhà tôi bong gạch."
    shown = published(text=raw, **CONTACT)
    for path in ("/cong-khai/", f"/cong-khai/{shown.code}/", "/thong-ke/", "/thong-ke/?format=json"):
        page = text_of(client.get(path))
        for private in (raw, *CONTACT.values(), "số 7"):
            assert private not in page


def test_an_unpublished_code_and_an_unknown_one_get_the_same_404(client: Client) -> None:
    hidden = make.petition("answered")
    bodies = {
        text_of(client.get(path))
        for path in (f"/cong-khai/{hidden.code}/", "/cong-khai/000000000000/", "/cong-khai/abc/")
    }
    assert len(bodies) == 1
    assert client.get(f"/cong-khai/{hidden.code}/").status_code == 404


def test_what_a_citizen_wrote_as_html_is_shown_as_words(client: Client) -> None:
    shown = published()
    take(shown, "publish", by=make.reviewer(), public_text="<script>alert(1)</script>")
    page = text_of(client.get(f"/cong-khai/{shown.code}/"))
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert(1)" not in page


def test_a_late_answer_is_called_late(client: Client) -> None:
    slow = make.petition("answered")
    take(slow, "publish", by=make.reviewer(), public_text="Vỉa hè bong gạch.")
    late = f"/cong-khai/{slow.code}/"
    assert "trễ hạn" not in text_of(client.get(late))
    PublicPetition.objects.filter(petition=slow).update(due_on="2026-01-05")
    assert "Trả lời trễ hạn" in text_of(client.get(late))
    assert "Trả lời trễ hạn" in text_of(client.get("/cong-khai/"))


# --- the list -----------------------------------------------------------------------------------------


@pytest.mark.long
def test_the_list_by_key_has_no_gap_and_no_double_while_others_are_published(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paging, "PAGE", 2)
    # Two pairs published at the same moment: the number of the row decides.
    whens = [
        "2026-11-03 10:00",
        "2026-11-03 10:00",
        "2026-11-04 10:00",
        "2026-11-05 10:00",
        "2026-11-05 10:00",
    ]
    expected = [published("answered", when).code for when in whens][::-1]
    found: list[str] = []
    page = text_of(client.get("/cong-khai/"))
    published("answered", "2026-11-06 10:00")
    while True:
        found += codes_on(page)
        onward = re.search(r'href="(\?after=[0-9-]+)" rel="next"', page)
        if not onward:
            break
        page = text_of(client.get(f"/cong-khai/{onward[1]}"))
    assert found == expected


@pytest.mark.long
def test_the_list_is_narrowed_by_field_place_and_state(client: Client) -> None:
    done = published("answered")
    under_way = published("in_progress")
    education = published("answered", subfield="education.enrolment")
    PublicPetition.objects.filter(petition=education).update(province="01", commune="00004")
    expected = {
        "?field=education": [education],
        "?province=01": [education],
        "?province=48&commune=20242": [under_way, done],
        "?province=01&commune=00004&state=answered": [education],
        "?state=in_progress": [under_way],
        "?state=closed": [],
    }
    for query, petitions in expected.items():
        shown = codes_on(text_of(client.get(f"/cong-khai/{query}")))
        assert sorted(shown) == sorted(petition.code for petition in petitions), query


@pytest.mark.parametrize("query", ["field=zzz", "state=draft", "province=%00", "province=48&commune=00004"])
def test_a_filter_that_cannot_be_read_is_left_out_and_said(client: Client, query: str) -> None:
    code = published().code
    response = client.get(f"/cong-khai/?{query}")
    assert response.status_code == 200
    assert codes_on(text_of(response)) == [code]
    assert "không đọc được nên đã bỏ qua" in text_of(response)


@pytest.mark.parametrize("after", ["x", "9" * 40, "-1", "%00", "9999999999999999-999999999999999999"])
def test_a_nonsense_place_in_the_list_is_no_error(client: Client, after: str) -> None:
    published()
    assert client.get(f"/cong-khai/?after={after}").status_code == 200


# --- the figures --------------------------------------------------------------------------------------


@pytest.fixture
def world() -> dict[str, Petition]:
    return once("a small world", build)


@pytest.mark.long
def test_page_and_json_say_the_same_figures(client: Client, world: dict[str, Petition]) -> None:
    counted()
    with time_machine.travel(AS_OF, tick=False):
        told = client.get("/thong-ke/?format=json").json()
        page = text_of(client.get("/thong-ke/"))
    assert told["as_of"] == "2026-11-25T00:00:00+07:00"  # the last day that was closed
    assert told["filters"] == {"agency": None, "field": None, "province": None, "from": None, "to": None}
    for figure in told["figures"]:
        assert figure["definition"] in page
    values = re.findall(r'<p class="value">(.*?)</p>', page)
    assert values == ["7", "3", "66,7%", "1", "1", "50%"]
    six = ("received", "answered", "on_time", "overdue_open", "refused", "satisfied")
    assert [row["value"] for row in told["figures"] if row["key"] in six] == [7, 3, 0.6667, 1, 1, 0.5]
    assert "Tỷ lệ đánh giá: 100% (2 trên 2 lượt đánh giá" in page
    assert "Đúng hạn ban đầu: 66,7% (2 trên 3 phản ánh được trả lời trong kỳ và có hạn)" in page


@pytest.mark.long
def test_a_month_that_is_not_told_of_a_place_is_named(client: Client, world: dict[str, Petition]) -> None:
    counted()
    with time_machine.travel(AS_OF, tick=False):
        page = text_of(client.get("/thong-ke/?province=48&from=2026-11-03"))
    assert "Không nêu riêng các tháng 11/2026" in page
    assert "Từ 01/11/2026 tới nay" in page


@pytest.mark.long
def test_open_data_is_offered_and_described(client: Client, world: dict[str, Petition]) -> None:
    counted()
    page = text_of(client.get("/du-lieu-mo/"))
    for file in FILES:
        assert f'href="/du-lieu-mo/{file.name}"' in page
        assert client.get(f"/du-lieu-mo/{file.name}").status_code == 200
    assert client.get("/du-lieu-mo/khac.csv").status_code == 404
    told = json.loads(client.get("/du-lieu-mo/catalogue.jsonld").getvalue())
    assert told["@type"] == "dcat:Dataset"
    assert len(told["dcat:distribution"]) == len(FILES) - 3 + 1
    assert told["dcat:distribution"][-1]["dcat:accessURL"]["@id"].endswith("/du-lieu-mo/chi-tieu/")


@pytest.mark.long
def test_an_open_file_is_sent_again_only_once_something_in_it_is_another(client: Client) -> None:
    shown, other = published(), published()
    first = client.get("/du-lieu-mo/petitions.csv")
    sums = client.get("/du-lieu-mo/SHA256SUMS").getvalue()
    asked = {"If-None-Match": first["ETag"]}
    assert client.get("/du-lieu-mo/petitions.csv", headers=asked).status_code == 304
    take(other, "unpublish", by=make.reviewer(), reason="Có tên người")
    again = client.get("/du-lieu-mo/petitions.csv", headers=asked)
    assert again.status_code == 200
    assert shown.code in again.getvalue().decode()
    assert other.code not in again.getvalue().decode()
    assert client.get("/du-lieu-mo/SHA256SUMS").getvalue() != sums


@pytest.mark.long
def test_a_row_of_open_data_has_no_words_and_the_commune_only_where_five_share_it(client: Client) -> None:
    shown = published()

    def rows() -> list[dict[str, str]]:
        lines = client.get("/du-lieu-mo/petitions.jsonl").getvalue()
        return [json.loads(line) for line in lines.decode().splitlines()]

    assert [(row["code"], row["commune"]) for row in rows()] == [(shown.code, "")]
    assert "bong" not in json.dumps(rows(), ensure_ascii=False)
    for _n in range(4):
        published()
    assert {row["commune"] for row in rows()} == {shown.commune_id}
    take(shown, "unpublish", by=make.reviewer(), reason="Có tên người")
    assert {row["commune"] for row in rows()} == {""}
    assert shown.code not in {row["code"] for row in rows()}


def test_json_has_the_promised_form(client: Client) -> None:
    told = json.loads(client.get("/thong-ke/?format=json").content)
    assert list(told) == ["as_of", "complete", "figures", "filters", "months", "snapshot"]
    assert " ".join(row["key"] for row in told["figures"]) == (
        "received spam eligible answered on_time on_time_original overdue_open overdue_closed refused"
        " redirected returned transferred extended reopened contested appealed rated satisfied acceptable"
        " unrated response_rate confirmed median_wd p90_wd"
    )
    for row in told["figures"]:
        assert {"key", "value", "numerator", "denominator", "definition"} <= set(row)


@pytest.mark.parametrize(
    ("query", "wrong"),
    [
        ("from=hôm qua", "from"),
        ("from=2026-11-03&to=2026-11-01", "to"),
        ("from=0001-01-01", "from"),
        ("to=9999-12-31", "to"),
        ("province=99", "province"),
        ("field=%00", "field"),
        ("agency=%00", "agency"),
        ("agency=khong-co:48", "agency"),
        ("agency=a'%20OR%201=1", "agency"),
    ],
)
def test_a_question_that_cannot_be_read_is_400_with_a_sentence(
    client: Client, query: str, wrong: str
) -> None:
    answer = client.get(f"/thong-ke/?format=json&{query}")
    assert answer.status_code == 400
    assert list(answer.json()["error"]) == [wrong]
    page = client.get(f"/thong-ke/?{query}")
    assert page.status_code == 400
    assert "Chưa đếm được" in text_of(page)
    assert "figure-card" not in text_of(page)


def test_the_figures_speak_english_to_those_who_chose_it(client: Client) -> None:
    client.cookies["django_language"] = "en"
    response = client.get("/thong-ke/")
    assert response["Content-Language"] == "en"
    assert response.status_code == 200


@pytest.mark.long
def test_the_agencies_on_offer_are_those_of_which_figures_are_told(client: Client) -> None:
    for _n in range(5):
        answered("2026-10-07 09:00", "2026-10-08 10:00", lead=make.CONSTRUCTION)
    counted()
    with time_machine.travel(AS_OF, tick=False):
        page = text_of(client.get("/thong-ke/"))
    assert f'<option value="{make.CONSTRUCTION}">' in page
    assert "department-of-health:48" not in page


OPEN_DATA = ("/du-lieu-mo/cube.csv", "/du-lieu-mo/petitions.jsonl", "/du-lieu-mo/chi-tieu/")
FIGURES = ("/thong-ke/?format=json", "/thong-ke/?format=json&from=gestern")


@pytest.mark.parametrize("path", [*OPEN_DATA, *FIGURES])
def test_a_page_of_others_may_fetch_open_data(client: Client, path: str) -> None:
    answer = client.get(path)
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert not answer.cookies
    again = client.get(path, headers={"if-none-match": answer.headers.get("ETag", "-")})
    assert again.headers["Access-Control-Allow-Origin"] == "*"


def test_no_other_page_may_be_fetched_by_pages_of_others(client: Client) -> None:
    for path in ("/", "/gui/", "/cong-khai/", "/tra-cuu/", "/dang-nhap/"):
        assert "Access-Control-Allow-Origin" not in client.get(path).headers


@pytest.mark.parametrize("path", ["/du-lieu-mo/cube.csv", "/thong-ke/", "/cong-khai/"])
def test_whoever_posts_without_a_cookie_is_told_that_nothing_is_taken(path: str) -> None:
    answer = Client(enforce_csrf_checks=True).post(path, {"text": "x"})
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, HEAD")


def test_what_may_be_asked_stands_beside_the_files(client: Client) -> None:
    page = client.get("/du-lieu-mo/").content.decode()
    for name in ("from, to", "agency", "field", "province"):
        assert f'<dt class="code">{name}</dt>' in page
    assert "Không cần khóa" in page


def test_another_program_is_another_state_of_the_files(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = client.get("/du-lieu-mo/recompute.py").headers["ETag"]
    monkeypatch.setattr("publication.opendata.program", lambda: iter(["another release"]))
    assert client.get("/du-lieu-mo/recompute.py").headers["ETag"] != before
