"""What looks like personal data in a text, piece by piece, and the text with chosen pieces blacked out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from hashlib import blake2b
from itertools import groupby
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from classifier import personal_spans
from classifier.text import KEPT, fold, guard, normalise
from feedback import permissions
from feedback.said_again import said_again

if TYPE_CHECKING:
    from feedback.models import Attachment, Petition

BLACK = "▇▇▇"
TEXTS_KEPT = 5_000  # of so many is remembered where something personal stands in them: some three megabytes

KINDS: Mapping[str, Any] = {
    "cccd": _l("căn cước, mã bảo hiểm"),
    "cmnd": _l("chứng minh nhân dân"),
    "phone": _l("điện thoại"),
    "email": _l("thư điện tử"),
    "plate": _l("biển số xe"),
    "bank_account": _l("tài khoản ngân hàng"),
    "tax_code": _l("mã số thuế"),
    "passport": _l("hộ chiếu"),
    "address": _l("địa chỉ"),
    "person": _l("tên người"),
    "same": _l("đã che trong lời kể"),
}


# With what an address begins that could stand before anybody's.
ANNOUNCING = re.compile(
    r"(?:(?:địa chỉ|dia chi|số nhà|so nha|nhà số|nha so|nhà (?:tôi|em|mình|cháu|con)|thường trú|tạm trú|"
    r"trú|ngụ|nơi ở|thuong tru|tam tru|căn hộ|can ho|phòng số|ở|tại|là|số|nhà|lô|tai|so)(?:\s*:)?\s+)+",
    re.IGNORECASE,
)


DOOR = re.compile(r"(?<![\w/])[A-Za-z]?\d[\dA-Za-z]*(?:/\d[\dA-Za-z]*)*(?![\w/])")
# Behind these a number is that of a hamlet, a ward, a road, a day: it tells nobody's door.
OF_MANY = re.compile(
    r"(?<!\w)(?:(?:tổ|to|tổ dân phố|khu phố|khu pho|khu vực|khu vuc|thôn|thon|ấp|xóm|xom|khóm|khom|bản|làng|"
    r"phường|phuong|quận|quan|đường|duong|quốc lộ|quoc lo|tỉnh lộ|tinh lo|ql|tl|km|tháng|thang)\s+(?:số\s+)?|"
    r"ql|tl|km)$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Piece:
    """A stretch of a text; `kind` says what it looks like, "" for what is no one's."""

    text: str
    kind: str = ""

    @property
    def told_kind(self) -> str:
        return str(KINDS.get(self.kind, self.kind))


def pieces(text: str, *, also: Iterable[str] = ()) -> Iterator[Piece]:
    """The whole text in order: joined again it is the same. `also`: words that are hidden elsewhere."""
    at = 0
    again = [(start, end, "same") for start, end in said_again(text, also)]
    for start, end, kind in _joined([*_personal(text), *again]):
        if start > at:
            yield Piece(text[at:start])
        yield Piece(text[start:end], kind)
        at = end
    if at < len(text):
        yield Piece(text[at:])


Stretch = tuple[int, int, str]  # from, to, kind


def _joined(stretches: Iterable[Stretch]) -> Iterator[Stretch]:
    """In order, those that overlap as one, which is called as its first."""
    last: Stretch | None = None
    for start, end, kind in sorted(stretches):
        if last and start < last[1]:
            last = (last[0], max(last[1], end), last[2])
            continue
        if last:
            yield last
        last = (start, end, kind)
    if last:
        yield last


# By the digest of a text where something personal stands in it: a list shows the same texts again and again.
_found: dict[bytes, tuple[Stretch, ...]] = {}


def _personal(text: str) -> tuple[Stretch, ...]:
    key = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
    found = _found.get(key)
    if found is None:
        if len(_found) >= TEXTS_KEPT:
            _found.clear()
        found = _found[key] = tuple(_stretches(text))
    return found


def _stretches(text: str) -> Iterator[Stretch]:
    for span in personal_spans(text):
        skipped = _announces(text[span.start : span.end]) if span.kind == "address" else 0
        yield span.start + skipped, span.end, span.kind


