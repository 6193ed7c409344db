"""Personal data in a text, to be hidden before it is published: patterns, checks of their make-up, cues.

First what looks alike and is no one's (file numbers, money, dates, hotlines) is set aside. A person
looks over every text before publication; these spans are his first draft, so a doubt is marked.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from .places import PlaceMention
from .text import Clean, fold


@dataclass(frozen=True)
class Span:
    """Personal data of one kind: cccd cmnd phone email plate bank_account tax_code passport address person.

    Offsets are code points of the text as given. cccd covers insurance numbers too: they say as much.
    """

    start: int
    end: int
    kind: str


@dataclass(frozen=True)
class _Found:
    start: int
    end: int
    kind: str

    def meets(self, start: int, end: int) -> bool:
        return self.start < end and start < self.end


_I = re.IGNORECASE
_DIGITS = re.compile(r"\d")

# What is no one's although it looks like a number of someone.
_UNITS_OF_MONEY = "triệu|trieu|tr|tỷ|tỉ|ty|nghìn|ngàn|ngan|đồng|dong|vnđ|vnd|đ|usd|k"
_UNITS_OF_MEASURE = "m2|m²|m3|m³|kwh|km|kg|ha|lít|tấn|%"
_PROTECTED_NUMBERS = [
    re.compile(r"\b\d{1,6}/(?:(?:19|20)\d\d/)?[A-ZĐ]{2,}[A-ZĐ0-9]*(?:[-–][A-ZĐ0-9]+)*"),  # 1234/UBND-VX
    re.compile(r"\b(?:\d{3}\.\d{2}\.\d{2}\.)?[A-Z]\d{2}(?:\.\d{1,3})*-\d{6}-\d{3,6}\b"),  # H29.23-210305-0012
    re.compile(rf"(?<![\d.,])\d[\d.,]*\s?(?:{_UNITS_OF_MONEY}|{_UNITS_OF_MEASURE})(?!\w)", _I),
    re.compile(r"\b\d{1,2}\s?[/.-]\s?\d{1,2}\s?[/.-]\s?(?:19|20)\d\d\b"),
    re.compile(r"\b1[89]00[\s.]?\d{2}[\s.]?\d{2,4}\b"),  # paid and free hotlines
    re.compile(r"\b-?\d{1,3}\.\d{4,8}\b"),  # coordinates
]
_PROTECTED_WORDS = [
    re.compile(r"https?://\S+", _I),
    re.compile(r"(?:mã (?:hồ sơ|phản ánh|đơn|tra cứu|biên nhận)|(?:biên nhận|hồ sơ) số)\D{0,6}[\w./-]+", _I),
]

_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{2,24}){1,4}")
_TWELVE = re.compile(r"(?<![\w/.-])\d(?:[ .]?\d){11}(?![\w/])")
_NINE = re.compile(r"(?<![\w/.-])\d(?:[ .]?\d){8}(?![\w/])")
_PHONE = re.compile(r"(?<![\w/])(?:\(\+?84\)|\+?84|[0oO]|\(0\d{1,3}\))(?:[ .\-]{0,2}\d){7,10}(?![\w/])")
_LOCAL_PHONE = re.compile(r"(?<![\w/.-])[2-9]\d{2,3}[ .]?\d{4}(?![\w/])")
_PLATE = re.compile(r"(?<![\w/])[1-9]\d[ -]?[A-ZĐ]{1,2}\d?[ .\-]{0,3}\d{3}[. ]?\d{1,2}(?![\w/])")
_SMALL_PLATE = re.compile(r"(?<![\w/])[1-9]\d[ -]?[a-zđ]{1,2}\d?[ .\-]{0,3}\d{3}[. ]?\d{1,2}(?![\w/])")
_ACCOUNT = re.compile(r"(?<![\w/])\d(?:[ .\-]?\d){5,18}(?![\w/])")
_TAX = re.compile(r"(?<![\w/])\d{10}(?:\s?-\s?\d{3})?(?![\w/-])")
_PASSPORT = re.compile(r"(?<!\w)[A-Z]\d{7,8}(?!\w)")
_OWN_PASSPORT = re.compile(r"(?<!\w)[BCNPEK]\d{7}(?!\w)")  # as Vietnam prints them
_HEALTH_CARD = re.compile(r"(?<!\w)[A-Z]{2}[ ]?[1-5](?:[ ]?\d){12}(?!\w)")

_CUES = {
    "cccd": re.compile(r"cccd|căn cước|can cuoc|định danh|dinh danh", _I),
    "cmnd": re.compile(r"cmnd|cmtnd|\bcmt\b|chứng minh|chung minh|cccd|căn cước|can cuoc", _I),
    "insurance": re.compile(r"(?:mã(?: số)?|số sổ|sổ|thẻ|ma so|the) (?:bhxh|bhyt|bảo hiểm|bao hiem)", _I),
    "phone": re.compile(r"sđt|sdt|đt|\bdt\b|điện thoại|dien thoai|zalo|gọi|liên hệ|lien he|\btel\b", _I),
    "plate": re.compile(r"biển|bien so|\bbks\b|\bbsx?\b|xe số", _I),
    "bank_account": re.compile(r"stk|tài khoản|tai khoan|\btk\b|account|chuyển khoản|chuyen khoan", _I),
    "tax_code": re.compile(r"\bmst\b|mã số thuế|ma so thue", _I),
    "passport": re.compile(r"hộ chiếu|ho chieu|passport", _I),
}
_CUE_REACH = 32  # code points before a number in which a cue speaks of it


def find(clean: Clean, places: Sequence[PlaceMention] = ()) -> tuple[Span, ...]:
    """Personal data in a cleaned text; `places` are its units: no person is called so."""
    kept: list[_Found] = []
    digits = len(_DIGITS.findall(clean.text))
    rules = [*_PROTECTED_NUMBERS, *_PROTECTED_WORDS] if digits else _PROTECTED_WORDS
    closed = [_Found(m.start(), m.end(), "") for rule in rules for m in rule.finditer(clean.text)]
    for found in _numbers(clean.text, digits):
        if not any(other.meets(found.start, found.end) for other in closed + kept):
            kept.append(found)
    kept += [a for a in _addresses(clean.text) if not any(k.meets(a.start, a.end) for k in kept)]
    for found in _persons(clean.text):
        taken = any(other.meets(found.start, found.end) for other in closed + kept)
        if not taken and not _is_place(clean, found, places):
            kept.append(found)
    spans = [Span(*clean.given(found.start, found.end), found.kind) for found in kept]
    return tuple(sorted(spans, key=lambda span: span.start))


def _is_place(clean: Clean, found: _Found, places: Sequence[PlaceMention]) -> bool:
    start, end = clean.given(found.start, found.end)
    return any(place.start < end and start < place.end for place in places)


# --- numbers --------------------------------------------------------------------------------------


_FEWEST_DIGITS = 6  # in the shortest number that is somebody's, a plate


def _numbers(text: str, digits: int) -> Iterator[_Found]:
    """Candidates, the surest kinds first: what comes later may not overlap them. `digits`: in the text."""
    if "@" in text:
        yield from _all(_EMAIL, text, "email")
    if digits < _FEWEST_DIGITS:
        return
    yield from _cued(_ACCOUNT, text, "bank_account", nearest=True)
    yield from _cued(_TAX, text, "tax_code", nearest=True)
    yield from (f for f in _all(_TWELVE, text, "cccd") if _is_cccd(text, f))
    yield from _all(_HEALTH_CARD, text, "cccd")
    yield from _cued(_NINE, text, "cmnd", nearest=True)
    yield from (_Found(f.start, f.end, "cccd") for f in _cued(_TAX, text, "insurance"))
    yield from (f for f in _all(_PHONE, text, "phone") if _is_phone(text[f.start : f.end]))
    yield from _cued(_LOCAL_PHONE, text, "phone", nearest=True)
    yield from _all(_PLATE, text, "plate")
    yield from _cued(_SMALL_PLATE, text, "plate")
    yield from _cued(_PASSPORT, text, "passport")
    yield from _all(_OWN_PASSPORT, text, "passport")


def _all(pattern: re.Pattern[str], text: str, kind: str) -> Iterator[_Found]:
    return (_Found(m.start(), m.end(), kind) for m in pattern.finditer(text))


def _cued(pattern: re.Pattern[str], text: str, kind: str, *, nearest: bool = False) -> Iterator[_Found]:
    """Matches that a word of their kind announces; with `nearest` no other kind's word comes between."""
    for found in _all(pattern, text, kind):
        if _announced(text, found.start, kind) and (not nearest or _nearest_cue(text, found.start) == kind):
            yield found


