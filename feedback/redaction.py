"""What looks like personal data in a text, piece by piece, and the text with chosen pieces blacked out."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _l

from classifier import personal_spans

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
        if span.start < at:
            continue
        if span.start > at:
            yield Piece(text[at : span.start])
        yield Piece(text[span.start : span.end], span.kind)
        at = span.end
    if at < len(text):
        yield Piece(text[at:])


def masked(text: str, *, shown: Collection[int] = ()) -> str:
    """The text with what looks like personal data blacked out; `shown`: numbers of those that stay."""
    number, said = 0, []
    for piece in pieces(text):
        said.append(piece.text if not piece.kind or number in shown else BLACK)
        number += bool(piece.kind)
    return "".join(said)


def doubts(text: str) -> list[Piece]:
    """What still looks like personal data."""
    return [piece for piece in pieces(text) if piece.kind]
