"""Danger to life or safety now: words that say so, and words that take it back."""

import re
from collections.abc import Iterator

from .text import fold

# Folded patterns. Each stands for something that can hurt somebody before the office opens.
_DANGERS = (
    r"dut day dien|day dien (?:bi )?(?:dut|dan|roi|ha|long|sa xuong|cham)\b|ro(?: ri)? dien|dien giat|giat dien|bi dien giat",
    r"phong dien|chay (?:tram|tu|tru|cot) dien|tru dien (?:sap|nghieng|bi nghieng|gay)|cot dien (?:sap|nghieng|gay|do)",
    r"(?:ho ga|mieng cong|nap cong|nap ho|cong) (?:bi )?(?:mat nap|ho hoac|khong nap|khong co nap|bat nap|vo nap|sup)",
    r"mat nap (?:ho ga|cong|ho)|ho tu than|lot (?:xuong )?(?:ho|cong)|roi xuong (?:ho|cong|gieng)|sut ho|ho sut|sut lun",
    r"dang chay|boc chay|chay lon|chay nha|chay rung|hoa hoan|phat no|no lon|no binh|ro(?: ri)? (?:khi )?gas?|ro khi|mui gas",
    r"(?:sap|sat) lo|nguy co sap|sap sap|sap do|sap nha|sap cau|sap tuong|cay sap do|cay do (?:chan|de)|do nguoi",
    r"mac ket|bi cuon|lu cuon|lu quet|ngap sau|duoi nuoc|chet duoi|vo de|vo dap|cuu nguoi|keu cuu|cap cuu|can cuu",
    r"(?:cam|mang|rut|vac|co) (?:dao|sung|kiem|ma tau|hung khi|luu dan)|no sung|dam chet|chem (?:nguoi|nhau)|doa giet",
    r"danh (?:dap )?(?:tre|con|vo|be|chau|dua be)|bao hanh|xam hai|hiep dam|bat coc|giam giu|nhot (?:tre|con|be)|tu tu|muon chet",
    r"ngo doc|hoa chat (?:do|ro|tran)|tran dau|phong xa|bom min|qua bom|dau dan|luu dan|thuoc no|dien tich",
    r"de doa tinh mang|nguy hiem (?:den )?tinh mang|chet nguoi|nguy kich|khan cap|can gap|cuu voi|toi ngay",
)
_DANGER = re.compile(r"(?<!\w)(?:" + "|".join(_DANGERS) + r")(?!\w)")
# Said within a few words before or after: it is over, it is not so, it is only about the service.
_TAKEN_BACK_BEFORE = re.compile(
    r"\b(?:khong(?: he)? (?:bi|co|con)|chua(?: tung)?|het|tung|nam ngoai|nam truoc|thang truoc|phong|phong chong"
    r"|dien tap|tap huan|cam on|tuyen truyen|truoc day|hoi truoc)(?: \w+){0,3} ?$"
)
_TAKEN_BACK_AFTER = re.compile(
    r"^(?: ?\w+){0,6} ?\b(?:da (?:duoc )?(?:sua|khac phuc|xu ly|thay|dap tat|don|lap|giai quyet|bat)|xong roi|het roi"
    r"|nam ngoai|nam truoc|thi sao|bi phat|phat bao nhieu|quy dinh)\b"
)
_CONTEXT = 48  # code points on each side that can take a danger back


def danger_words(text: str) -> tuple[str, ...]:
    """Words of a cleaned text that tell of a danger standing now, as written, in its order."""
    folded = fold(text)
    return tuple(dict.fromkeys(text[start:end] for start, end in _dangers(folded)))


def _dangers(folded: str) -> Iterator[tuple[int, int]]:
    for found in _DANGER.finditer(folded):
        before = re.split(r"[.!?\n]", folded[max(0, found.start() - _CONTEXT) : found.start()])[-1]
        after = re.split(r"[.!?\n]", folded[found.end() : found.end() + _CONTEXT])[0].replace(",", "")
        if not _TAKEN_BACK_BEFORE.search(before) and not _TAKEN_BACK_AFTER.match(after):
            yield found.start(), found.end()