def _announced(text: str, start: int, kind: str) -> bool:
    return _CUES[kind].search(_before(text, start)) is not None


def _nearest_cue(text: str, start: int) -> str:
    before = _before(text, start)
    ends = {kind: max((m.end() for m in cue.finditer(before)), default=-1) for kind, cue in _CUES.items()}
    if ends["cccd"] == ends["cmnd"] >= 0:
        ends["cccd"] = -1  # nine digits after "CCCD" are an old card's number
    return max(ends, key=ends.__getitem__)


def _before(text: str, start: int) -> str:
    """What announces a number: the stretch before it, back to the end of a sentence or another number."""
    stretch = text[max(0, start - _CUE_REACH) : start]
    return re.split(r"[\n;]|\.\s|\d{5,}", stretch)[-1]


def _digits(text: str) -> str:
    return "".join(_DIGITS.findall(text))


def _is_cccd(text: str, found: _Found) -> bool:
    """Province 001-096, then sex and century 0-3: a card has no check digit."""
    digits = _digits(text[found.start : found.end])
    made_right = 1 <= int(digits[:3]) <= 96 and digits[3] in "0123"
    return made_right or _announced(text, found.start, "cccd")


def _is_phone(written: str) -> bool:
    digits = _digits(re.sub("^[oO]", "0", written))
    if digits.startswith("84"):
        digits = "0" + digits[2:].removeprefix("0")
    mobile = len(digits) == 10 and digits[1] in "35789"
    fixed = len(digits) in (10, 11) and digits.startswith("02")
    return mobile or fixed


