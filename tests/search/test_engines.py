"""What every engine answers, one suite for all: which of them run is said by the machine (`conftest`)."""

from __future__ import annotations

import datetime as dt
import unicodedata
from types import ModuleType
from typing import Any

import pytest

import search
from search import Shelf, Sort
from search.query import parse
from search.rules import EVERYTHING, NOTHING, All, Has, Not, allows
from search.rules import Any as AnyOf
from search.topics import Topics
from tests.search.shelf import all_pages, ask, document, found, keep

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("engine")]

CODE = "123456789014"


# --- words ----------------------------------------------------------------------------------------------


def test_with_and_without_diacritics_and_what_is_written_so_comes_first() -> None:
    keep(
        document(1, "Con đường trước nhà hư nặng"),
        document(2, "con duong truoc nha hu nang"),
        document(3, "Đương sự hú to"),
        document(4, "Cống bị nghẹt"),
    )
    assert found("đường") == [1, 2, 3]
    assert found("đương")[0] == 3
    assert set(found("duong")) == {1, 2, 3}
    assert found("đường hư")[0] == 1
    assert set(found("đường hư")) == set(found("duong hu")) == {1, 2, 3}
    assert found("đèn") == []


@pytest.mark.parametrize(
    "typed",
    [
        "ĐƯỜNG HƯ",
        "Duong Hu",
        unicodedata.normalize("NFD", "đường hư"),
        unicodedata.normalize("NFD", "ĐƯỜNG HƯ"),
        "  đường,,, hư!!! ",
        "đg hư",
        "hư đường",
    ],
)
def test_however_it_is_typed(typed: str) -> None:
    keep(document(1, "Con đường trước nhà hư nặng"), document(2, "Cống bị nghẹt"))
    assert found(typed) == [1]


def test_texts_in_another_normal_form_are_found_too() -> None:
    keep(document(1, unicodedata.normalize("NFD", "Con ĐƯỜNG trước nhà HƯ nặng")), document(2, "đương hú"))
    assert found("đường hư") == [1, 2]


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("cúp điện", "Xóm tôi mất điện từ sáng"),
        ("mat dien", "Xóm tôi bị cúp điện từ sáng"),
        ("ổ gà", "Đường đầy ổ voi"),
        ("UBND", "Kính gửi Ủy ban nhân dân phường"),
        ("uỷ ban nhân dân", "kinh gui UBND phuong"),
        ("ủy ban nhân dân", "Kính gửi Uỷ ban nhân dân xã"),
        ("nước không có", "nc ko có từ hôm qua"),
        ("ko dc giải quyết", "đến nay không được giải quyết"),
        ("csgt", "gặp cảnh sát giao thông"),
        ("hoà", "cây xanh đường Trần Phú, Hòa Vang"),
        ("thuý", "bà Thúy bán hàng"),
    ],
)
def test_what_is_said_in_other_words(typed: str, text: str) -> None:
    keep(document(1, text), document(2, "Chuyện khác hẳn"))
    assert found(typed) == [1]


def test_a_word_typed_with_marks_is_no_short_form_of_another() -> None:
    keep(document(1, "Xóm tôi cúp điện"))
    assert ask("mát điện").whole == 0


def test_places_of_today_and_of_before_answers_and_codes_are_words_too() -> None:
    keep(
        document(1, "Rác", where="Phường Hải Châu Đà Nẵng Phường Thạch Thang", answer="Đã thu gom"),
        document(2, "Rác", where="Phường Thanh Khê Đà Nẵng", code=CODE),
    )
    assert found("rác thạch thang") == found("thu gom") == found("noi:'thach thang' rac") == [1]
    assert found('noi:"Thanh Khê"') == [2]
    assert found("1234 5678") == found("12345678") == found("56789014") == found("1234567") == [2]
    assert found(CODE) == found("1234 5678 9014") == found("1234-5678-9014 rác") == [2]


