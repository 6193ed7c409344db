"""The pages on which petitions are looked for: on the desk by sight, at /tim/ what is published."""

from __future__ import annotations

import datetime as dt
import html
import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Role, User
from feedback.finding.indexing import keep
from feedback.finding.looking import SIZE
from feedback.finding.showing import Asked
from feedback.models import FollowUp, Look, Petition
from feedback.steps import take
from routing.models import Subfield
from search.engines import chosen
from tests import make
from tests.feedback.test_finding import ELSEWHERE, away
from tests.pages import at, words

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_is_found_yet() -> None:
    chosen().clear()


def indexed(*petitions: Petition) -> None:
    keep([petition.pk for petition in petitions])
    FollowUp.objects.update(done_at=timezone.now())


def desk(user: User, **asked: str) -> Any:
    return at(user).get("/xu-ly/", asked)


def codes_on(answer: Any) -> list[str]:
    return re.findall(r'data-row href="/xu-ly/(\d{12})/"', words(answer))


def marked(answer: Any) -> list[str]:
    return [html.unescape(found) for found in re.findall(r"<mark>(.*?)</mark>", words(answer))]


@pytest.mark.long
def test_the_box_finds_what_one_sees_and_marks_the_words() -> None:
    petition = make.petition("in_progress")
    indexed(petition)
    answer = desk(make.handler(), q="via he")
    assert codes_on(answer) == [petition.code]
    assert marked(answer) == ["vỉa", "hè"]
    assert codes_on(desk(make.handler(ELSEWHERE), q="via he")) == []


def test_a_month_that_is_chosen_narrows_the_days_that_were_typed() -> None:
    asked = Asked.of({"q": "rác tu:2026-05-20 den:2026-06-10", "thang": "2026-05"})
    assert (asked.sought().since, asked.sought().until) == (dt.date(2026, 5, 20), dt.date(2026, 5, 31))
    open_ended = Asked.of({"q": "rác den:2026-05-10", "thang": "2026-05"}).sought()
    assert (open_ended.since, open_ended.until) == (dt.date(2026, 5, 1), dt.date(2026, 5, 10))


@pytest.mark.long
def test_signs_alone_find_nothing_and_it_is_said() -> None:
    petition = make.petition("in_progress")
    indexed(petition)
    answer = desk(make.handler(), q="???")
    assert codes_on(answer) == []
    assert "Chưa có từ nào để tìm" in words(answer)
    assert codes_on(desk(make.handler(), q="")) == [petition.code]


@pytest.mark.long
def test_a_code_opens_its_petition_at_once() -> None:
    petition = make.petition("in_progress")
    answer = desk(make.handler(), q=f" {petition.printed_code} ")
    assert (answer.status_code, answer.url) == (302, f"/xu-ly/{petition.code}/")
    assert desk(make.handler(ELSEWHERE), q=petition.code).url == "/xu-ly/"


@pytest.mark.long
def test_a_number_that_looks_like_a_code_is_shown_where_it_stands() -> None:
    petition = make.petition("in_progress", text="Hợp đồng 123456789014 bị chấm dứt.")
    indexed(petition)
    answer = desk(make.handler(), q="123456789014")
    assert codes_on(answer) == [petition.code]
    assert marked(answer) == ["123456789014"]
    assert desk(make.handler(), ma="123456789014").url == "/xu-ly/"


@pytest.mark.long
def test_what_is_typed_is_shown_as_words_and_never_as_markup() -> None:
    text = "<b>Gạch</b> vỉa hè & cống bong."
    indexed(make.petition("in_progress", text=text))
    assert '<script>"' not in words(desk(make.handler(), q='gạch <script>"'))
    assert "&lt;b&gt;<mark>Gạch</mark>&lt;/b&gt;" in words(desk(make.handler(), q="gạch"))


@pytest.mark.long
def test_of_a_hidden_sender_nothing_more_is_marked_than_is_shown() -> None:
    text = "Tôi là Nguyễn Thị Hoàng Yến, gạch vỉa hè trước nhà bong."
    indexed(make.petition("in_progress", text=text, name="Nguyễn Thị Hoàng Yến", hidden=True))
    page = words(desk(make.handler(), q="gạch"))
    assert "<mark>gạch</mark>" in page
    assert "Hoàng Yến" not in page


@pytest.mark.long
def test_results_are_narrowed_by_links_and_widened_again() -> None:
    first, second = make.petition("in_progress"), make.petition("in_progress", lead=make.CONSTRUCTION)
    third = make.petition("answered")
    indexed(first, second, third)
    user = make.focal_point()
    page = words(desk(user, q="gạch"))
    assert "Tìm thấy 3 kết quả" in page
    links = [html.unescape(link) for link in re.findall(r'<li><a href="(\?q=[^"]+)"', page)]
    narrowed = next(link for link in links if "co-quan=department" in link)
    narrower = at(user).get(f"/xu-ly/{narrowed}")
    assert codes_on(narrower) == [second.code]
    assert 'href="?q=g%E1%BA%A1ch"' in words(narrower)
    assert codes_on(desk(user, q="gạch", **{"trang-thai": "answered"})) == [third.code]


