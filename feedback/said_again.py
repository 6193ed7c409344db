"""Where words that stay hidden are said again in a text: whole, in part, or as people are called."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from classifier.personal.page import Page
from classifier.personal.tagger import shipped as shipped_tagger
from classifier.personal.words import FAMILIES, GIVEN, STREETS, Words
from classifier.places.files import shipped
from classifier.text import KEPT, fold, guard, normalise

Span = tuple[int, int]  # half-open, code points

HOUSE_NUMBER = re.compile(r"\d{1,4}[A-Za-z]?(?:/\d{1,4}[A-Za-z]?)*(?=$|,|\s+\D)")
BEFORE_A_NUMBER = r"(?<!\w)(?:so|nha|ngo|ngach|hem|kiet|phong|can ho)\s+"
# Titles, and how people say who they are; folded.
WHO_I_AM = (
    r"(?:ten|ky ten|nguoi gui|(?:toi|em|chau|ten) la|"
    r"nguoi (?:gui|viet|lam|dung|to cao|to giac|phan anh|bao)(?: don)?(?: nay)? la)"
)
BEFORE_A_NAME = rf"(?<!\w)(?:ong|ba|anh|chi|co|chu|bac|em|chau|cu|thay|di|cau|{WHO_I_AM})\s*[:,]?\s+"
INTRODUCED = re.compile(rf"(?<!\w){WHO_I_AM}\s*[:,]?\s+$")
PARTING = re.compile(r"[.!?\n]")
# Behind these a capital is a person, also beside another capital.
BEFORE_A_PERSON = re.compile(
    r"(?<!\w)(?:tôi|toi|mình|(?:bác|y|dược) sĩ|(?:bac|y|duoc) si|(?:luật|kỹ) sư|(?:luat|ky) su|y tá|y ta|"
    r"vợ|chồng|vo chong|gia đình|gia dinh|zalo|facebook|fb|thưa|thua)(?:\s+|\s*[:,(–-]\s*)$",
    re.IGNORECASE,
)
# Behind these the same words are a place's, or a day's; without diacritics some are titles or mean “to give”.
OF_A_PLACE = re.compile(
    r"(?<!\w)(?:phường|xã|quận|huyện|tỉnh|thành phố|thị trấn|đặc khu|thôn|ấp|tổ|khu|đường|phố|ngõ|hẻm|kiệt|"
    r"thứ|chợ|cầu|sông|hồ|trường|chùa|thị xã|khóm|xóm|làng|núi|đèo|đảo|bãi|bến|biển|vịnh|suối|kênh|cảng|ga|"
    r"phuong|quan|huyen|thanh pho|thi tran|dac khu|duong)\s+$",
    re.IGNORECASE,
)
WORD_BEFORE = re.compile(r"(\w+)[ \t]+$")
WORD_BEHIND = re.compile(r"[ \t]+(\w+)")
BEGINS_AFTER = "\n.!?:;…“”\"'(-–"  # what stands before the first word of a sentence
# Signs between two figures of one number, or two letters of one name spelt out.
APART = r"[\W_]{0,3}"
NO_FIGURE = re.compile(r"\D+")
NO_LETTER = re.compile(r"[\W\d_]+")
LEAST_NUMBER = 9  # figures: of a telephone what stands behind its 0 or 84
LEAST_LETTERS = 6  # of a name that is found without its spaces
LEAST_MAILBOX = 5  # characters before the @ that are found by themselves
LEAST_HIDDEN = 3  # characters: shorter ones stand in half of all words
LEAST_NAME = 2  # words: a single one without its diacritics is many others
NEAR = 40  # characters before a word that can hold the one in front of it


def said_again(text: str, hidden: Iterable[str]) -> Iterator[Span]:
    """Where one of these is said, in any case, with or without diacritics; spans may overlap.

    A number and a name are found by their figures and letters alone, whatever stands between them.
    """
    clean = guard(text, KEPT)
    folded = fold(clean.text)
    for words in map(normalise, hidden):
        for start, end in _said(clean.text, folded, words):
            if not (words.istitle() and _is_everyday(clean.text, start, end)):
                yield clean.given(start, end)


def _said(text: str, folded: str, words: str) -> Iterator[Span]:
    """A house number only behind a word that makes it one."""
    number = HOUSE_NUMBER.match(words)
    if number:
        yield from _found(rf"{BEFORE_A_NUMBER}(?P<it>{_loosely(number[0])})(?!\w)", folded)
    if words.istitle():
        yield from _called(text, folded, words.split())
        yield from _spelt_out(text, folded, words.split())
    if sum(map(str.isdecimal, words)) >= LEAST_NUMBER and not any(map(str.isalpha, words)):
        yield from _dialled(Page(text).figured, words)
    if "@" in words:
        yield from _mailbox(folded, words.partition("@")[0])
    if len(words) >= LEAST_HIDDEN and not (number and number[0] == words):
        yield from _whole(text, folded, words)


def _is_everyday(text: str, start: int, end: int) -> bool:
    """Two small words without marks that everybody says, unless they are told as a name or stand alone.

    "toi xin phan anh" is "phản ánh": a gap there would tell the name that it hides.
    """
    said = text[start:end]
    before = PARTING.split(text[max(0, start - NEAR) : start])[-1]
    sentence = f"{before}{said}{PARTING.split(text[end : end + NEAR])[0]}"
    if sentence.strip() == said or sentence.lower() != fold(sentence) or said != said.lower():
        return False
    return shipped_tagger().is_everyday(said) and not INTRODUCED.search(fold(before))


def _whole(text: str, folded: str, words: str) -> Iterator[Span]:
    several = len(words.split())
    for span in _found(rf"(?<!\w)(?P<it>{_loosely(words)})(?!\w)", folded):
        said = text[slice(*span)]
        if several > LEAST_NAME or _is_name(said, words) or said.casefold() == words.casefold():
            yield span


def _dialled(figured: str, number: str) -> Iterator[Span]:
    """A telephone with 0, with 84 or bare, its figures apart or welded to letters."""
    figures = "".join(filter(str.isdecimal, fold(number)))[-LEAST_NUMBER:]
    if figures not in NO_FIGURE.sub("", figured):
        return
    before = rf"(?:[+(]{{0,2}}8{APART}4{APART})?(?:\(?0{APART})?"
    yield from _found(rf"(?P<it>{before}{APART.join(figures)})", figured)


def _mailbox(folded: str, name: str) -> Iterator[Span]:
    if len(name) >= LEAST_MAILBOX and fold(name) in folded:
        yield from _found(rf"(?<![\w.])(?P<it>{re.escape(fold(name))})(?!\w)", folded)


def _spelt_out(text: str, folded: str, name: list[str]) -> Iterator[Span]:
    """A name glued or spaced by letters, in either order, or with initials: "TranVanBinh", "TV Bình"."""
    plain = [re.sub(r"[\W_]", "", fold(part)) for part in name]
    if len(plain) < LEAST_NAME or not all(plain) or sum(map(len, plain)) < LEAST_LETTERS:
        return
    letters = NO_LETTER.sub("", folded)
    for order in (name, [name[-1], *name[:-1]]):
        joined = "".join(NO_LETTER.sub("", fold(part)) for part in order)
        if joined in letters:
            found = _found(rf"(?<![^\W\d_])(?P<it>{APART.join(joined)})(?![^\W\d_])", folded)
            yield from (span for span in found if _is_spelt_out(text[slice(*span)], "".join(order)))
    if plain[-1] not in folded:
        return
    short = r"[\W_]{0,2}".join(f"(?:{part}|{part[0]})" for part in plain[:-1])
    for start, end in _found(rf"(?<!\w)(?P<it>{short}[\W_]{{0,2}}{plain[-1]})(?!\w)", folded):
        last = text[end - len(plain[-1]) : end]
        is_ward = len(plain) == LEAST_NAME and text[end : end + 2].lstrip()[:1].isupper()  # "P. Bình Thạnh"
        if text[start].isupper() and last[0].isupper() and _spelt(last, name[-1]) and not is_ward:
            yield start, end


def _is_spelt_out(said: str, told: str) -> bool:
    """Glued or letter by letter; with spaces between words each has its capital: "binh an" is nobody."""
    letters, told = NO_LETTER.sub("", said), NO_LETTER.sub("", told)
    gaps = len(NO_LETTER.findall(said))
    if 0 < gaps < len(letters) - 1 and not said.istitle():
        return False
    return _spelt(letters, told) or told.lower() == fold(told)


def _is_name(said: str, told: str) -> bool:
    """Spelt so; one that was told without diacritics also with any, where each word has its capital."""
    return _spelt(said, told) or (told.lower() == fold(told) and said.istitle())


def _called(text: str, folded: str, name: list[str]) -> Iterator[Span]:
    """As people are called after the first time: behind a title, by family and given name, or by these
    words alone."""
    alone = {name[-1], *_before_the_last(name)}
    for told in {" ".join(name[-2:]), *alone}:
        for span in _found(rf"{BEFORE_A_NAME}(?P<it>{_loosely(told)})(?!\w)", folded):
            if _spelt(text[slice(*span)], told):
                yield span
    if len(name) > LEAST_NAME:
        last_two = " ".join(name[-2:])
        for span in _found(rf"(?<!\w)(?P<it>{_loosely(last_two)})(?!\w)", folded):
            said = text[slice(*span)]
            # "trung tâm" is nobody's name where names have capitals.
            has_capital = said != said.lower() or text == text.lower()
            if has_capital and _is_name(said, last_two) and not _is_place(text, span):
                yield span
        yield from _in_short(text, folded, f"{name[0]} {name[-1]}", f"{name[-1]} {name[0]}")
    for told in alone:
        for span in _found(rf"(?<!\w)(?P<it>{_loosely(told)})(?!\w)", folded):
            spelt = _spelt(text[slice(*span)], told) and not _is_place(text, span)
            if spelt and (_stands_alone(text, *span) or _is_person(text, *span)):
                yield span


def _in_short(text: str, folded: str, *pairs: str) -> Iterator[Span]:
    """Family and given name, with their capitals; “Lê Lợi” alone is a street."""
    for told in pairs:
        for span in _found(rf"(?<!\w)(?P<it>{_loosely(told)})(?!\w)", folded):
            said = text[slice(*span)]
            capital = said[0].isupper() and _spelt(said, told)
            if capital and not _is_place(text, span) and not _is_street(said):
                yield span


def _before_the_last(name: list[str]) -> Iterator[str]:
    """Peoples of the highlands and foreigners are called by what stands first: H'Hen Niê, John Smith."""
    is_family = len(name[0]) > 1 and fold(name[0]) in FAMILIES.folded
    if len(name) > 1 and not is_family:
        yield " ".join(name[:-1])