def test_a_phrase_stands_together_and_not_over_the_end_of_a_part() -> None:
    keep(
        document(1, "Đèn đường không sáng", answer="cảm ơn"),
        document(2, "Đường không có đèn", where="sáng mãi"),
    )
    assert found('"đèn đường"') == found("“den duong”") == [1]
    assert set(found("đèn đường")) == {1, 2}
    assert found('"sáng cảm ơn"') == found('"đèn sáng"') == []
    assert found('"đèn đường') == [1]


def test_what_is_not_wanted() -> None:
    keep(document(1, "Rác ở chợ"), document(2, "Rác ở bãi sông"), document(3, "Cá ở chợ"))
    assert found("rác -chợ") == [2]
    assert found("-chợ") == [2]
    assert found('-"ở chợ"') == [2]
    assert found("rác -rác") == []
    keep(document(4, "Cậu bé qua cầu"), document(5, "Chiếc cầu"))
    assert found("cầu -cậu") == [5]


@pytest.mark.parametrize(
    "typed",
    [
        "rác AND",
        "rác* ^",
        "rác OR -",
        "NEAR(rác)",
        "{rác}:",
        "folded:rác",
        "rác)((",
        "'rác' \\",
        "rác & | ! <->",
    ],
)
def test_operators_of_engines_are_words_and_signs(typed: str) -> None:
    keep(document(1, "Rác AND OR near folded đầy đường"))
    assert found(typed) == [1]


@pytest.mark.parametrize("typed", ["*", '"', '""', '- – "', "(", "\x00", "\ud800", "😀", "::", "'"])
def test_signs_alone_narrow_by_nothing_and_are_said_to_be_no_words(typed: str) -> None:
    keep(document(1, "Rác đầy đường"), document(2, "Điện"))
    assert found(typed) == [2, 1]
    assert parse(typed).wordless


def test_letters_among_signs_are_words() -> None:
    keep(document(1, "Rác đầy đường"), document(2, "Điện s x s n"))
    assert found("%s %(x)s {n}") == [2]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("rác " * 250_000, [1]),
        ('"' * 1_000_000, [1]),
        ("-" * 1_000_000, [1]),
        ("ế" * 1_000_000, []),
        ("linh-vuc:a " * 90_000, []),
    ],
    ids=["words", "quotation marks", "minus", "one word", "filters"],
)
def test_a_megabyte_is_an_honest_question_too(typed: str, expected: list[int]) -> None:
    keep(document(1, "Rác đầy đường"))
    assert found(typed) == expected


# --- likeness -------------------------------------------------------------------------------------------

TOPICS = Topics.of({"civil": ["Hộ tịch", "giấy khai sinh"], "power": ["Điện"], "other": []})


def asked(typed: str, **more: Any) -> search.Page:
    return search.find(parse(typed, topics=TOPICS), shelves=[Shelf.DESK], rule=EVERYTHING, **more)


def test_what_stands_together_goes_before_what_stands_apart() -> None:
    keep(
        document(1, "Con đường này cần một cột đèn"),
        document(2, "Đèn đường tắt"),
        document(3, "Trước đèn là đường cấm"),
    )
    assert found("đèn đường") == [2, 3, 1]
    assert found("den duong") == [2, 3, 1]


def test_a_rare_word_weighs_more_than_a_common_one() -> None:
    keep(document(1, "Hát karaoke"), document(2, "Ngôi nhà"))
    assert found("nhà karaoke") == found("karaoke nhà") == [1]
    keep(document(3, "Nhà hàng"), document(4, "Quán karaoke"))
    assert found("nhà karaoke") == [4, 1]


