"""What people type is read as they mean it; spans and suggestions follow from it."""

import datetime as dt
import json
import unicodedata
from collections import defaultdict
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import search
from search import synonyms
from search.folding import folded, written
from search.query import Names, Sought, parse
from search.words import Clause

CORPUS = Path(__file__).parents[2] / "classifier" / "data" / "train.jsonl"


def said(clauses: tuple[Clause, ...]) -> list[list[str]]:
    """Of each clause its ways; phrases of one way are put together with +."""
    return [["+".join(" ".join(phrase.written) for phrase in way) for way in one.ways] for one in clauses]


def test_what_is_typed_again_counts_once() -> None:
    assert said(parse("rác rác chợ rác").words) == [["rác"], ["chợ"]]


def test_words_phrases_and_what_is_not_wanted() -> None:
    sought = parse('Rác thải "bốc mùi" -chợ -"bãi sông"')
    assert said(sought.words) == [["rác"], ["thải"]]
    assert said(sought.phrases) == [["bốc mùi"]]
    assert said(sought.without) == [["chợ"], ["bãi sông"]]
    assert sought.full_text
    assert not parse("linh-vuc:waste").full_text


def test_what_is_said_otherwise_is_one_thing_in_several_ways() -> None:
    assert said(parse("cup dien").words) == [["cup+dien", "mất điện", "cắt điện"]]
    assert said(parse("ubnd phường").words)[0] == ["ubnd", "ủy ban nhân dân"]
    assert said(parse("mát điện").words) == [["mát"], ["điện"]]
    assert said(parse('"cúp điện"').phrases) == [["cúp điện"]]


def test_that_something_is_suffered_is_no_word_to_look_for() -> None:
    assert said(parse("cây bị đổ").words) == [["cây"], ["đổ"]]
    assert said(parse("cay bi do").words) == [["cay"], ["do"]]
    assert said(parse("bí đao").words) == [["bí"], ["đao"]]
    assert said(parse("bị").words) == [["bị"]]
    assert [one[0] for one in said(parse("thiếu trang bị").words)][-2:] == ["trang", "bị"]
    assert [one[0] for one in said(parse("bi cao").words)] == ["bi", "cao"]
    assert said(parse('"bị chiếm"').phrases) == [["bị chiếm"]]


@pytest.mark.long
def test_no_short_form_is_another_word_without_its_marks() -> None:
    used = {word for line in CORPUS.open(encoding="utf-8") for word in written(json.loads(line)["text"])}
    real: dict[str, set[str]] = defaultdict(set)
    for word in used:
        real[folded([word])[0]].add(word)
    company = [line.split(",") for line in synonyms.ROWS.read_text(encoding="utf-8").splitlines()]
    shorts = {short: {*names, *folded(names)} for names in company for short in names[1:] if " " not in short}
    confused = {short: real[folded([short])[0]] - names for short, names in shorts.items()}
    assert {short for short, others in confused.items() if others} <= {"ko"}  # Kô and Kơ are in names


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("123456789014", "123456789014"),
        ("mã 1234 5678 9014 rác", "123456789014"),
        ("1234-5678-9014", "123456789014"),
        ("1234 5678 9015", ""),
        ("11234 5678 9014", ""),
    ],
)
def test_a_code_with_and_without_blanks(typed: str, code: str) -> None:
    assert parse(typed).code == code


@pytest.mark.parametrize(
    ("typed", "telephone"),
    [
        ("0912345678", "0912345678"),
        ("gọi 0912.345.678 nhé", "0912345678"),
        ("+84 912 345 678", "0912345678"),
        ("84912345678", "0912345678"),
        ("0236 3822 123", "02363822123"),
        ("sđt:0912345678", "0912345678"),
        ("0912\xa0345\xa0678", "0912345678"),
        ("0912  345  678", "0912345678"),
        ("(0912) 345 678", "0912345678"),
        ("(+84) 912 345 678", "0912345678"),
        ("0912–345–678", "0912345678"),
        ("0 912 345 678", "0912345678"),
        ("0912 - 345 - 678", "0912345678"),
        ("0912/345/678", "0912345678"),
        ("+84 (0) 912 345 678", "0912345678"),
        ("0084912345678", "0912345678"),
        ("０９１２３４５６７８", "0912345678"),
        ("0912\u200b345678", "0912345678"),
        ("SỐ ĐT 0912345678", "0912345678"),
        ("hotline: 0912345678", "0912345678"),
        ("0912345678 2 đơn", "0912345678"),
        ("02363822123 2 đơn", "02363822123"),
        ("Số điện thoại: 0912-345-678", "0912345678"),
        ('"gọi từ 0912345678" rác', ""),
        ("091234567", ""),
        ("20091234567", ""),
        ("1900 1006", ""),
    ],
)
def test_a_telephone_is_handed_back_as_digits(typed: str, telephone: str) -> None:
    assert parse(typed).telephone == telephone


def test_between_quotation_marks_a_telephone_is_a_phrase() -> None:
    for typed in ('"0912345678"', "“0912345678”"):
        sought = parse(typed)
        assert sought.telephone == ""
        assert said(sought.phrases)[0][:2] == ["0912345678", "84 912345678"]
    assert said(parse('"số 0912 345 678"').phrases) == [["số 0912 345 678"]]


def test_between_two_words_a_nul_is_no_letter() -> None:
    assert parse("gạch\0rác") == parse("gạch rác")


def test_beside_a_telephone_its_name_is_no_word() -> None:
    assert parse("sđt:0912345678") == parse("0912345678")
    assert parse("sđt hỏng").words == parse("sđt").words + parse("hỏng").words


