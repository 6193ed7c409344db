"""What a document is worth to a question, told once more in plain Python; every engine is held against it."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

import pytest

import search
from search import Document, Shelf, Sought
from search.folding import folded, spaced, words_of
from search.likeness import FEW, WHOLE, How, loosened, merits, weight, weights
from search.query import parse
from search.rules import EVERYTHING
from search.topics import Topics
from search.words import Clause, Phrase
from tests.search.shelf import document, keep

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("engine")]

SAID = "đường duong dương hư hu đèn cầu cậu rác mất điện cúp điện nước ko không hộ tịch cây đổ đỗ số 12"
TOPICS = Topics.of({"roads": ["Đường", "cầu"], "civil": ["Hộ tịch"], "power": ["Mất điện", "đèn đường"]})
FIELDS, SUBFIELDS = ("roads", "power", ""), ("civil", "power", "")


def says(one: Document, clause: Clause, how: How) -> bool:
    if how in (How.FIELD, How.SUBFIELD):
        return getattr(one, how) in clause.topics
    if how == How.SAID:
        own = How.UNMARKED if clause.accented else How.FOLDED
        return any(says(one, clause, each) for each in (own, How.FIELD, How.SUBFIELD))
    if how == How.ANYHOW:
        return any(says(one, clause, each) for each in (How.FOLDED, How.FIELD, How.SUBFIELD))
    return any(all(stands(one, phrase, how) for phrase in way) for way in clause.ways)


def stands(one: Document, phrase: Phrase, how: How) -> bool:
    as_written, as_folded = told(one)
    if how == How.FOLDED:
        return spaced(phrase.folded) in as_folded
    said = [phrase.written, phrase.folded] if how == How.UNMARKED else [phrase.written]
    return any(spaced(some) in as_written for some in said)


@cache
def told(one: Document) -> tuple[str, str]:
    words = words_of(one)
    return spaced(words), spaced(folded(words))


def is_enough(one: Document, sought: Sought) -> bool:
    return any(all(says(one, clause, How.ANYHOW) for clause in need) for need in sought.needs)


def points(one: Document, sought: Sought) -> int:
    return sum(
        merit.points
        for merit in merits(sought)
        if all(says(one, clause, merit.how) for clause in merit.clauses)
    )


def expected(documents: Sequence[Document], sought: Sought) -> tuple[list[int], int]:
    """All that is found in its order, and how many of it say all."""
    found = [one for one in documents if is_enough(one, sought)]
    if len(found) < FEW and (looser := loosened(sought)):
        sought, found = looser, [one for one in documents if is_enough(one, looser)]
    worth = {one.petition: points(one, sought) for one in found}
    order = sorted(found, key=lambda one: (-worth[one.petition], -one.on.toordinal(), -one.petition))
    return [one.petition for one in order], sum(each >= WHOLE for each in worth.values())


def some(dice: random.Random, most: int) -> str:
    return " ".join(dice.choices(SAID.split(), k=dice.randint(1, most)))


@pytest.mark.long
def test_every_engine_finds_and_orders_as_it_is_told_here() -> None:
    dice = random.Random(5)
    documents = [
        document(
            number,
            some(dice, 9),
            answer=some(dice, 3) if number % 3 else "",
            field=dice.choice(FIELDS),
            subfield=dice.choice(SUBFIELDS),
        )
        for number in range(1, 121)
    ]
    keep(*documents)
    loose = 0
    for _question in range(100):
        typed = some(dice, 5) + (f' "{some(dice, 2)}"' if dice.random() < 0.2 else "")
        sought = parse(typed, topics=TOPICS)
        page = search.find(sought, shelves=[Shelf.DESK], rule=EVERYTHING, size=100)
        order, whole = expected(documents, sought)
        assert (page.petitions, page.total, page.whole) == (order[:100], len(order), whole), typed
        loose += page.near > 0
    assert loose > 20


def test_words_of_half_the_weight_are_enough_and_one_less_is_not() -> None:
    sought = parse("đường hư karaoke ồn ào suốt đêm khuya khoắt")
    looser = loosened(sought)
    assert looser is not None
    assert looser.is_loose
    assert all(set(need) < set(sought.words) for need in looser.enough)
    assert not any(set(one) < set(other) for one in looser.enough for other in looser.enough)
    assert loosened(parse("rác")) is None
    assert loosened(parse('"rác thải" linh-vuc:waste')) is None
    assert replace(looser, enough=()) == sought


def test_two_syllables_that_are_one_word_weigh_as_one() -> None:
    sought = parse("khiếu nại thu hồi đất")
    khieu, nai, thu, _hoi, _dat = sought.words
    worth = weights(sought)
    assert worth[khieu] + worth[nai] == pytest.approx(max(weight(khieu), weight(nai)))
    assert worth[thu] == weight(thu)
    looser = loosened(sought)
    assert looser is not None
    assert any(not {khieu, nai} & set(need) for need in looser.enough)
    assert not any({khieu, nai} == set(need) for need in looser.enough)
    apart = parse("nại khiếu")
    assert weights(apart) == {one: weight(one) for one in apart.words}
