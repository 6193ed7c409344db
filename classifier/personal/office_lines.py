"""Telephones of offices, which are nobody's: "UBND phường Hải Châu 0236 3822 300", "đường dây nóng ..."."""

import re
from collections.abc import Sequence

from ..places import shipped as gazetteer

# A line of an office, told right before it; who is named by a title or speaks of himself has one of his own.
_WORDS = r"(?P<words>(?:[ :(\-'.]{1,3}(?:[a-z]{1,7}|\d{1,2})){0,7})[ :(]{1,3}$"
_OFFICE_SAID = re.compile(
    r"\b(?:duong day nong|so nong|hot ?line|tong dai|truc ban|so truc|may truc|cuu ho|fax)"
    rf"(?! (?:cua )?(?:shop|nha|toi|nguoi)){_WORDS}"
)
_OFFICE = re.compile(
    r"\b(?:ubnd|uy ban|co quan|van phong|mot cua|tiep dan"
    r"|cong an (?:phuong|xa|dac khu|thi tran|huyen|quan|tinh)|cap nuoc"
    r"|dien luc|tram y te|benh vien"
    r"|trat tu do thi|kiem lam|ban quan ly|zalo phuong|zalo xa|(?:in|ghi|dan|niem yet) tren)"
    rf"{_WORDS}"
)
_CALLED = re.compile(
    r"\b(?:goi|lien he|alo|bam|bao)(?: (?:cho|den|toi|len|qua|cua))? (?:phuong|xa|dac khu|huyen|quan|tram"
    r"|trung tam|cong ty|ban quan ly|nha may|truong|buu dien|toa an|kho bac|thue|chi cuc|cuc|phong)"
    rf"{_WORDS}"
)
_OFFICE_BEHIND = re.compile(
    r"[ ,(]{1,2}(?:(?:cua|la so|la cua) (?:ubnd|uy ban|phuong|xa|cong an|tram|trung tam|benh vien|dien luc"
    r"|cap nuoc|duong day nong|tong dai|so y te)|(?:ghi|in|dan) tren (?:bang|bien|web|cot))\b"
)
_SOMEBODY = re.compile(
    r"\b(?:toi|em|e|minh|con|chau|tui|anh|chi|ong|ba|co|chu|bac|thay|no|vo|chong|ten|nha|me)\b"
)

# Behind these stands the name of a unit, whatever its words mean elsewhere: "Hải Châu" is no "cháu".
_BEFORE_A_UNIT = frozenset(
    ["phuong", "xa", "tran", "khu", "quan", "huyen", "tinh", "pho", "ubnd", "ban", "hdnd"]
)
_LONGEST_UNIT = 5  # words of a name
_WORD = re.compile(r"[a-z]+|\d+")
_REACH = 48  # code points before a number in which its office may be told


def is_an_offices(folded: str, start: int, end: int) -> bool:
    """Whether a telephone is an office's: a landline behind its name, any behind "đường dây nóng"."""
    if _OFFICE_BEHIND.match(folded, end):
        return True
    before = folded[max(0, start - _REACH) : start]
    landline = folded.startswith(("02", "(02"), start)
    said = _OFFICE_SAID.search(before) or (landline and (_OFFICE.search(before) or _CALLED.search(before)))
    return bool(said and not _names_somebody(said))


def _names_somebody(said: re.Match[str]) -> bool:
    """Whether a word for a person stands behind an office, beside the names of units."""
    before = said.string[: said.start("words")].rpartition(" ")[2]
    left, words = list[str](), _WORD.findall(said["words"])
    while words:
        unit = _words_of_a_unit(words) if before in _BEFORE_A_UNIT else 0
        left += words[: not unit]
        before, words = words[0], words[unit or 1 :]
    return _SOMEBODY.search(" ".join(left)) is not None


def _words_of_a_unit(words: Sequence[str]) -> int:
    """How many words, from the first, are the name of a unit; 0 for none, or where its type begins it."""
    if words[0] in _BEFORE_A_UNIT and len(words) > 1 and _words_of_a_unit(words[1:]):
        return 0
    known = gazetteer()
    return next((many for many in range(_LONGEST_UNIT, 0, -1) if known.knows(" ".join(words[:many]))), 0)
