"""What looks like personal data in a text, piece by piece, and the text with chosen pieces blacked out."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _l

from classifier import personal_spans
from feedback import permissions

if TYPE_CHECKING:
    from feedback.models import Petition

BLACK = "▇▇▇"

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
}


# With what an address begins that could stand before anybody's.
ANNOUNCING = re.compile(
    r"(?:(?:địa chỉ|dia chi|số nhà|so nha|nhà số|nha so|nhà (?:tôi|em|mình|cháu|con)|thường trú|tạm trú|"
    r"trú|ngụ|nơi ở|thuong tru|tam tru|căn hộ|can ho|phòng số|ở|tại|là|số|nhà|lô|tai|so)(?:\s*:)?\s+)+",
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


def pieces(text: str) -> Iterator[Piece]:
    """The whole text in order: joined again it is the same."""
    at = 0
    for span in personal_spans(text):
        start = span.start + (_announces(text[span.start : span.end]) if span.kind == "address" else 0)
        if start < at:
            continue
        if start > at:
            yield Piece(text[at:start])
        yield Piece(text[start : span.end], span.kind)
        at = span.end
    if at < len(text):
        yield Piece(text[at:])


def _announces(address: str) -> int:
    """How many characters of an address only say that one follows: “nhà số”, “địa chỉ:”."""
    found = ANNOUNCING.match(address)
    return found.end() if found else 0


def masked(text: str, *, shown: Collection[int] = ()) -> str:
    """The text with what looks like personal data blacked out; `shown`: numbers of those that stay."""
    number, said = 0, []
    for piece in pieces(text):
        said.append(piece.text if not piece.kind or number in shown else BLACK)
        number += bool(piece.kind)
    return "".join(said)


def as_seen(words: str, petition: Petition, by: permissions.Actor) -> str:
    """Words of or about whoever asked, as this person may read them.

    Of a petition whose sender stays hidden all but those who know him read them masked, as in public.
    Files, and what the machine does not recognise, stay as they were sent.
    """
    return words if permissions.can_see_words(by, petition) else masked(words)


def place_as_seen(petition: Petition, by: permissions.Actor) -> str:
    """Where it happened, as it was typed; a house number stays, for whoever has to go there."""
    if permissions.can_see_words(by, petition):
        return petition.place_text
    return "".join(
        BLACK if piece.kind and piece.kind != "address" else piece.text
        for piece in pieces(petition.place_text)
    )


def doubts(text: str) -> list[Piece]:
    """What still looks like personal data."""
    return [piece for piece in pieces(text) if piece.kind]
