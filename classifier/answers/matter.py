"""Whether an answer speaks of what was asked: the same place, the same matter, all of it."""

from __future__ import annotations

import re
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from classifier import store
from classifier.answers import places
from classifier.answers.letter import Letter, between
from classifier.answers.phrases import CAPITALS, Pattern, lowered, pairs, syllables
from classifier.text import fold

Floats = NDArray[np.float64]


_LETTERS = re.compile(r"[^\W\d_]{2,}")
# A name within a sentence: capitals that no sentence begins with.
_PROPER = re.compile(rf"(?<=[^.!?\n] )(?<!^)[{CAPITALS}][^\W_]*(?: (?:[{CAPITALS}]|\d)[^\W_]*)*")
# Where one of several matters ends and the next one begins.
_COUNTED = Pattern.of(
    r"(?<!\w)(?:(?:một|hai|ba) là|thứ (?:nhất|hai|ba)(?= là|,|:)|ngoài ra|đồng thời|thêm nữa|nhân tiện"
    r"|tiện thể|luôn tiện|với lại|bên cạnh đó|chưa kể|lại còn|còn (?:về|việc|vụ|chuyện)|vừa)(?!\w)"
    r"|(?<!\w)và (?=(?:hỏi|xin|đề nghị|có|lịch|mức|cho|cần|khi nào|ai|tại sao|được|bao|mấy|nộp)(?!\w))"
)
_MATTER = 2  # words that make a matter
_ABOUT_IT, _NOT_ABOUT_IT = 0.4, 0.3

_LONG, _SAYS_MUCH = 22, 5  # words of an answer, and of them such as are not of every letter
# Below it two texts are about different things: where they share no word, one, two.
_NEAR = (0.5, 0.4, 0.3)
_SURE, _UNSURE = 0.7, 0.05  # what the model gives to a matter that is there, and to one that is not


def another_matter(answer: Letter, asked: Letter) -> bool:
    """It speaks of another place or matter than whoever asked, or of one of two matters alone."""
    return places.elsewhere(answer, asked) or _but_half(answer, asked) or _another_subject(answer, asked)


def likeness(one: str, other: str) -> float:
    """How near two cleaned texts are in what they are about, by the model that reads: -1 to 1."""
    return _near(_about(one), _about(other))


def _near(one: Floats, other: Floats) -> float:
    one, other = one - one.mean(), other - other.mean()
    return float(one @ other / (np.linalg.norm(one) * np.linalg.norm(other) or 1.0))


def _about(text: str) -> Floats:
    """A softer share of each sub-field than its probability: nearly all are 0 in that."""
    margins = store.current().margins(text)
    shares = np.exp(margins - margins.max())
    return np.asarray(shares / shares.sum(), dtype=np.float64)


def _another_subject(answer: Letter, asked: Letter) -> bool:
    """Much is said in other words about another kind of thing, or the model is sure of two matters.

    A short answer leaves out what both know. Of the same named place more is needed: no word in common.
    """
    if sum(clause.text.count(" ") + 1 for clause in answer.clauses) < _LONG:
        return False
    nears = _NEAR[:1] if places.same_place(answer, asked) else _NEAR
    shared, near = _in_common(answer, asked), likeness(asked.clean, answer.clean)
    if shared >= len(nears):
        return False
    if near < nears[shared] and len(_content(answer, asked)) >= _SAYS_MUCH:
        return True
    return nears is _NEAR and near < _NEAR[-1] and _are_surely_two(asked.clean, answer.clean)


def _are_surely_two(one: str, other: str) -> bool:
    """Each is surely about a sub-field that the other is surely not about."""
    shares = [store.current().score(text).subfields for text in (one, other)]
    bests = [int(share.argmax()) for share in shares]
    sure = all(share[best] > _SURE for share, best in zip(shares, bests, strict=True))
    return sure and all(share[best] < _UNSURE for share, best in zip(shares, reversed(bests), strict=True))


def _content(letter: Letter, other: Letter) -> set[str]:
    """Words that are neither names nor of every letter; with diacritics where both are so written."""
    marked = letter.marked and other.marked
    words = _words(letter, marked=marked)
    return set(words) - syllables("formula", marked=marked) - syllables("common", marked=marked)


def _words(letter: Letter, *, marked: bool) -> list[str]:
    bare = _PROPER.sub(" ", letter.clean)
    return _LETTERS.findall(lowered(bare) if marked else fold(bare))


def _in_common(one: Letter, other: Letter) -> int:
    """How many such words both have, and pairs of words that only together are not of every letter."""
    marked = one.marked and other.marked
    words = _content(one, other) & _content(other, one)
    common = syllables("common", marked=marked) | words
    pairs_of = [set(pairwise(_words(letter, marked=marked))) for letter in (one, other)]
    both = set.intersection(*pairs_of) - pairs("formula", marked=marked)
    return len(words) + 2 * sum(common.isdisjoint(pair) for pair in both)


def _but_half(answer: Letter, asked: Letter) -> bool:
    """They say that these are several matters; the answer is about one, and says nothing of another."""
    items = _items(asked)
    if len(items) < 2:
        return False
    told = _content(answer, asked)
    shared = [len(told & _content(item, answer)) for item in items]
    nears = [likeness(item.clean, answer.clean) for item in items]
    met = any(words > 1 or near > _ABOUT_IT for words, near in zip(shared, nears, strict=True))
    return met and any(not words and near < _NOT_ABOUT_IT for words, near in zip(shared, nears, strict=True))


def _items(asked: Letter) -> list[Letter]:
    """Each matter that they count up, in their words."""
    cuts = [match.span() for match in _COUNTED.of_writing(asked.marked).finditer(asked.lines)]
    if not cuts:
        return []
    items = [Letter(part) for part in between(asked.clean, cuts)]
    return [item for item in items if len(_content(item, asked)) >= _MATTER]
