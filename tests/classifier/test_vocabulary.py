"""Which rows the terms of a text have."""

from collections import Counter
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from classifier.vocabulary import Vocabulary

SYLLABLES = st.lists(st.sampled_from(["ống", "nước", "vỡ", "rồi", "đèn", "tắt"]), max_size=12)
TERMS = ["ống", "nước", "ống nước", "nước vỡ", "rồi đèn", "đèn", "tắt tắt"]


@given(SYLLABLES)
def test_every_known_syllable_and_pair_is_found_as_often_as_it_stands(syllables: list[str]) -> None:
    said = [*syllables, *(f"{a} {b}" for a, b in pairwise(syllables))]
    found = Vocabulary((term, row) for row, term in enumerate(TERMS)).rows(syllables)
    assert Counter(found.tolist()) == Counter(TERMS.index(term) for term in said if term in TERMS)


def test_where_no_pair_is_known_syllables_are() -> None:
    assert Vocabulary([("đèn", 4)]).rows(["đèn", "tắt", "đèn"]).tolist() == [4, 4]


def test_of_nothing_nothing_is_known() -> None:
    assert Vocabulary([]).rows(["đèn", "tắt"]).tolist() == []
