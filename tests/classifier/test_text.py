"""Cleaning and folding: the first thing that happens to a text."""

import unicodedata

import pytest

from classifier.text import ANALYSED, KEPT, fold, guard, normalise, words


def test_a_plain_text_comes_through_unchanged() -> None:
    assert normalise("Hố ga ở đường Lê Lợi mất nắp!") == "Hố ga ở đường Lê Lợi mất nắp!"


@pytest.mark.parametrize(
    ("given", "cleaned"),
    [
        ("rác\x00 thải", "rác thải"),
        ("a\ud800b", "ab"),
        ("a\x00\u0301", "á"),
        (unicodedata.normalize("NFD", "Đường ngập"), "Đường ngập"),
        ("cứu!!!!!!!!", "cứu!!!"),
        ("a      b", "a   b"),
        ("100000000 đồng", "100000000 đồng"),
        ("🤡🤡🤡🤡🤡", "🤡🤡🤡"),
        ("\x00\ud800", ""),
        ("", ""),
    ],
)
def test_what_is_no_writing_goes_and_what_is_stays(given: str, cleaned: str) -> None:
    assert normalise(given) == cleaned


def test_a_letter_keeps_at_most_a_handful_of_marks() -> None:
    zalgo = "a" + "\u0301\u0323" * 50_000
    assert len(normalise(zalgo)) < 20


def test_20_000_code_points_are_kept_and_4_000_looked_at() -> None:
    long = "ngập nước " * 5_000
    assert len(normalise(long)) == KEPT == 20_000
    assert len(guard(long).text) == ANALYSED == 4_000


def test_offsets_lead_back_into_the_text_as_given() -> None:
    given = unicodedata.normalize("NFD", "Ở\x00 phường Hải Châu!!!!!! đường ngập")
    clean = guard(given)
    for word in ("phường", "Hải Châu", "đường"):
        at = clean.text.index(word)
        start, end = clean.given(at, at + len(word))
        assert unicodedata.normalize("NFC", given[start:end]) == word


def test_folding_takes_case_and_marks_and_the_bar_of_đ() -> None:
    assert fold("Đường NGUYỄN Huệ, ỷ ữ ợ Ặ") == "duong nguyen hue, y u o a"


@pytest.mark.parametrize("text", ["Đường ngập ở Huế", "İstanbul ẞ ﬁ", "đồng bào Ba Na ’ – …", "🤡 Ω Я 漢"])
def test_folding_keeps_the_length_so_that_offsets_hold(text: str) -> None:
    assert len(fold(text)) == len(unicodedata.normalize("NFC", text))


def test_decomposed_text_folds_like_composed_text() -> None:
    assert fold(unicodedata.normalize("NFD", "Đường ngập")) == fold("Đường ngập") == "duong ngap"


@pytest.mark.long
def test_words_are_those_that_vietnamese_means() -> None:
    assert "hố ga" in [word.lower() for word in words("Đường phố có hố ga mất nắp")]


@pytest.mark.long
def test_words_of_a_broken_text_are_still_words() -> None:
    assert words("a\ud800b\x00") == ["ab"]


@pytest.mark.parametrize(
    ("given", "cleaned"),
    [
        ("0912\u00a0345\u2009678", "0912 345 678"),
        ("0912\t345\u3000678", "0912 345 678"),
        ("0912\u200b345\u00ad678\ufeff", "0912345678"),
        ("０９１２．ａｂ＠", "0912.ab@"),
        ("0\ufe0f\u20e39\ufe0f\u20e3", "09"),
        ("𝟎𝟗 𝐇𝐨̀𝐚", "09 Hòa"),
        ("0912\u2011345\u2212678", "0912-345-678"),
        ("👩\u200d👩\u200d👧 Huế", "👩👩👧 Huế"),
        ("\u200b\u200d", ""),
    ],
)
def test_what_is_unseen_goes_and_other_writings_are_plain(given: str, cleaned: str) -> None:
    assert normalise(given) == cleaned


@pytest.mark.parametrize("mark", ["", "!!!!!!", "a\u0301"])
def test_offsets_hold_beside_what_is_unseen(mark: str) -> None:
    given = f"{mark}\u200bphường\u00a0Hòa\u200b\u200dXuân\u00ad\u00a0đẹp"
    clean = guard(given)
    at = clean.text.index("phường")
    start, end = clean.given(at, at + len("phường HòaXuân"))
    assert given[start:end] == "phường\u00a0Hòa\u200b\u200dXuân\u00ad"
