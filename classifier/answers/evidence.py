"""Whether an answer names anything by which one could see that what it tells is so."""

from __future__ import annotations

from classifier.answers.letter import Letter
from classifier.answers.phrases import Pattern, phrase

_PROOF = phrase("proofs")
# What is typed where evidence is asked for, and is none.
_NONE = Pattern.of(
    r"^[^\w]*(?:không(?: có)?|chưa(?: có)?|có|ok"
    r"|đã(?: xử lý| làm| giải quyết| khắc phục)?(?: xong| rồi)?)?[^\w]*$"
)


def lacks(answer: Letter, *, outcome: str, evidence: str) -> bool:
    """It is said to be resolved, and neither the letter nor what comes with it names a proof."""
    proof = Letter(evidence)
    if outcome != "resolved" or not proof.finds(_NONE, proof.lines):
        return False
    return not any(_proves(answer, clause.text) for clause in answer.clauses)


def _proves(answer: Letter, text: str) -> bool:
    return answer.dated(text) or answer.names_paper(text) or bool(answer.finds(_PROOF, text))