# --- addresses ------------------------------------------------------------------------------------

# Ranges of code points mix capitals and small letters (ở lies between À and Ỹ), hence written out.
_CAPITAL_LETTERS = "ÀÁẢÃẠĂẰẮẲẴẶÂẦẤẨẪẬÈÉẺẼẸÊỀẾỂỄỆÌÍỈĨỊÒÓỎÕỌÔỒỐỔỖỘƠỜỚỞỠỢÙÚỦŨỤƯỪỨỬỮỰỲÝỶỸỴĐ"
_UPPER = "A-Z" + _CAPITAL_LETTERS
_LOWER = "a-z" + _CAPITAL_LETTERS.lower()

_HOUSE = r"\d{1,4}[A-Za-z]?(?:[/-]\d{1,4}[A-Za-z]?){0,5}"
_WAYS = "đường|phố|ngõ|ngách|hẻm|kiệt|tổ|thôn|ấp|xóm|khóm|duong|pho|ngo|hem|to|thon|ap"
_STREET = rf"(?:,?\s*(?:{_WAYS})\s[^,.;\n]{{1,40}}){{0,3}}"
_CAPITALS = rf"(?:\s[{_UPPER}]\w*){{1,5}}"
_LIVING = "thường trú|tạm trú|trú|ngụ|nơi ở|thuong tru|tam tru"
_LEADING = r"(?::|là|ở|tại|số|nhà|lô|căn hộ|khu phố|tổ|thôn|ấp|xóm|hẻm|ngõ|kiệt|đường|o|tai|so|to|thon)"
_ADDRESS = [
    re.compile(rf"\b(?i:số nhà|nhà số|so nha|nha so)\s*:?\s*{_HOUSE}(?:{_CAPITALS}|{_STREET})"),
    re.compile(rf"\b(?:địa chỉ|dia chi)(?:\s*{_LEADING})*\s*[A-Z]{{0,3}}{_HOUSE}[^.;\n]{{0,80}}", _I),
    re.compile(rf"\b(?:{_LIVING})(?:\s*{_LEADING})+\s*{_HOUSE}[^.;\n]{{0,80}}", _I),
    re.compile(rf"\b[Nn]hà (?:tôi|em|mình|cháu|con)(?: ở| tại)? số\s*{_HOUSE}(?:{_CAPITALS}|{_STREET})"),
    re.compile(r"\b(?:căn hộ|can ho|phòng số)\s+(?:số\s+)?[A-Z]?\d{1,2}[A-Z]?[\d.\-]{0,8}\d", _I),
]


