"""Whether an answer says nothing: five checks, each of which only warns. No Django.

What is weighed stands in `classifier/data/answer_words.txt`, phrases of officials by what they say; what two
texts are about is told by the model that reads (`classifier.store`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from classifier import store
from classifier.answers import earlier, evidence, general, matter, outcome
from classifier.answers.letter import Letter

__all__ = ["CHECKS", "Case", "emptiness", "get_ready"]


@dataclass(frozen=True)
class Case:
    """What was asked and what is to be sent; texts as they were typed."""

    petition: str
    answer: str
    outcome: str  # resolved | planned | noted | explained | not_upheld | redirected | ...
    evidence: str = ""  # words, or names of files
    promised: bool = False  # a day by which it will be done stands beside the text
    earlier: Iterable[str] = field(default=(), repr=False)  # what this office answered others lately


Check = Callable[[Case, Letter, Letter], bool]  # of a case, its answer and its petition

CHECKS: Mapping[str, Check] = {
    "too_general": lambda case, answer, asked: general.too_general(answer, asked, promised=case.promised),
    "equal_to_earlier": lambda case, answer, _asked: earlier.equal(answer, case.earlier),
    "no_evidence": lambda case, answer, _asked: evidence.lacks(
        answer, outcome=case.outcome, evidence=case.evidence
    ),
    "another_matter": lambda _case, answer, asked: matter.another_matter(answer, asked),
    "no_outcome": lambda case, answer, _asked: outcome.lacks(answer, promised=case.promised),
}


def emptiness(case: Case) -> tuple[str, ...]:
    """The checks by which this answer seems empty, in the order of `CHECKS`; 2 to 4 ms, and 5 more
    for 300 earlier answers. Raises what a broken model raises."""
    answer, asked = Letter(case.answer), Letter(case.petition)
    return tuple(name for name, check in CHECKS.items() if check(case, answer, asked))


def get_ready() -> None:
    """Read the model and the phrases now."""
    store.current()
    emptiness(Case("Đường hỏng.", "Đã vá.", "resolved"))
