"""Whether an answer tells what came of the matter: done, to be done by when, or not and why."""

from __future__ import annotations

from classifier.answers.deeds import Deed, deeds
from classifier.answers.letter import Clause, Letter
from classifier.answers.phrases import Pattern, phrase

_TO_THEM = phrase("persons")
_DUE = phrase("due")
_ELSEWHERE = phrase("elsewhere")
# How to come by it, also where nobody is addressed.
HOW = Pattern.of(
    r"(?<!\w)(?:nộp (?:tại|qua|ở|thẳng|trực tiếp|trực tuyến)|(?:hồ sơ|giấy tờ)[\w ]{0,25}gồm"
    r"|mang (?:theo|căn|giấy|sổ)|mời (?:ông|bà|anh|chị|gia đình|đến)"
    r"|lệ phí|được miễn|làm được|quầy số|mức hưởng|số tiền|mẫu đơn|mẫu giấy"
    r"|tại (?:quầy|điểm|bộ phận|trung tâm phục vụ)|danh mục giấy tờ|còn giá trị|có giá trị|kết luận)"
)
_OF_ANYBODY = Pattern.of(r"(?<!\w)(?:người dân|cá nhân|tổ chức|người lao động|đối tượng|mọi)(?!\w)|☆")


def lacks(answer: Letter, *, promised: bool = False) -> bool:
    """Whether it tells no outcome; `promised`: a day by which it will be done stands beside the text."""
    return not (
        any(_settles(answer, one.deed, answer.clauses[one.clause], promised) for one in deeds(answer))
        or any(_is_decided(answer, clause) for clause in answer.clauses)
    )


def _settles(answer: Letter, deed: Deed, clause: Clause, promised: bool) -> bool:
    if deed in (Deed.DONE, Deed.SO, Deed.REFUSED):
        return True
    if deed == Deed.COMING and promised:
        return True
    return deed in (Deed.COMING, Deed.ORDERED) and answer.dated(answer.sentences[clause.sentence])


def _is_decided(answer: Letter, clause: Clause) -> bool:
    """It says what is theirs who asked, or how to come by it."""
    text = clause.text
    them = answer.finds(_TO_THEM, text)
    if them:
        after = text[them.end() :]
        return bool(answer.finds(_DUE, after)) and not answer.finds(_ELSEWHERE, after)
    return bool(answer.finds(HOW, text)) and not answer.finds(_OF_ANYBODY, text)
