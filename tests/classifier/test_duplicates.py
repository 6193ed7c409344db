"""The same thing told twice has bands in common; other things, greetings and closings have not."""

import time
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifier import duplicates
from classifier.noise import strip, teencode, typos

TEXT = (
    "Nắp cống trước cổng trường tiểu học trên đường Lê Lợi bị vỡ đã hơn một tuần, buổi tối không có đèn nên "
    "các cháu đi học về rất nguy hiểm, hôm qua có một cụ già bị ngã xe phải đi cấp cứu."
)
OTHER = (
    "Quán nhậu ở hẻm sau chợ mở loa kẹo kéo đến một giờ sáng, công an phường đã nhắc nhưng đêm nào cũng vậy, "
    "người già và trẻ nhỏ trong xóm không ai ngủ được."
)
CHANGED = {
    "typing errors": typos(TEXT, 1),
    "no diacritics": strip(TEXT).lower(),
    "teencode": teencode(TEXT, 1),
    "greeting and closing": f"Kính gửi UBND phường, tôi tên là Trần Thị B. {TEXT} Xin chân thành cảm ơn!",
    "cut": TEXT[: len(TEXT) * 7 // 10],
    "decomposed": unicodedata.normalize("NFD", TEXT),
}


def same(one: str, other: str) -> bool:
    first, second = duplicates.signature(one), duplicates.signature(other)
    shared = set(duplicates.bands(first)) & set(duplicates.bands(second))
    likeness = duplicates.likeness(duplicates.matter(one), duplicates.matter(other))
    return bool(shared) and duplicates.is_same(duplicates.agreement(first, second), likeness)


@pytest.mark.parametrize("how", CHANGED)
def test_a_changed_copy_is_found_and_confirmed(how: str) -> None:
    assert same(TEXT, CHANGED[how])


def test_another_matter_is_neither_found_nor_confirmed() -> None:
    assert not same(TEXT, OTHER)
    one, other = duplicates.signature(TEXT), duplicates.signature(OTHER)
    assert duplicates.agreement(one, other) < 0.1
    assert not duplicates.is_same(
        duplicates.agreement(one, other),
        duplicates.likeness(duplicates.matter(TEXT), duplicates.matter(OTHER)),
    )


def test_the_same_greeting_makes_nothing_alike() -> None:
    letter = "Kính gửi Ủy ban nhân dân phường, tôi là Lê Văn A ở tổ 4. {} Rất mong được xem xét. Xin cảm ơn."
    assert not same(letter.format("Đèn hẻm 5 bị cháy."), letter.format("Bãi xe thu quá giá."))


@pytest.mark.parametrize(
    ("text", "matter"),
    [
        ("Chào anh chị, em là sinh viên. Đèn hỏng!", "den hong"),
        ("Tôi muốn phản ánh về việc xe buýt bỏ bến. Mong cơ quan xử lý", "xe buyt bo ben"),
        ("Thửa đất số 5 bị lấn chiếm", "thua dat so 5 bi lan chiem"),
        ("Gửi xe ở chợ thu 20 nghìn", "gui xe o cho thu 20 nghin"),
        ("Cháo của trường bị thiu, cháu đau bụng", "chao cua truong bi thiu chau dau bung"),
        ("Xin chào!", "xin chao"),
        ("", ""),
    ],
)
def test_manners_go_and_the_matter_stays(text: str, matter: str) -> None:
    assert duplicates.matter(text) == matter


def test_a_signature_is_the_same_in_every_process() -> None:
    signature = duplicates.signature("Nắp cống bị vỡ")
    assert len(signature) == 4 * duplicates.SIZE
    assert signature.hex().startswith("ec792e31f1153b32")
    assert duplicates.bands(signature, "48")[:3] == [1943761462, -829845203, 499578071]


def test_bands_are_21_and_other_ones_in_every_area() -> None:
    signature = duplicates.signature(TEXT)
    here, there = (duplicates.bands(signature, area) for area in ("48", "79"))
    assert len(set(here)) == duplicates.BANDS == 21
    assert set(here).isdisjoint(there)
    assert all(-(2**31) <= number < 2**31 for number in here)


@pytest.mark.parametrize("text", ["", "cứu", "!!!", "\ud800", "\x00"])
def test_below_two_words_there_is_nothing_to_find_by(text: str) -> None:
    assert duplicates.signature(text) == b""
    assert duplicates.bands(b"") == []
    assert duplicates.agreement(b"", b"") == duplicates.agreement(b"", duplicates.signature(TEXT)) == 0.0


@settings(max_examples=200, deadline=None)
@given(st.text(st.characters(), max_size=400))
@pytest.mark.long
def test_nothing_that_can_be_typed_raises(text: str) -> None:
    assert same(text, text) == bool(duplicates.signature(text))


@pytest.mark.parametrize(
    "unit", ["a", "mất điện ", "a\u0301", "\ud800", "Kính gửi, ", "tôi xin ", "🤡", "a."]
)
def test_a_million_letters_take_a_tenth_of_a_second_at_most(unit: str) -> None:
    text = unit * (1_000_000 // len(unit))
    took = []
    for _time in range(2):
        began = time.process_time()
        duplicates.bands(duplicates.signature(text))
        took.append(time.process_time() - began)
    assert min(took) < 0.1
