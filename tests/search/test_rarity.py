"""How rare words are: the table is that of the texts it names."""

from __future__ import annotations

import pytest

from classifier.examples import from_file
from search import rarity


def test_what_more_texts_hold_is_less_rare() -> None:
    assert 0 < rarity.rarity("nha") < rarity.rarity("karaoke") < rarity.rarity("khongcochunay") < 11


@pytest.mark.long
def test_the_table_is_that_of_the_texts() -> None:
    kept = rarity.ROWS.read_text(encoding="utf-8").splitlines()[1:]
    assert kept == rarity.lines(one.text for one in from_file(rarity.TEXTS))
