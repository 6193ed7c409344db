"""How rare words are: the table is that of the texts it names."""

from __future__ import annotations

import pytest

from classifier.examples import from_file
from search import rarity


def test_what_more_texts_hold_is_less_rare() -> None:
    assert 0 < rarity.rarity("nha") < rarity.rarity("karaoke") < rarity.rarity("khongcochunay") < 11


def test_two_syllables_that_stand_together_are_one_word() -> None:
    assert rarity.bound("khieu", "nai")
    assert not rarity.bound("nai", "khieu")
    assert not rarity.bound("cay", "do")


@pytest.mark.long
def test_the_table_is_that_of_the_texts() -> None:
    texts = [one.text for one in from_file(rarity.TEXTS)]
    for path, lines in ((rarity.ROWS, rarity.lines), (rarity.PAIRS, rarity.bound_lines)):
        assert path.read_text(encoding="utf-8").splitlines()[1:] == lines(texts)