def _is_place(text: str, span: Span) -> bool:
    return OF_A_PLACE.search(text[max(0, span[0] - NEAR) : span[0]]) is not None


def _spelt(said: str, told: str) -> bool:
    """As it is written, or wholly without diacritics: “ăn” is not An."""
    return said.casefold() == told.casefold() or said.lower() == fold(told)


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Alone on its line, or a capital beside none (An Hải is a place); in a text of capitals any."""
    said = text[start:end]
    line = text[text.rfind("\n", 0, start) + 1 :].partition("\n")[0]
    if line.strip(" \t\r.,-–_") == said:
        return True
    if not said[0].isupper():
        return False
    beside = _is_named_before(text, start, end) or text[end : end + 2].lstrip()[:1].isupper()
    return said.isupper() or not beside


def _is_named_before(text: str, start: int, end: int) -> bool:
    """Whether a capital before it is part of the name, and does not only begin a sentence."""
    before = WORD_BEFORE.search(text[max(0, start - NEAR) : start])
    if before is None or not before[1][0].isupper():
        return False
    at = start - len(before[0])
    ahead = text[max(0, at - LEAST_HIDDEN) : at].rstrip(" \t")
    if ahead and ahead[-1] not in BEGINS_AFTER:
        return True
    pair = f"{before[1]} {text[start:end]}"
    return _is_in(FAMILIES, before[1]) or _is_street(pair) or shipped().knows(fold(pair))


def _is_person(text: str, start: int, end: int) -> bool:
    """A capital behind “tôi”, “bác sĩ”, “vợ chồng”, unless it goes on as a place: Hà Nội, Hùng Vương."""
    if not text[start].isupper() or not BEFORE_A_PERSON.search(text[max(0, start - NEAR) : start]):
        return False
    behind = WORD_BEHIND.match(text, end)
    if behind is None or not behind[1][0].isupper():
        return True
    pair = f"{text[start:end]} {behind[1]}"
    is_named = _is_in(FAMILIES, behind[1]) or _is_in(GIVEN, behind[1])
    return not (_is_street(pair) or (not is_named and shipped().knows(fold(pair))))


def _is_street(words: str) -> bool:
    return _is_in(STREETS, " ".join(words.split()))


def _is_in(words: Words, said: str) -> bool:
    """With its marks, or written wholly without."""
    return said.lower() in words.marked or (said.isascii() and said.lower() in words.folded)


def _loosely(words: str) -> str:
    return r"\s+".join(re.escape(fold(word)) for word in words.split())


def _found(pattern: str, folded: str) -> Iterator[Span]:
    return (match.span("it") for match in re.finditer(pattern, folded))