@pytest.mark.long
def test_pages_follow_each_other_and_a_bad_key_begins_at_the_top() -> None:
    indexed(*(make.petition("assigned") for _ in range(SIZE + 1)))
    client = at(make.handler())
    first = client.get("/xu-ly/", {"q": "gạch"})
    following = re.search(r'rel="next" href="([^"]+)"|href="([^"]+)" rel="next"', words(first))
    assert following is not None
    second = client.get(f"/xu-ly/{html.unescape(following[1] or following[2])}")
    assert len(codes_on(first)) == SIZE
    assert len({*codes_on(first), *codes_on(second)}) == SIZE + 1
    assert codes_on(client.get("/xu-ly/", {"q": "gạch", "sau": "zz"})) == codes_on(first)


@pytest.mark.long
def test_how_many_fit_wholly_and_how_many_nearly_is_said_with_the_field_that_was_meant() -> None:
    both = [make.petition("in_progress") for _ in range(2)]
    Petition.objects.filter(pk=both[0].pk).update(text="Gạch bong trước trường")
    Petition.objects.filter(pk=both[1].pk).update(text="Gạch bong trước cổng chợ, cụ già ngã")
    indexed(*both)
    page = words(desk(make.handler(), q="gạch bong cổng chợ"))
    assert "1 kết quả khớp đủ, xếp sau là 1 kết quả gần giống" in page
    assert codes_on(desk(make.handler(), q="gạch bong cổng chợ")) == [both[1].code, both[0].code]
    by_field = words(desk(make.handler(), q="hè phố"))
    assert "Tìm thấy 2 kết quả" in by_field
    assert f"· {Subfield.objects.get(slug=make.SIDEWALK).name_vi}" in by_field


@pytest.mark.long
def test_in_the_order_of_time_the_page_says_what_is_counted() -> None:
    indexed(make.petition("in_progress"))
    counts = "chỉ tính kết quả tự có các từ này"
    assert counts in words(desk(make.handler(), q="gạch", xep="moi"))
    assert counts not in words(desk(make.handler(), q="gạch"))


@pytest.mark.long
def test_nothing_found_says_so_and_suggests_public_names_alone() -> None:
    answer = desk(make.handler(), q="hải chau quận xyz")
    assert "Không tìm thấy kết quả nào" in words(answer)
    assert "Có phải bạn tìm" in words(desk(make.handler(), q="hai chaau"))
    suggested = words(desk(make.handler(), q="rác")).partition("Có phải bạn tìm")[2]
    assert ">rác</a>" not in suggested.lower(), "that was looked for"


MAY_BE_LATE = "Việc vừa xảy ra có thể chưa tìm được"


@pytest.mark.long
def test_nothing_is_said_to_be_found_without_a_word_of_what_the_index_has_not_heard() -> None:
    indexed(make.petition("in_progress"))
    user = make.handler()
    assert MAY_BE_LATE not in words(desk(user, q="quokka"))
    late = make.petition("in_progress", text="Quokka trên vỉa hè.", anew=True)
    for answer in (desk(user, q="quokka"), Client().get("/tim/", {"q": "quokka"})):
        assert "Không tìm thấy kết quả nào" in words(answer)
        assert MAY_BE_LATE in words(answer)
    assert MAY_BE_LATE not in words(desk(user, q="gạch"))
    FollowUp.objects.filter(step__petition=late).update(dead=True)
    assert MAY_BE_LATE in words(desk(user, q="quokka")), "given up is not heard either"


@pytest.mark.long
def test_a_search_by_telephone_is_kept_before_it_is_shown() -> None:
    indexed(make.petition("in_progress", phone="0905123456"))
    user = make.handler()
    answer = desk(user, q="0905123456")
    assert len(codes_on(answer)) == 1
    assert 'href="?q=%220905123456%22"' in words(answer)
    assert list(Look.objects.filter(user=user, what=Look.What.SEARCH).values_list("rows", flat=True)) == [1]


@pytest.mark.long
def test_a_sealed_one_found_by_its_telephone_is_a_look_at_who_sent_it() -> None:
    petition = make.petition("in_progress", phone="0905123456", anew=True)
    take(petition, "seal", by=make.officer(), kind="denunciation")
    indexed(petition)
    user = make.officer()
    before = Look.objects.at_identity().filter(petition=petition, user=user).count()
    assert codes_on(desk(user, q="0905123456")) == [petition.code]
    kept = Look.objects.at_identity().filter(petition=petition, user=user)
    assert kept.count() == before + 1
    assert kept.latest("at").page == "feedback:desk"
    desk(user, q="gạch")
    assert kept.count() == before + 1


