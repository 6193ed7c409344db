"""The line by which a petition is known in a list: its text from where the matter begins."""

from __future__ import annotations

import re
import unicodedata

from classifier.text import fold

# Of folded text. A phrase runs over brackets and the stops of abbreviations, and ends with a stop of its own.
# Each character fits one branch alone: a text that fits two ways at every dot would take for ever.
PHRASE = r"(?:\([^)]*\)|[^,.:;!?\n()]|\.(?=\S)|(?:(?<=\btp)|(?<=\b[pqhx]))\.(?!\S)){0,90}?"
STOP = r"\s*(?:(?<!\btp)(?<!\b[pqhx])[,.:;!?…–-]+(?=\s|$)|\n)\s*"
I = r"(?:(?:toi|em|chau|minh|con|chung toi|chung em|gia dinh toi|ba con)\s+)"  # noqa: E741
OFFICE = r"(?:ubnd|uy ban|cong an|chu tich|lanh dao|quy co quan|co quan|trung tam|tong dai|duong day nong)"
FOLLOWS = r"(?:trinh bay|phan anh|kien nghi|hoi|gop y|y kien|bao)"
WANTS = r"(?:xin|muon|can|co|cho toi|cho em|viet don nay|lam don nay|phep|duoc|mot|va|ve)"
AFTER = rf"(?:va phan anh|ve|mot|vai|so|viec|su viec|noi dung|van de|nhu|sau|day|voi|gui|{OFFICE})"

# How people begin before they come to the matter.
OPENINGS = tuple(
    re.compile(rf"[\s\-–]*{way}")
    for way in (
        # to whom
        rf"(?:kinh (?:gui|thua|chao|trinh)|than gui)\b\s*:?{PHRASE}(?:{STOP}|\s+(?={I}|cho toi|xin ))"
        rf"(?:[\s\-–]*(?:va )?{OFFICE}\b(?!{PHRASE}\b(?:khong|chua|bi|da)\b){PHRASE}{STOP})*",
        # a greeting
        rf"(?:da\s+)?(?:xin\s+|{I})*chao\b{PHRASE}{STOP}",
        rf"(?:da|thua|alo)\b(?:\s+thua)?(?:\s+(?:anh|chi|co|chu|bac|quy|cac)\b{PHRASE})?{STOP}",
        # who writes
        rf"{I}(?:ten\s+)?la\b{PHRASE}{STOP}",
        rf"{I}ten\b{PHRASE}{STOP}",
        # that something follows
        rf"{I}?(?:{WANTS}\s+)*{FOLLOWS}(?:\s+{AFTER})*{STOP}",
        rf"to dan pho (?:chung toi )?co y kien{STOP}",
        rf"nho quy co quan quan tam\b{PHRASE}{STOP}",
        rf"bao (?:voi|cho) {OFFICE}{STOP}",
        rf"(?:(?:sang|trua|chieu|toi|hom) (?:nay|qua) )?{I}?di (?:ngang|qua)\b{PHRASE}"
        rf"\bthi thay (?:the nay|nhu sau){STOP}",
        rf"{I}?(?:(?:xin|muon|can)\s+)+(?:duoc\s+)?phan anh\s+(?:ve\s+)?(?:viec\s+)?",
        # anger before the matter
        rf"(?:{I}|xin )?(?:de nghi|yeu cau) vao cuoc ngay{STOP}(?:dung\b{PHRASE}{STOP})?",
        rf"{I}?(?:da\s+)?phan anh lan thu\b{PHRASE}{STOP}",
        rf"(?:buc xuc (?:lam|qua)|khong hieu co quan|dan chung toi chiu het|hoi that la)\b{PHRASE}{STOP}",
    )
)
LEAST = 12  # code points: what is left must still say something
MOST = 1000  # code points that are looked at and given back


def heading(text: str) -> str:
    """One line of at most 1,000 code points, from where the matter begins.

    From the very beginning where nothing but an opening is found.
    """
    rows = unicodedata.normalize("NFC", text[:MOST]).splitlines()
    whole = "\n".join(" ".join(row.split()) for row in rows)
    start = _matter(fold(whole))
    rest = " ".join(whole[start:].split())
    return rest[:1].upper() + rest[1:] if start and len(rest) >= LEAST else " ".join(whole.split())


def _matter(folded: str) -> int:
    """Where the matter begins."""
    start = 0
    while found := next((way.match(folded, start) for way in OPENINGS if way.match(folded, start)), None):
        start = found.end()
    return start