def _addresses(text: str) -> Iterator[_Found]:
    taken: list[_Found] = []
    for rule in _ADDRESS:
        for found in _all(rule, text, "address"):
            if not any(other.meets(found.start, found.end) for other in taken):
                taken.append(found)
                yield found


# --- persons --------------------------------------------------------------------------------------

_STREET_FILE = Path(__file__).parent / "data" / "street_names.txt"
_SURNAMES = frozenset([
     "nguyễn", "trần", "lê", "phạm", "hoàng", "huỳnh", "phan", "vũ", "võ", "đặng", "bùi", "đỗ", "hồ", "ngô",
     "dương", "lý", "đinh", "trịnh", "đoàn", "lâm", "trương", "mai", "đào", "cao", "hà", "tạ", "tô", "tăng",
     "thái", "lưu", "lương", "quách", "vương", "vi", "hứa", "châu", "kiều", "triệu", "chu", "văn", "phùng",
     "tống", "la", "nông", "lò", "lầu", "giàng", "ksor", "siu", "rơ", "y",
])  # fmt: skip
_FOLDED_SURNAMES = frozenset(fold(name) for name in _SURNAMES)
_TITLES = "ông|bà|anh|chị|cô|chú|bác|em|cháu|thầy|cụ|dì|cậu|mợ|bé"
_NAME = rf"[{_UPPER}][{_LOWER}]*(?:\s[{_UPPER}][{_LOWER}]*){{%s}}"
_SAYING = (
    "họ(?: và)? tên", "tên(?: tôi| em| cháu| mình)?(?: là)?", "tôi là", "em là", "mình là", "cháu là",
    "tôi tên", "người gửi", "người viết", "người làm đơn", "kính đơn", "ký tên", "chủ tài khoản", "chủ hộ",
)  # fmt: skip
_SAID = re.compile(
    rf"(?i:\b(?:{'|'.join(_SAYING)})\s*[:–-]?\s*)(?:(?i:{_TITLES})\s)?(?P<name>{_NAME % '1,4'})"
)
_TITLED = re.compile(rf"\b(?i:{_TITLES})\s(?P<name>{_NAME % '0,4'})")
_FULL = re.compile(rf"(?<!\w)(?P<name>{_NAME % '2,4'})(?!\w)")
_SMALL = re.compile(
    r"\b(?:(?:ten|tên)(?: toi| tôi| em)?(?: la| là)?|toi la|tôi là|(?:ho|họ) (?:va |và )?(?:ten|tên))\s*:?\s+"
    r"(?P<name>[^\W\d_]+(?: [^\W\d_]+){1,2})"
)
# A capitalised name after one of these is a street's, a school's, a unit's, a firm's.
_NAMED_SO = (
    "đường", "phố", "ngõ", "ngách", "hẻm", "kiệt", "trường", "thpt", "thcs", "tiểu học", "mầm non",
    "mẫu giáo", "đại học", "học viện", "cao đẳng", "chợ", "cầu",
    "công viên", "bệnh viện", "bv", "phường", "xã", "quận",
    "huyện", "tỉnh", "thành phố", "tp", "thị trấn", "thị xã", "thôn", "ấp", "xóm", "khu", "kcn", "kdc", "tdp",
    "tòa", "toà", "tòa nhà", "chung cư", "công ty", "cty", "sông", "kênh", "rạch", "hồ", "đình", "chùa",
    "đền", "lăng", "tượng đài",
    "dự án", "khách sạn", "quán", "siêu thị", "ga", "bến xe", "bến", "đại lộ", "ngã ba",
    "ngã tư", "ngã năm", "ngã sáu", "góc", "giao lộ", "hầm", "đảo", "núi", "đèo", "p", "q", "ngân hàng",
    "cửa hàng",
    "vỉa hè", "via he", "lề đường", "hướng", "đoạn", "tuyến", "biển", "giáp", "ẩm thực", "vườn hoa",
    "bùng binh",
)  # fmt: skip
_NOT_A_PERSON_AFTER = re.compile(rf"(?:(?<!\w)(?:{'|'.join(_NAMED_SO)})\s*\.?\s*|\w\s?[-–/]\s?|\d\s)$", _I)
_UNIT_BEHIND = re.compile(r"\s?[(,]?\s?(?:(?i:phường|quận|huyện|xã)\s|[PQFpqf]\s?\.?\s?\d|[PQ]\.)")
_CAPITAL_RUN = re.compile(_NAME % "0,5")
_STREETS = frozenset(
    line.lower()
    for line in _STREET_FILE.read_text(encoding="utf-8").splitlines()
    if line[:1] not in ("", "#")
)
_NO_NAMES = frozenset(["bác hồ", "hồ chí minh", "việt nam", "cô vy", "bà con", "ông bà"])
_NO_FIRST_WORDS = frozenset([
     "tôi", "em", "anh", "chị", "ông", "bà", "cô", "chú", "bác", "đề", "kính", "xin", "nay", "hiện", "tại",
     "đơn", "sở", "bộ", "ủy", "công", "ban",
     "chủ", "trưởng", "phó", "giám", "bí", "hiệu", "tổ", "cán", "cảnh", "bảo", "luật", "y",
     "việt", "ơi", "nào",
])  # fmt: skip