def test_where_few_say_all_those_that_say_nearly_all_come_behind() -> None:
    keep(
        document(1, "Bãi xe thu tiền giá cao"),
        document(2, "Giữ xe lấy giá quá cao"),
        document(3, "Giá điện tăng"),
        document(4, "Nước đục"),
    )
    page = ask("giữ xe giá cao")
    assert (page.petitions[0], page.whole) == (2, 1)
    assert 1 in page.petitions[1:]
    assert 4 not in page.petitions
    assert page.total == len(page.petitions) == sum(page.facets["month"].values())
    assert all_pages("giữ xe giá cao", size=1) == page.petitions
    assert found('"giữ xe" giá cao') == [2]
    assert ask("giữ xe giá cao", sort=Sort.NEWEST).petitions == [2]


@pytest.mark.parametrize("sort", Sort)
def test_in_every_order_all_that_fits_wholly_is_said_to(sort: Sort) -> None:
    keep(document(1, "Rác ở chợ"), document(2, "Rác"))
    page = ask("rác", sort=sort)
    assert (page.total, page.whole, page.near) == (2, 2, 0)
    page = ask("", sort=sort)
    assert (page.total, page.near) == (2, 0)


def test_where_enough_say_all_nobody_else_is_found() -> None:
    keep(*(document(number, "Giữ xe giá cao") for number in range(1, 21)), document(30, "Giữ xe giá rẻ"))
    page = ask("giữ xe giá cao", size=50)
    assert (page.total, page.whole, 30 in page.petitions) == (20, 20, False)


@pytest.mark.long
def test_old_ones_that_say_all_stay_first_however_many_new_ones_come_close() -> None:
    keep(*(document(number, "Cây đổ chắn hẻm", on=dt.date(2025, 1, 1)) for number in range(1, 6)))
    keep(*(document(number, "Cây xanh trước nhà", on=dt.date(2026, 6, 1)) for number in range(100, 2_200)))
    for typed in ("cây đổ", "cây hẻm", "cây đổ hẻm"):
        page = ask(typed)
        assert (sorted(page.petitions[:5]), page.whole) == ([1, 2, 3, 4, 5], 5)


def test_a_page_goes_on_as_the_one_before_was_asked() -> None:
    keep(*(document(number, "Cây đổ chắn hẻm") for number in range(1, 20)))
    keep(*(document(number, "Cây xanh đổ") for number in range(100, 160)))
    first = ask("cây đổ hẻm", size=30)
    keep(document(300, "Cây đổ chắn hẻm"))
    second = ask("cây đổ hẻm", size=60, after=first.after)
    assert {*first.petitions, *second.petitions} == {*range(1, 20), *range(100, 160)}
    strict = ask("cây đổ hẻm", size=5)
    search.remove([(Shelf.DESK, number, 9) for number in range(1, 6)])
    assert set(ask("cây đổ hẻm", size=100, after=strict.after).petitions) <= {*range(6, 20), 300}
    with pytest.raises(ValueError, match="key"):
        ask("cây đổ hẻm", after="~x")


def test_what_nearly_all_say_is_found_by_nobody_who_may_not_see_it() -> None:
    keep(document(1, "Giữ xe giá cao"), document(2, "Giữ xe lấy tiền", agency="a"))
    page = ask("giữ xe giá cao", rule=Not(Has("agency", {"a"})))
    assert (page.petitions, page.total) == ([1], 1)
    assert ask("giữ xe giá cao -tiền").petitions == [1]
    assert ask("giữ xe giá cao", without=[2]).petitions == [1]


def test_what_a_topic_is_called_is_found_behind_what_says_it() -> None:
    keep(
        document(1, "Xin lại bản sao đã mất", subfield="civil", field="other"),
        document(2, "Hộ tịch phường làm sai", subfield="other"),
        document(3, "Ho tich lam sai", subfield="civil"),
        document(4, "Mất chó", subfield="power"),
    )
    page = asked("hộ tịch")
    assert (page.petitions, page.whole) == ([3, 2, 1], 3)
    for sort in (Sort.NEWEST, Sort.OLDEST):
        first = asked("điện", sort=sort, size=1)
        assert (first.petitions, first.total, first.after) == ([4], 1, ""), "nobody says it"
    for sort in (Sort.NEWEST, Sort.DUE):
        assert sorted(asked("hộ tịch", sort=sort).petitions) == [2, 3], (
            "in order of time none stands among them"
        )
    assert asked('"hộ tịch"').petitions == [2, 3]
    assert asked("hộ tịch -khai").petitions == [3, 2, 1]
    assert asked("điện").petitions == [4]
    assert asked("đien").petitions == []
    assert asked("dien").petitions == [4]