def test_what_is_not_wanted_is_no_filter_and_no_day() -> None:
    sought = parse("-linh-vuc:waste -tu:2026 −trang-thai:closed rác")
    assert (sought.filters, sought.since) == ({}, None)
    assert sought.barred == {"field": frozenset({"waste"}), "state": frozenset({"closed"})}
    assert sought.unread == ("-tu:2026",)


def test_by_its_hash_the_digits_are_no_words_any_more() -> None:
    sought = parse("rác 0912 345 678")
    assert [ways[0] for ways in said(sought.words)] == ["rác", "0912 345 678"]
    by_hash = sought.by_phone("h")
    assert (said(by_hash.words), by_hash.phone) == ([["rác"]], "h")


def test_filters_and_days() -> None:
    sought = parse('lĩnh-vực:waste Linh_vuc:power co-quan:"ubnd:20242" tu:2/2024 den:02/2024 rác')
    assert sought.filters == {"field": frozenset({"waste", "power"}), "agency": frozenset({"ubnd:20242"})}
    assert (sought.since, sought.until) == (dt.date(2024, 2, 1), dt.date(2024, 2, 29))
    assert said(sought.words) == [["rác"]]
    assert parse("den:2024").until == dt.date(2024, 12, 31)
    assert parse("tu:28/11/2026").since == parse("tu:2026-11-28").since == dt.date(2026, 11, 28)
    assert parse("tu:31/2/2026 den:hôm-qua den:99999 linh-vuc:").unread == (
        *("31/2/2026", "hôm-qua", "99999"),
        "linh-vuc:",
    )
    assert parse("đến: 2026").filters == {}


def test_what_values_are_called_is_told_by_the_caller() -> None:
    names: Names = {
        "field": lambda: {"giao thong": frozenset({"traffic"})},
        "commune": lambda: {"hai chau": frozenset({"20242"})},
    }
    sought = parse('linh-vuc:"Giao thông" noi:"hải châu" noi:"thạch thang"', names)
    assert sought.filters == {"field": frozenset({"traffic"}), "commune": frozenset({"20242"})}
    assert said(sought.phrases) == [["thạch thang"]]


@pytest.mark.parametrize("typed", ["mã {}", "đơn {} xử lý tới đâu rồi", "{} ?"])
def test_beside_a_whole_code_no_word_is_asked_for(typed: str) -> None:
    sought = parse(typed.format("1411 5578 5171"))
    assert (sought.code, sought.words, sought.full_text) == ("141155785171", (), False)
    assert parse(typed.format("1411 5578 5171 -rác")).full_text


@pytest.mark.parametrize("typed", ["???", "…", '!!! -- ""', "😀"])
def test_signs_alone_ask_for_nothing(typed: str) -> None:
    assert parse(typed).wordless
    assert not parse(f"rác {typed}").wordless
    assert not parse(" ").wordless


def test_what_is_too_long_is_cut_and_says_so() -> None:
    assert parse("a " * 25).cut
    assert parse("a" * 2_000).cut
    assert not parse("a b").cut


@pytest.mark.long
@given(st.text(max_size=200) | st.text(alphabet='-"“:đd ạ0912+.()*^\u0301\ue000', max_size=60))
def test_nothing_that_is_typed_raises(typed: str) -> None:
    sought = parse(typed)
    for start, end in search.highlight(typed, sought):
        assert 0 <= start < end <= len(typed)


# --- spans and suggestions ------------------------------------------------------------------------------


def lit(text: str, typed: str) -> list[str]:
    return [text[start:end] for start, end in search.highlight(text, parse(typed))]


def test_what_was_typed_is_lit_as_it_stands_there() -> None:
    text = "Đường hư, đương sự và duong HU; Hoà Vang."
    assert lit(text, "đường hư") == ["Đường", "hư"]
    assert lit(text, "duong") == ["duong"]
    assert lit(text, "dương") == ["Đường", "đương", "duong"]
    assert lit(text, '"đường hư"') == ["Đường hư"]
    assert lit(text, "hòa") == ["Hoà"]
    assert lit(text, "-đường") == lit(text, "") == lit(text, "code:x") == []
    assert lit("Xóm mất điện", "cúp điện") == ["mất điện"]


def test_a_text_in_another_normal_form_is_lit_where_it_stands() -> None:
    text = unicodedata.normalize("NFD", "Con đường hư")
    assert lit(text, "đường") == [unicodedata.normalize("NFD", "đường")]


def test_names_are_suggested_as_they_begin_or_nearly() -> None:
    names = ["Phường Hải Châu", "Phường Hải Vân", "Rác thải", "Hải sản", "Đường phố"]
    assert search.suggest("hai", names) == ["Hải sản", "Phường Hải Vân", "Phường Hải Châu"]
    assert search.suggest("hải ch", names) == ["Phường Hải Châu"]
    assert search.suggest("duong pho", names) == ["Đường phố"]
    assert search.suggest("rac thảii", names) == ["Rác thải"]
    assert search.suggest("x", names) == search.suggest("", names) == search.suggest("zzzz", names) == []
    assert search.suggest("h" * 1_000_000, names) == []
    assert len(search.suggest("ph", names * 9, most=1)) == 1


def test_two_strings_word_for_word() -> None:
    assert written("Hoà_Vang, QUÝ Thuý: ĐƯỜNG-số 5") == ["hòa", "vang", "quý", "thúy", "đường", "số", "5"]
    assert folded(written("Đường số 5")) == ["duong", "so", "5"]
    assert folded(written("")) == []
    assert Sought() == parse("")