def _persons(text: str) -> Iterator[_Found]:
    yield from _names(_SAID, text, lambda name, start: _is_first_word(name))
    yield from _names(_TITLED, text, lambda name, start: _is_first_word(name) and not _named_so(text, start))
    yield from _names(_FULL, text, lambda name, start: _is_full_name(name) and not _named_so(text, start))
    yield from _names(_SMALL, text, lambda name, start: _is_surname(name.split()[0]))


def _names(pattern: re.Pattern[str], text: str, fits: Callable[[str, int], bool]) -> Iterator[_Found]:
    """Names that a pattern finds and that fit; `fits` is asked with the name and where the match starts."""
    for match in pattern.finditer(text):
        name = match.group("name")
        if name.lower() not in _NO_NAMES and fits(name, match.start()):
            yield _Found(match.start("name"), match.end("name"), "person")


def _is_first_word(name: str) -> bool:
    return name.split()[0].lower() not in _NO_FIRST_WORDS


def _is_full_name(name: str) -> bool:
    return _is_surname(name.split()[0]) and name.lower() not in _STREETS


def _is_surname(word: str) -> bool:
    """Folded names count only where the writer uses no marks: "vì" is no Vi, "hộ" no Hồ."""
    return word.lower() in (_FOLDED_SURNAMES if word.isascii() else _SURNAMES)


def _named_so(text: str, start: int) -> bool:
    """Whether the words around say street, school, unit or firm."""
    if _NOT_A_PERSON_AFTER.search(text[max(0, start - 16) : start]):
        return True
    name = _CAPITAL_RUN.match(text, start)
    return bool(name and _UNIT_BEHIND.match(text[name.end() : name.end() + 10]))