# --- facts ----------------------------------------------------------------------------------------------


def some_of_all_kinds() -> list[search.Document]:
    return [
        document(1, "rác", field="waste", agency="a", commune="20242", province="48", state="submitted"),
        document(2, "rác", field="waste", subfield="dump", agency="b", commune="20257", province="48"),
        document(
            3, "rác", field="power", agency="b", state="closed", seers=frozenset({"lead:b", "entered:7"})
        ),
        document(4, "rác", shut=frozenset({"a"}), seers=frozenset({"territory:48"}), petitioner="9"),
        document(5, "rác", phones=frozenset({"h1", "h2"}), kind="complaint", channel="call"),
    ]


RULES = [
    EVERYTHING,
    NOTHING,
    Has("field", {"waste"}),
    Has("field", set()),
    Has("petition", {1, 3, 99}),
    Has("seers", {"lead:b", "territory:48", "nobody"}),
    Not(Has("shut", {"a"})),
    Not(Has("seers", set())),
    AnyOf(Has("agency", {"a"}), All(Has("seers", {"territory:48"}), Not(Has("shut", {"b"})))),
    All(Has("province", {"48"}), AnyOf(Has("subfield", {"dump"}), Has("state", {"submitted"}))),
    Not(AnyOf(Has("phones", {"h2"}), Has("petitioner", {"9"}))),
    Not(NOTHING),
    All(All(), AnyOf(EVERYTHING)),
    Has("code", {f"{2:012}", "' OR 1=1 --"}),
    AnyOf(Has("kind", {"complaint"}), Has("channel", {"call"}), Has("commune", {"20257"})),
]


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_is_what_it_says_in_pages_total_and_facets(rule: Any) -> None:
    keep(*some_of_all_kinds())
    may = [one for one in some_of_all_kinds() if allows(rule, one)]
    for typed in ("", "rác", "-điện"):
        page = ask(typed, rule=rule)
        assert sorted(page.petitions) == [one.petition for one in may]
        assert page.total == len(may)
        assert sum(page.facets["field"].values()) == len([one for one in may if one.field])


def test_who_is_excluded_by_number_is_counted_nowhere() -> None:
    keep(*some_of_all_kinds())
    for typed in ("", "rác"):
        page = ask(typed, without=[1, 2, 77])
        assert sorted(page.petitions) == [3, 4, 5]
        assert (page.total, page.facets["field"]) == (3, {"power": 1})


def test_a_shelf_that_is_not_asked_tells_nothing() -> None:
    keep(
        document(1, "rác", shelf=Shelf.PUBLIC),
        document(1, "rác của ông An"),
        document(2, "rác mật", shelf=Shelf.SEALED, field="waste"),
    )
    assert ask("rác").total == 1
    assert ask("an", shelves=[Shelf.PUBLIC]).total == 0
    assert ask("mật").facets["field"] == {}
    both = ask("rác", shelves=[Shelf.DESK, Shelf.SEALED])
    assert (sorted(both.petitions), both.total, both.facets["field"]) == ([1, 2], 2, {"waste": 1})
    assert all_pages("", shelves=[Shelf.DESK, Shelf.SEALED], size=1) == [2, 1]


