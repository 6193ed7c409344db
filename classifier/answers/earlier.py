"""Whether an answer is one that was sent before, with another name, day or number put in."""

from __future__ import annotations

import re
from collections.abc import Iterable

from rapidfuzz import fuzz

from classifier.answers import places
from classifier.answers.letter import Letter
from classifier.answers.phrases import CAPITALS, folded_words
from classifier.text import fold, guard

_SAME = 86.0  # of 100: words in common, in their order
_ROUGHLY = 55.0  # of 100 letters: below it two are not compared word by word
_PERSON = r"ông/bà|ông \(bà\)|ông|bà|anh|chị|em|công dân|bạn|cô|chú|bác"
_NAME = re.compile(rf"\b(?i:{_PERSON})(?: [{CAPITALS}][^\W\d_]*){{1,5}}")
_CODE = re.compile(r"\b(?:mã(?: số)?(?: phản ánh| đơn| hồ sơ)?|số) ?:? ?[\w.-]*\d[\w./-]*|\b\d{5,}\b", re.I)
_DAY = re.compile(
    r"\b(?:ngày )?\d{1,2}[/.-]\d{1,2}(?:[/.-]\d{2,4})?\b|\bngày \d{1,2}(?: tháng \d{1,2})?(?: năm \d{4})?",
    re.I,
)
_PARTICULAR = re.compile(rf"(?<=[^.!?\n] )[{CAPITALS}]\w*(?: [{CAPITALS}\d]\w*)*|\d+")
_SHORT, _LONG = 15, 30  # words
_FEWER, _MORE = 0.7, 1.4  # as many letters: two that are the same are about as long


def equal(answer: Letter, earlier: Iterable[str]) -> bool:
    """Whether one of the earlier answers says the same, but for names, days and codes.

    A short answer that tells the same work of another place or in other figures is honest; what has fewer
    than fifteen words of its own is too short to tell.
    """
    rough, own = fold(answer.clean), matter(answer.given)
    if len(own) < _SHORT:
        return False
    for other in earlier:
        if not _FEWER < len(other) / max(len(answer.given), 1) < _MORE:
            continue
        if not fuzz.ratio(rough, fold(guard(other).text), score_cutoff=_ROUGHLY):
            continue
        if fuzz.ratio(own, matter(other)) < _SAME:
            continue
        if not _is_of_elsewhere(answer, Letter(other), short=len(own) < _LONG):
            return True
    return False


def matter(text: str) -> list[str]:
    """Folded words of an answer without manners, names, days and codes; all of them where nothing is left."""
    bare = _bare(text)
    kept = [word for clause in Letter(bare).clauses for word in folded_words(clause.text)]
    return kept or folded_words(bare)


def _bare(text: str) -> str:
    return _NAME.sub(" ", _CODE.sub(" ", _DAY.sub(" ", guard(text).text)))


def _is_of_elsewhere(answer: Letter, other: Letter, *, short: bool) -> bool:
    """They name other streets or the like; where they are short also other figures or names of any kind."""
    here, there = places.named(answer), places.named(other)
    apart = bool(here and there) and not here & there
    return apart or (short and _particulars(answer.given) != _particulars(other.given))


def _particulars(text: str) -> set[str]:
    """Names within its sentences, and figures."""
    return {fold(match[0]) for match in _PARTICULAR.finditer(_bare(text))}
