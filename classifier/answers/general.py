"""Whether an answer could be sent to anybody: nothing in it belongs to this matter alone."""

from __future__ import annotations

from classifier.answers.deeds import Deed, deeds
from classifier.answers.letter import EXACT, Clause, Letter
from classifier.answers.outcome import HOW
from classifier.answers.phrases import phrase

_ENOUGH = 2.0  # of the weights of particulars
_NEW_WORDS = 8.0  # of which one particular is made
_WEIGHT = {
    Deed.DONE: 2.0,
    Deed.SO: 1.0,
    Deed.REFUSED: 1.0,
    Deed.SAID: 0.5,
    Deed.ORDERED: 0.5,
    Deed.COMING: 0.5,
}
_REASON = phrase("reasons")


def too_general(answer: Letter, asked: Letter, *, promised: bool = False) -> bool:
    """No who, what, when or where that belongs to this matter alone; `promised`: a day stands beside it."""
    told = sum(_WEIGHT[one.deed] for one in deeds(answer))
    told += _ENOUGH * (promised and any(one.deed == Deed.COMING for one in deeds(answer)))
    told += sum(_particulars(answer, asked, clause) for clause in answer.clauses)
    return told + len(answer.new_words(asked)) / _NEW_WORDS < _ENOUGH


def _particulars(answer: Letter, asked: Letter, clause: Clause) -> float:
    text = clause.text
    told = 2.0 * answer.names_paper(text)
    if answer.dated(text):
        told += 2.0 if answer.finds(EXACT, text) else 0.5
    told += 1.0 * bool(answer.numbers(text) - asked.numbers(asked.lines))
    told += 1.5 * bool(answer.finds(HOW, text))
    return told + 0.5 * bool(answer.finds(_REASON, text))