def test_facets_count_what_was_found_of_every_page() -> None:
    keep(*some_of_all_kinds(), document(40, "rác", field="waste"))
    for typed in ("", "rác"):
        page = ask(typed, size=1)
        assert page.facets == {
            "field": {"waste": 3, "power": 1},
            "commune": {"20242": 1, "20257": 1},
            "agency": {"a": 1, "b": 2},
            "state": {"submitted": 1, "closed": 1},
            "month": {"2026-10": 5, "2026-11": 1},
        }
        assert ask(typed, facets=["state"]).facets == {"state": {"submitted": 1, "closed": 1}}


def test_filters_as_people_type_them() -> None:
    keep(*some_of_all_kinds())
    assert set(found("linh-vuc:waste rác")) == {1, 2}
    assert found("lĩnh-vực:dump") == found("noi:20257") == [2]
    assert found("co-quan:b trang-thai:closed") == [3]
    assert set(found("cơ-quan:a co-quan:b")) == {1, 2, 3}
    assert found("tu:2026-10-05 den:5/10/2026") == [4]
    assert found("tu:2026-11 rác") == []
    assert set(found("den:2026")) == {1, 2, 3, 4, 5}
    assert found("linh-vuc:none") == []


def test_a_telephone_is_asked_for_by_its_hash_alone() -> None:
    keep(*some_of_all_kinds())
    sought = parse("0912 345 678 rác")
    assert sought.telephone == "0912345678"

    def asked(by: search.Sought) -> list[int]:
        return search.find(by, shelves=[Shelf.DESK], rule=EVERYTHING).petitions

    assert asked(sought.by_phone("h2")) == [5]
    assert asked(sought.by_phone("h3")) == asked(sought) == []


WRITTEN_APART = (
    "số 0911 444 555",
    "+84 911.444.555 gọi",
    "0911-444-555",
    "091 144 4555",
    "(+84)911444555",
    "0911444555",
    *("09114 44555", "09 1144 4555", "0911 44 4555", "091 14 44 555"),
    *("+84 (0) 911 444 555", "0084911444555", "0911 / 444 / 555"),
)


@pytest.mark.parametrize(
    "typed", ["0911444555", "0911 444 555", "+84 911.444.555", "0911-444-555", '"0911444555"']
)
def test_a_telephone_in_a_text_is_found_however_either_writes_it(typed: str) -> None:
    keep(
        *(document(at, text) for at, text in enumerate(WRITTEN_APART, start=1)), document(20, "0911 444 556")
    )
    assert set(found(typed)) == set(range(1, len(WRITTEN_APART) + 1))


def test_behind_a_minus_a_telephone_is_left_out_however_it_is_written() -> None:
    keep(
        *(document(at, text + " gọi") for at, text in enumerate(WRITTEN_APART, start=1)), document(20, "gọi")
    )
    assert found("gọi -0911444555") == [20]


def test_what_has_other_marks_than_were_typed_is_near_and_not_whole() -> None:
    keep(
        document(1, "hỏi về lô đất"),
        document(2, "nhận hối lộ của dân"),
        document(3, "nhan hoi lo"),
        document(4, "lo học hội"),
    )
    for typed, whole in (("hối lộ", 2), ("hoi lo", 4), ('"hối lộ"', 2)):
        page = search.find(parse(typed), shelves=[Shelf.DESK], rule=EVERYTHING)
        assert (page.whole, set(page.petitions[:2])) == (whole, {2, 3}), typed
        by_time = search.find(parse(typed), shelves=[Shelf.DESK], rule=EVERYTHING, sort=Sort.NEWEST)
        assert by_time.total == by_time.whole == whole, typed


@pytest.mark.parametrize("typed", ['"01 02 2026 10"', "01 02 2026 10", '"09114 44555"'])
def test_what_only_looks_like_a_telephone_is_found_as_it_was_typed(typed: str) -> None:
    keep(document(1, "lúc 01/02/2026 10 giờ"), document(2, "mã số 09114 44555"), document(3, "01 02 2026"))
    assert found(typed) == [2 if "44555" in typed else 1]