@pytest.mark.long
def test_without_the_engine_words_wait_and_all_else_is_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    petition = make.petition("in_progress", phone="0905123456")
    indexed(petition)
    away(monkeypatch)
    user = make.handler()
    answer = desk(user, q="gạch vỉa hè")
    assert answer.status_code == 503
    assert codes_on(answer) == []
    assert 'value="gạch vỉa hè"' in words(answer)
    assert "Máy tìm kiếm chưa trả lời" in words(answer)
    assert desk(user, q=petition.code).status_code == 302
    assert codes_on(desk(user, q="0905123456")) == [petition.code]
    assert codes_on(desk(user, q="", **{"trang-thai": "in_progress"})) == [petition.code]
    public = Client().get("/tim/", {"q": "gạch"})
    assert (public.status_code, public["Cache-Control"]) == (503, "no-store")
    assert Client().get("/tim/", {"q": "noi:20242"}).status_code == 200


# --- the public -----------------------------------------------------------------------------------------


def published() -> Petition:
    petition = make.petition("answered", name="Nguyễn Văn Tâm")
    take(petition, "publish", by=make.reviewer(), public_text="Gạch vỉa hè bong.")
    indexed(petition)
    return petition


def public(**asked: str) -> str:
    answer = Client().get("/tim/", asked)
    assert answer.status_code == 200
    assert not answer.cookies
    return words(answer)


@pytest.mark.long
def test_everybody_finds_what_is_published_by_its_reviewed_words() -> None:
    petition = published()
    indexed(make.petition("in_progress"))
    page = public(q="gach via he")
    assert re.findall(r'href="/cong-khai/(\d{12})/"', page) == [petition.code]
    assert "<mark>vỉa</mark>" in page
    assert "/cong-khai/" + petition.code not in public(q="cụ già")
    assert "Ví dụ" in public()


@pytest.mark.long
def test_by_which_channel_it_came_is_told_to_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not by a code, which the database answers, nor by a list while the engine is away."""
    petition = published()
    link = f'href="/cong-khai/{petition.code}/"'
    assert link in public(q=petition.printed_code)
    assert link not in public(q=f"{petition.printed_code} kenh:{petition.channel}")
    assert link not in public(q=f"{petition.printed_code} kenh:app")
    away(monkeypatch)
    assert link in public(q="tu:2020")
    assert link not in public(q=f"tu:2020 kenh:{petition.channel}")


def test_the_public_box_stands_on_the_list_and_the_official_one_on_the_board() -> None:
    assert 'action="/tim/"' in words(Client().get("/cong-khai/"))
    board = at(make.user(Role.SUPERVISOR, "", "48")).get("/giam-sat/")
    assert 'action="/xu-ly/"' in words(board)


ODD: tuple[dict[str, str], ...] = (
    *({"q": "\x00"}, {"q": "gạch \x00 vỉa"}, {"q": "noi:\x00"}, {"q": 'linh-vuc:"\x00"'}),
    *({"q": "gạch", name: "\x00a,b"} for name in ("noi", "co-quan", "linh-vuc", "trang-thai", "thang")),
    *({"q": "gạch", "thang": month} for month in ("2026-13", "0000-01", "9999-12")),
    *({"q": "gạch", "sau": key} for key in ("\x00", "database-1", "WyJiZXN0IiwgMSwgMSwgMV0", "=" * 300)),
    *(
        {"q": typed}
        for typed in ("-", '"', "'\"()*:^-|&!<->\\%_", "AND OR NOT NEAR", "tu:99/99/9999 den:0000")
    ),
    *({"q": "a" * 3000}, {"q": "gạch " * 600}, {"q": "gạch", "xep": "zz"}, {"q": "", "noi": "," * 200}),
)


@pytest.mark.long
@pytest.mark.parametrize("asked", ODD)
def test_whatever_stands_in_the_address_is_answered(asked: dict[str, str]) -> None:
    published()
    public(**asked)
    assert desk(make.focal_point(), **asked).status_code == 200


def test_between_two_words_a_nul_in_the_address_is_no_letter() -> None:
    assert Asked.of({"q": "gạch\0rác\0"}).typed == "gạch rác"


def test_who_may_not_know_senders_is_told_that_it_was_not_asked_for() -> None:
    indexed(make.petition("in_progress", phone="0905123456"))
    refused = "Ai đã gửi từ số nào thì chỉ nơi tiếp nhận và cơ quan đang xử lý tìm được."
    assert refused in words(desk(make.user(Role.SUPERVISOR, "", "48"), q="0905123456"))
    assert refused not in words(desk(make.focal_point(), q="0911222333"))
    assert refused not in words(desk(make.user(Role.SUPERVISOR, "", "48"), q="khong-co-gi"))
