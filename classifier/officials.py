"""Heads and deputies of public bodies that a text speaks of: it may complain of them."""

import re
from collections.abc import Iterator

from .text import KEPT, fold, guard

_HEAD = (
    r"(?:(?:p(?:ho)?\.? )?(?:chu tich|ct|bi thu|giam doc|gd|chanh (?:thanh tra|van phong))"
    r"|(?:p(?:ho)?\.? )?truong (?:don cong an|cong an|ca|phong|ban|tram)"
    r"|(?:p(?:ho)?\.? )?(?:chi cuc|cuc|doi|tram|hat) truong|pct|pho (?:truong|phong|cong an)"
    r"|lanh dao|nguoi dung dau|chi huy truong|quan chuc)"
)
# What is no public body's: the name of a street, a country's, an enterprise's.
_OTHERS = r"(?!ho chi minh|nuoc|hoi dong|hdqt|cong ty|tap doan|cong doan|doanh nghiep)"
_BODY = (
    r"(?:ubnd|uy ban|hdnd|phuong|xa|dac khu|thi tran|quan ly thi truong|quan|huyen|tinh|thanh pho|cong an|"
    r"canh sat|csgt|trung tam (?:phuc vu|hanh chinh)|chi cuc|cuc|kiem lam|thue|hai quan|bao hiem xa hoi)"
)
_AT_ONCE = r"(?:so|p|x|tp)"  # too short to be looked for behind other words: “hồ sơ” is no Sở
_OFFICIAL = re.compile(rf"(?<!\w){_HEAD} (?:{_AT_ONCE}|(?:{_OTHERS}\w+ ){{0,2}}?{_BODY})(?!\w)")
# Who needs no body beside him: a chair of no country, society or enterprise, a chief of police.
_TITLED = re.compile(
    r"(?<!\w)(?:(?:ong|ba|anh|chi|bac) (?:pho )?bi thu(?! (?:chi bo|doan))"
    r"|(?:(?:ong|ba|anh|chi|bac) )?(?:pho )?chu tich(?! (?:ho chi minh|nuoc|hoi|hdqt|cong ty|tap doan"
    r"|cong doan|doanh nghiep|doan|quoc hoi|mat tran|uy ban mttq|htx|hop tac xa|ban|clb|cau lac bo|tap"
    r"|chung|khu|xuong)(?!\w))"
    r"|(?:p(?:ho)?\.? )?truong (?:don )?cong an|(?:p(?:ho)?\.? )?truong phong kinh te"
    r"|sep (?:phuong|xa)|can bo chu chot)(?!\w)"
)
# The same letters, other words: “phản ánh chủ tịch” names no Anh, “bị thu thuế” no Bí thư.
_NOT_SO_WRITTEN = re.compile(r"^(?:ánh|ảnh|ành|bả|bá|chỉ|bạc|bắc)\b|\bb[ịìỉĩ] thu", re.IGNORECASE)
# Whom one writes to, asks or thanks is not complained of by that; but “đề nghị xử lý chủ tịch” complains.
_NO_COMPLAINT = r"(?!(?:nhung|vay ma|the ma|xu ly|ky luat|to cao|ve viec|phan anh|lam ro)(?!\w))"
_ASKED = (
    r"cac|quy|co quan|chuc nang|ban|nganh|cap tren|cap|dong chi|ong|ba|bac|anh|chi|ngai|vi|nho|dai dien|"
    r"toan the|duoc gap|gap|ubnd|uy ban|so|va|cung|phep"
)
_ADDRESSED = re.compile(
    rf"(?<!\w)(?:kinh (?:gui|thua)|thua|cam on|biet on|tri an|bieu duong|khen)"
    rf"(?: {_NO_COMPLAINT}[^\s.!?;]+){{0,8}}[ ,:]*$"
    rf"|(?<!\w)(?:de nghi|mong|xin|nho|gui(?: den| toi)?)(?: (?:{_ASKED}),?)*[ ,:]*$"
)
_SALUTES = re.compile(
    r"(?<!\w)(?:kinh (?:gui|thua)|thua|cam on|biet on|tri an|bieu duong|khen|de nghi|mong|xin|nho"
    r"|gui(?: den| toi)?)(?P<others>[^.!?;]*)$"
)
_PAUSE = re.compile(r"[,:\n]|(?<!\w)-(?!\w)")
_ENDS_SOON = re.compile(r"(?:[ ]+[^\s.,!?;:]+){0,5}[ ]*(?:[.,!?;:\n]|$)")


# An office beside a name, in the same breath: who bears it is told of, unless he says “tôi”.
_OFFICE = (
    r"(?:chu tich|bi thu|giam doc|can bo|cong chuc|vien chuc|chuyen vien|dia chinh|cong an|thanh tra"
    r"|lanh dao|(?:truong|pho) (?:phong|ban|ca|tram|thon|khoa|cong an|don)"
    r"|(?:doi|hieu|chi cuc|cuc|tram|hat) truong)(?!\w)"
)
_OFFICE_BEFORE = re.compile(rf"(?<!\w){_OFFICE}(?:(?!(?<!\w)toi(?!\w))[^.,!?;:\n])*$")
_OFFICE_BEHIND = re.compile(rf"[ ,]*(?:(?:hien|dang|la|lam|giu|chuc vu|chuc) ){{0,3}}(?:pho )?{_OFFICE}")
_OF_HIMSELF = re.compile(r"(?<!\w)(?:toi|em|ten)(?: ten)?(?: la)?[: ]*$")
_BREATH = 60  # characters


def bears_office(text: str, start: int, end: int) -> bool:
    """Whether the name that stands there is told with an office, and not by whoever bears it himself."""
    before, behind = fold(text[max(0, start - _BREATH) : start]), fold(text[end : end + _BREATH])
    if _OF_HIMSELF.search(before):
        return False
    return bool(_OFFICE_BEFORE.search(before) or _OFFICE_BEHIND.match(behind))


def officials(text: str) -> tuple[str, ...]:
    """Heads and deputies of public bodies that a text speaks of, as written, in its order; never raises.

    Not whom it only writes to, asks or thanks. What it says of them, nobody but a reader knows.
    """
    clean = guard(text, KEPT).text
    return tuple(dict.fromkeys(clean[start:end] for start, end in sorted(_spoken_of(clean, fold(clean)))))


def _spoken_of(clean: str, folded: str) -> Iterator[tuple[int, int]]:
    end = -1
    found = [*_OFFICIAL.finditer(folded), *_TITLED.finditer(folded)]
    for match in sorted(found, key=lambda one: (one.start(), -one.end())):
        if match.start() < end or _NOT_SO_WRITTEN.search(clean[slice(*match.span())]):
            continue
        end = match.end()
        if not is_addressed(folded, match):
            yield match.span()


def is_addressed(folded: str, title: re.Match[str]) -> bool:
    """The text turns to him; behind others whom it turns to only where the title ends its phrase soon.

    “Kính gửi UBND tỉnh, ông Chủ tịch xã. Cống tắc”, but not “Kính gửi UBND tỉnh, chủ tịch xã cho người nhà
    lấn chiếm vỉa hè”.
    """
    before = folded[max(0, title.start() - 60) : title.start()]
    if not _ADDRESSED.search(before):
        return False
    salutes = _SALUTES.search(before)
    others = salutes and _PAUSE.search(salutes["others"].rstrip(" "))
    return not others or bool(_ENDS_SOON.match(folded, title.end()))