# --- order and pages ------------------------------------------------------------------------------------


def with_dues() -> list[search.Document]:
    due = dt.datetime(2026, 12, 1, tzinfo=dt.UTC)
    return [
        document(1, "rác", due=due),
        document(2, "rác"),
        document(3, "rác", due=due - dt.timedelta(seconds=1)),
        document(4, "rác", due=due),
        document(5, "rác"),
    ]


@pytest.mark.parametrize(
    ("sort", "expected"),
    [(Sort.NEWEST, [5, 4, 3, 2, 1]), (Sort.OLDEST, [1, 2, 3, 4, 5]), (Sort.DUE, [3, 1, 4, 2, 5])],
)
@pytest.mark.parametrize("typed", ["", "rác"])
def test_every_order_in_pages_of_any_size(typed: str, sort: Sort, expected: list[int]) -> None:
    keep(*with_dues())
    for size in (1, 2, 3, 5, 9):
        assert all_pages(typed, sort=sort, size=size) == expected


def test_the_best_in_pages_are_the_best_on_one() -> None:
    keep(
        *(
            document(number, ("đường " if number % 3 else "duong ") * (number % 7 + 1))
            for number in range(1, 41)
        )
    )
    at_once = found("đường", size=100)
    assert len(at_once) == 40
    assert all(number % 3 for number in at_once[:26])
    assert all_pages("đường", size=7) == at_once
    assert ask("đường", size=40).after == ""


def test_what_comes_meanwhile_moves_no_page() -> None:
    keep(*(document(number, "rác") for number in range(1, 11)))
    first = ask("", size=4)
    keep(document(11, "rác"), document(12, "rác"))
    assert ask("", size=4, after=first.after).petitions == [6, 5, 4, 3]


@pytest.mark.parametrize(
    "after",
    [
        "x",
        "é",
        "WyJuZXdlc3QiXQ",
        "a" * 10_000,
        "[" * 5_000,
        "WyJuZXdlc3QiLCAiMSJd",
        "WyJuZXdlc3QiLCBOYU5d",
        "bnVsbA",
    ],
)
def test_a_key_of_nobody_is_refused(after: str) -> None:
    keep(document(1, "rác"))
    for typed in ("", "rác"):
        with pytest.raises(ValueError, match="key"):
            ask(typed, after=after)


def test_a_key_of_another_order_is_refused_and_so_are_impossible_pages() -> None:
    keep(document(1, "rác"), document(2, "rác"))
    after = ask("", size=1, sort=Sort.NEWEST).after
    with pytest.raises(ValueError, match="key"):
        ask("", after=after, sort=Sort.OLDEST)
    wrongs: list[dict[str, Any]] = [
        {"size": 0},
        {"size": 101},
        {"facets": ["text"]},
        {"sort": "id; DROP TABLE"},
    ]
    for wrong in wrongs:
        with pytest.raises(ValueError):
            ask("", **wrong)


@pytest.mark.long
def test_of_a_very_common_word_the_newest_two_thousand(engine: ModuleType) -> None:
    keep(*(document(number, "đường hư", on=dt.date(2026, 11, 1)) for number in range(1, 2_101)))
    page = ask("duong", sort=Sort.NEWEST)
    assert page.petitions[0] == 2_100
    if engine.NAME == "elastic":
        assert (page.total, page.capped) == (2_100, False)
    else:
        assert (page.total, page.capped) == (2_000, True)
    assert (ask("").total, ask("").capped) == (2_100, False)
    assert not ask("duong", rule=Has("petition", {3})).capped
    assert found("duong", rule=Has("petition", {3})) == [3]


# --- versions, copies -----------------------------------------------------------------------------------