def hidden_words(original: str, shown: str) -> list[str]:
    """What stands in an original where its public text has a black mark.

    Where the public text was worded anew: what looks like personal data and is no longer in it.
    """
    original, at, gaps = legible(original), 0, list[str]()
    for number, part in enumerate(legible(shown).split(BLACK)):
        found = original.find(part, at) if part else at
        if found < 0:
            return [piece.text for piece in doubts(original) if piece.text not in shown]
        gaps += [original[at:found]] if number else []
        at = found + len(part)
    if shown.endswith(BLACK):
        gaps[-1] = original[at - len(gaps[-1]) :]
    return [gap.strip() for gap in gaps if gap.strip()]


def without(text: str, lines: Iterable[str]) -> str:
    """The text with each of these runs of words blacked out, however it is written there.

    In any case, with or without diacritics, whatever signs stand between and around its words; a single
    word only as it is spelt, or wholly without marks: “tự” and “từ” are others than “tư”.
    """
    clean = guard(text, KEPT)
    folded = fold(clean.text)
    found = [
        (*clean.given(start, end), "") for line in lines for start, end in _told(line, clean.text, folded)
    ]
    said, at = [], 0
    for start, end, _kind in _joined(found):
        said += [text[at:start], BLACK]
        at = end
    return "".join([*said, text[at:]])


def says(text: str, line: str) -> bool:
    """Whether `without` would hide something there."""
    return without(text, [line]) != text


def _told(line: str, text: str, folded: str) -> Iterator[tuple[int, int]]:
    """Where a cleaned text says a line."""
    words = re.findall(r"\w+", normalise(line).lower())
    run = rf"[^\w{BLACK[0]}]+".join(re.escape(fold(word)) for word in words)
    for found in re.finditer(rf"(?<!\w){run}(?!\w)", folded) if words else ():
        if len(words) > 1 or text[slice(*found.span())].lower() in (words[0], fold(words[0])):
            yield found.span()


