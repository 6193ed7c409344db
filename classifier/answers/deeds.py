"""What an answer says of deeds: done, ordered, to come; told clause by clause, from left to right."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import cache

from classifier.answers.letter import EXACT, Letter
from classifier.answers.phrases import Pattern, categories


class Deed(Enum):
    """How a deed stands in a letter."""

    DONE = "done"  # what was done
    SO = "so"  # how it is now
    SAID = "said"  # said to be done without saying what
    ORDERED = "ordered"  # asked of somebody else
    COMING = "coming"  # announced
    REFUSED = "refused"  # not done, or not so


@dataclass(frozen=True)
class Told:
    """A deed and the clause that tells it."""

    deed: Deed
    clause: int


_NONE, _DID, _WILL, _UNREAL, _ORDER, _MAYBE = range(6)
_SECTIONS = (
    *("neutral", "negative", "complete", "did", "will", "maybe", "unreal"),
    *("orders", "acts", "steps", "vague"),
)
_MOVES = {"did": _DID, "will": _WILL, "unreal": _UNREAL, "maybe": _MAYBE, "orders": _ORDER}
_NEXT_WORD = re.compile(r" ?([^\W\d_]+)")
_NEAR = 12  # code points before the first phrase of a clause that has no subject of its own
# What holds for everybody, always: no deed of this matter.
_RULE = Pattern.of(
    r"☆|(?<!\w)(?:theo quy định|pháp luật|luật định|quy định về|nghị định|luật)(?!\w)"
    r"|(?<!\w)(?:hằng|hàng|mỗi|các) (?:năm|tháng|tuần|ngày|quý)(?!\w)"
    r"|(?<!\w)(?:có trách nhiệm|có quyền|thời hạn|không quá|trình tự|quy trình|thủ tục gồm|phải được)(?!\w)"
    r"|(?<!\w)chủ đầu tư phải(?!\w)"
)
_OF_THIS = Pattern.of(
    r"(?<!\w)(?:đã|kể từ (?:ngày )?\d+|đối chiếu|trường hợp (?:của|này|ông|bà|anh|chị|cháu|em)"
    r"|vì vậy|do vậy|do đó|vậy|như vậy|vì thế|nên|hồ sơ (?:của|này)"
    r"|(?:ông|bà|anh|chị|cháu|em|bác|cô|chú|bạn|gia đình)(?! em))(?!\w)"
)
_SINCE = Pattern.of(r"(?<!\w)(?:kể )?từ (?:ngày |hôm |tối |sáng |đêm )?\d{1,2}[/.-]\d{1,2}")
_FINED = Pattern.of(r"(?<!\w)phạt (?:tiền |hành chính )?\d")
# Not to the day, but of now.
_SOON = Pattern.of(
    r"(?<!\w)(?:thứ (?:hai|ba|tư|năm|sáu|bảy)|chủ nhật|tuần (?:này|sau|tới)|trong (?:tuần|tháng|quý)"
    r"|(?:đầu|cuối|giữa|trong) tháng \d+)(?!\w)"
)
_EFFECT = Pattern.of(r"hiệu lực|thành lập|nhận được|phản ánh")


@cache
def _lexer() -> Pattern:
    return categories(_SECTIONS)


def deeds(letter: Letter) -> tuple[Told, ...]:
    """All that the letter tells, in its order."""
    return tuple(_told(letter))


def _is_dated(letter: Letter, text: str) -> bool:
    """Whether it says when, to the day or nearly."""
    return letter.dated(text) and bool(letter.finds(EXACT, text) or letter.finds(_SOON, text))


def _is_rule(letter: Letter, sentence: str) -> bool:
    return bool(letter.finds(_RULE, sentence)) and not letter.finds(_OF_THIS, sentence)


def _told(letter: Letter) -> Iterator[Told]:
    state, sentence = _NONE, -1
    for number, clause in enumerate(letter.clauses):
        if _is_rule(letter, letter.sentences[clause.sentence]):
            continue
        exact = _is_dated(letter, clause.text)
        since = letter.finds(_SINCE, clause.text) and not letter.finds(_EFFECT, clause.text)
        if since or letter.finds(_FINED, clause.text):
            yield Told(Deed.DONE, number)
        tokens = list(_lexer().of_writing(letter.marked).finditer(clause.text))
        goes_on = clause.sentence == sentence and tokens and tokens[0].start() <= _NEAR
        state, sentence = state if goes_on else _NONE, clause.sentence
        for place, token in enumerate(tokens):
            kind = (token.lastgroup or "").rpartition("_")[0]
            if kind in _MOVES:
                if not (kind == "will" and state == _UNREAL):
                    state = _MOVES[kind]
                if kind == "did" and _does_what_nobody_listed(clause.text, token, tokens[place + 1 :]):
                    yield Told(Deed.DONE, number)
            elif deed := _deed(kind, state, exact):
                yield Told(deed, number)


def _does_what_nobody_listed(text: str, did: re.Match[str], later: list[re.Match[str]]) -> bool:
    """“đã” before a word that is in no list: a deed of its own."""
    word = _NEXT_WORD.match(text, did.end())
    return word is not None and not (later and later[0].start() <= word.start(1))


def _deed(kind: str, state: int, dated: bool) -> Deed | None:
    if kind == "negative":
        return Deed.REFUSED if state != _MAYBE else None
    if kind == "complete":
        return {_NONE: Deed.SO, _DID: Deed.SO, _WILL: Deed.COMING, _ORDER: Deed.ORDERED}.get(state)
    if kind == "acts":
        unsaid = Deed.DONE if dated else None
        return {_NONE: unsaid, _DID: Deed.DONE, _WILL: Deed.COMING, _ORDER: Deed.ORDERED}.get(state)
    if kind == "vague":
        return {_DID: Deed.SAID, _WILL: None}.get(state)
    return None