def test_an_older_one_never_replaces_a_newer_one() -> None:
    keep(document(1, "mới", version=5))
    keep(document(1, "cũ", version=4))
    assert (found("mới"), found("cũ")) == ([1], [])
    keep(document(1, "khác", version=5, on=dt.date(2026, 12, 31)))
    assert (found("mới"), found("khác"), ask("").total) == ([], [1], 1)


def test_one_that_is_gone_comes_back_only_by_a_newer_step() -> None:
    keep(document(1, "rác", version=5, phones=frozenset({"h"})), document(2, "rác"))
    search.remove([(Shelf.DESK, 1, 4)])
    assert found("rác") == [2, 1]
    search.remove([(Shelf.DESK, 1, 6), (Shelf.DESK, 99, 3), (Shelf.PUBLIC, 2, 9)])
    search.remove([(Shelf.DESK, 1, 6)])
    assert found("rác") == found("") == [2]
    keep(document(1, "rác", version=5), document(99, "rác", version=2))
    assert found("rác") == [2]
    keep(document(1, "rác", version=7))
    assert found("rác") == [2, 1]


def test_the_comparer_sees_what_is_kept() -> None:
    documents = [document(number, "rác", version=number) for number in (3, 1, 2, 9)]
    keep(*documents)
    search.remove([(Shelf.DESK, 2, 5)])
    digests = {one.petition: one.digest for one in documents}
    assert search.kept(Shelf.DESK, 0, 10) == [(1, 1, digests[1]), (3, 3, digests[3]), (9, 9, digests[9])]
    assert search.kept(Shelf.DESK, 1, 1) == [(3, 3, digests[3])]
    assert search.kept(Shelf.DESK, 9, 10) == search.kept(Shelf.SEALED, 0, 10) == []
    assert (
        document(1, "rác", seers=frozenset("abc")).digest == document(1, "rác", seers=frozenset("cba")).digest
    )


def test_rebuilt_it_holds_what_it_was_given_and_knows_what_is_gone() -> None:
    keep(document(1, "rác"), document(2, "rác"), document(3, "rác", shelf=Shelf.SEALED))
    search.remove([(Shelf.DESK, 4, 8)])
    assert search.rebuild(Shelf.DESK, [document(2, "điện"), document(4, "rác", version=7)]) == 2
    assert (found("rác"), found("điện"), found("rác", shelves=[Shelf.SEALED])) == ([], [2], [3])
    search.rebuild(Shelf.DESK, [])
    assert found("") == []


def test_while_it_is_rebuilt_the_old_one_answers_and_no_write_is_lost() -> None:
    keep(*(document(number, "cũ") for number in range(1, 6)))

    def read() -> Any:
        for number in range(1, 6):
            if number == 2:
                keep(document(1, "sửa", version=2), document(4, "sửa", version=2), document(9, "sửa"))
                search.remove([(Shelf.DESK, 5, 2)])
            assert found("mới") == []
            yield document(number, "mới")

    search.rebuild(Shelf.DESK, read())
    assert (found("mới"), found("sửa"), found("cũ")) == ([3, 2], [9, 4, 1], [])
    assert ask("").total == 5


def test_a_rebuild_that_breaks_leaves_the_old_one_and_the_next_one_works() -> None:
    keep(document(1, "cũ"))

    def read() -> Any:
        yield from (document(number, "mới") for number in range(1, 600))
        raise RuntimeError("power cut")

    with pytest.raises(RuntimeError):
        search.rebuild(Shelf.DESK, read())
    assert (found("cũ"), found("mới")) == ([1], [])
    keep(document(2, "cũ"))
    assert search.rebuild(Shelf.DESK, [document(1, "mới")]) == 1
    assert (found("cũ"), found("mới")) == ([], [1])


def test_it_says_who_it_is(engine: ModuleType) -> None:
    assert search.state() == {"engine": engine.NAME, "up": True}
    keep(document(1, "rác"))
    page = ask("rác")
    assert page.engine == engine.NAME
    assert page.took_ms > 0