# What XML cannot hold: a feed that told it would be read by nobody.
UNTOLD = re.compile("[\x00-\x08\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def legible(text: str) -> str:
    """The text as it may be kept for everybody: a soft line break is a line, other controls are gone."""
    return UNTOLD.sub("", re.sub("\r\n?|[\x0b\x0c\x85\u2028\u2029]", "\n", text))


def only_hides_more(original: str, shown: str) -> bool:
    """Whether a text is an original with more black marks, or none, and says nothing else."""
    return _blacked_out(legible(original), legible(shown)) is not None


QUOTED = 8  # words in a row that nobody writes anew just as they were sent


def quoted(original: str, shown: str) -> str:
    """The first run of words in a public text that stands so in an original; "" where it was worded anew.

    Of an original with fewer words: all of it. Signs, capitals and diacritics make no other words of them.
    """
    said, told = _plain_words(original), _plain_words(shown)
    if len(said) < QUOTED:
        return " ".join(told) if said and said == told else ""
    runs = set(_runs(said))
    return next((" ".join(run) for run in _runs(told) if run in runs), "")


def _plain_words(text: str) -> list[str]:
    return re.findall(r"\w+", fold(text))


def _runs(words: list[str]) -> Iterator[tuple[str, ...]]:
    return zip(*(words[first:] for first in range(QUOTED)), strict=False)


def redrawn(
    original: str,
    typed: str,
    *,
    hidden: Collection[int],
    drawn: Collection[int],
    also: Iterable[str] = (),
) -> str:
    """A public text after other pieces were chosen: what somebody blacked out by hand stays so.

    `typed`: as it stood; `drawn`: numbers of the pieces that were hidden when it was drawn, `hidden`: of
    those that shall be. Where it was worded anew it only ever hides more.
    """
    original, typed = legible(original), legible(typed)
    said = list(pieces(original, also=also))
    own = _blacked_out(original, typed) if typed.strip() else set()
    if own is None:
        for piece, _start, number in _numbered(said):
            typed = typed.replace(piece.text, BLACK) if number in hidden else typed
        return typed
    for piece, start, number in _numbered(said):
        signs = range(start, start + len(piece.text))
        own = own.union(signs) if number in hidden else own.difference(signs if number in drawn else ())
    runs = groupby(range(len(original)), key=own.__contains__)
    return "".join(BLACK if black else "".join(original[at] for at in signs) for black, signs in runs)


def _numbered(said: Iterable[Piece]) -> Iterator[tuple[Piece, int, int]]:
    """Each doubtful piece, where it begins, and its number."""
    at = number = 0
    for piece in said:
        if piece.kind:
            yield piece, at, number
            number += 1
        at += len(piece.text)


def _blacked_out(original: str, shown: str) -> set[int] | None:
    """Where in an original its public text has black marks; None where it says something else."""
    first, *others = shown.split(BLACK)
    if not original.startswith(first) or not (others or original == first):
        return None
    at, gaps = len(first), set[int]()
    for number, part in enumerate(others, 1):
        ahead = original.rfind(part, at) if number == len(others) else original.find(part, at)
        if ahead < 0:
            return None
        gaps.update(range(at, ahead))
        at = ahead + len(part)
    return gaps if at == len(original) else None


def _announces(address: str) -> int:
    """How many characters of an address only say that one follows: “nhà số”, “địa chỉ:”."""
    found = ANNOUNCING.match(address)
    return found.end() if found else 0


def masked(text: str, *, shown: Collection[int] = (), also: Iterable[str] = ()) -> str:
    """The text with what looks like personal data blacked out; `shown`: numbers of those that stay."""
    number, said = 0, []
    for piece in pieces(text, also=also):
        said.append(piece.text if not piece.kind or number in shown else BLACK)
        number += bool(piece.kind)
    return "".join(said)


def as_seen(words: str, petition: Petition, by: permissions.Actor) -> str:
    """Words of or about whoever asked, as this person may read them.

    Of a petition whose sender stays hidden all but those who know him read them masked, as in public.
    Files, and what the machine does not recognise, stay as they were sent.
    """
    return words if permissions.can_see_words(by, petition) else as_to_strangers(words, petition)


def as_to_strangers(words: str, petition: Petition) -> str:
    """Words of or about whoever asked, for somebody who may not know who that is."""
    return masked(words, also=known_of(petition))


def known_of(petition: Petition) -> list[str]:
    """What the sender said of himself beside his words: it may stand in them and look like nothing."""
    contact = petition.sender
    if contact is None:
        return []
    said = (contact.name.title(), contact.organisation, contact.phone, contact.email, contact.residence)
    return [words for words in said if words]


def place_as_seen(petition: Petition, by: permissions.Actor) -> str:
    """Where it happened, as it was typed; a house number stays, for whoever has to go there.

    Not of a sealed denunciation: it may be the denouncer's own door.
    """
    if permissions.can_see_words(by, petition):
        return petition.place_text
    said = list(pieces(petition.place_text, also=known_of(petition)))
    if petition.denouncer_sealed:
        return "".join(BLACK if piece.kind else _without_doors(piece.text) for piece in said)
    return "".join(BLACK if piece.kind and piece.kind != "address" else piece.text for piece in said)


def _without_doors(place: str) -> str:
    """“45 Lê Duẩn” is somebody's door; “tổ 12”, “đường 3/2”, “quốc lộ 1A” are many people's."""
    return DOOR.sub(lambda door: door[0] if OF_MANY.search(place[: door.start()]) else BLACK, place)


def file_name_as_seen(file: Attachment, by: Any) -> str:
    """What a file is called; of a hidden sender's own its number: people name files after themselves.

    So do those who black out a copy of it.
    """
    same = file.petition.attachments.filter(evidence=file.evidence, reply=None, pk__lte=file.pk)
    return _called(file, by, same.count)


def file_names_as_seen(files: Iterable[Attachment], by: Any) -> Iterator[str]:
    """Of each of a petition's files, or of all that are evidence, in the order of their keys."""
    numbers: Counter[bool] = Counter()
    for file in files:
        numbers[file.evidence] += not file.reply_id
        yield _called(file, by, partial(numbers.__getitem__, file.evidence))


def _called(file: Attachment, by: Any, number: Callable[[], int]) -> str:
    if file.reply_id or permissions.can_see_words(by, file.petition):
        return file.name
    what = _("Bản đã che") if file.evidence else _("Tệp")
    return f"{what} {number()}{PurePath(file.name).suffix}"


def doubts(text: str, *, also: Iterable[str] = ()) -> list[Piece]:
    """What still looks like personal data, or is hidden elsewhere."""
    return [piece for piece in pieces(text, also=also) if piece.kind]
