"""Which rows the terms of a text have."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.model import terms
from classifier.vocabulary import Vocabulary

SYLLABLES = st.lists(st.sampled_from(["ống", "nước", "vỡ", "rồi", "đèn", "tắt"]), max_size=12)
TERMS = ["nước", "nước vỡ", "rồi đèn", "tắt tắt", "~den", "~nuoc", "~nuoc vo", "đèn", "ống", "ống nước"]


def rows(terms: list[str], text: str) -> list[int]:
    known = Vocabulary(terms)
    return sorted(known.rows(known.told(text)).tolist())


@pytest.mark.long
@given(SYLLABLES)
def test_every_known_syllable_and_pair_is_found_as_often_as_it_stands(said: list[str]) -> None:
    for blank in (" ", ", "):
        every = terms(text := blank.join(said))
        assert rows(TERMS, text) == sorted(TERMS.index(term) for term in every if term in TERMS)


def test_the_last_as_written_and_the_first_without_marks_are_no_pair() -> None:
    assert rows(["den tat", "~den tat", "tắt ~den"], "đèn tắt") == [1]


def test_where_no_pair_is_known_syllables_are() -> None:
    assert rows(["đèn"], "đèn tắt đèn") == [0, 0]


def test_of_nothing_nothing_is_known() -> None:
    assert rows([], "đèn tắt") == rows(["đèn"], "") == []


def test_what_is_long_or_seen_late_is_read_alike_and_not_kept() -> None:
    known = Vocabulary(["đèn", "đèn tắt"])
    long = "đèn.tắt." * 500
    assert sorted(known.rows(known.told(long)).tolist()) == [0] * 500 + [1] * 500
    assert list(known) == []


def test_pairs_of_very_many_syllables_are_told_apart() -> None:
    many = [f"a{number}" for number in range(70_000)]
    first, second = divmod(2**32, len(many) + 1)  # in 32 bits their pair has the number of "a0 a0"
    assert rows([*many, "a0 a0"], f"a{first} a{second}") == sorted([first, second])
    assert rows([*many, "a0 a0"], "a0 a0") == [0, 0, len(many)]
