"""Words that stand before and beside the names of units."""

import re

from classifier.text import fold

from .page import spelling

# Before a name, folded -> the level it speaks of and the type it fits exactly.
PREFIXES = {
    "phuong": ("commune", "phuong"),
    "phuog": ("commune", "phuong"),
    "fuong": ("commune", "phuong"),
    "p": ("commune", "phuong"),
    "f": ("commune", "phuong"),
    "xa": ("commune", "xa"),
    "x": ("commune", "xa"),
    "thi tran": ("commune", "thi tran"),
    "tt": ("commune", "thi tran"),
    "dac khu": ("commune", "dac khu"),
    "dk": ("commune", "dac khu"),
    "quan": ("district", "quan"),
    "q": ("district", "quan"),
    "huyen": ("district", "huyen"),
    "huyen dao": ("district", "huyen"),
    "xa dao": ("commune", "xa"),
    "h": ("district", "huyen"),
    "thi xa": ("district", "thi xa"),
    "tx": ("district", "thi xa"),
    "thanh pho": ("city", "thanh pho"),
    "tp": ("city", "thanh pho"),
    "tinh": ("province", "tinh"),
    "t": ("province", "tinh"),
}
COMMON_TYPES = frozenset(["xa", "x"])  # often a word of its own: "xa", "xã hội", "xã thu tiền"
NO_XA_AFTER = frozenset(["tac", "ong"])  # "hợp tác xã", "ông xã"
LAST_OF_PREFIX = frozenset(prefix.split()[-1] for prefix in PREFIXES)
# The same with marks, for writers who use them: "xa" is far, "xã" is a commune.
MARKED = {
    "phuong": "phường", "xa": "xã", "thi tran": "thị trấn", "dac khu": "đặc khu", "quan": "quận",
    "huyen": "huyện", "thi xa": "thị xã", "thanh pho": "thành phố", "tinh": "tỉnh",
    "huyen dao": "huyện đảo", "xa dao": "xã đảo",
}  # fmt: skip
SPELT = {folded: spelling(marked) for folded, marked in MARKED.items()}
SLIPS = {"phuong": (spelling("phuờng"), spelling("phừơng"), spelling("phừong"))}  # no words but this one
# "Phường" with a mark forgotten, or a woman's name, and a restaurant's.
NAMES_TOO = {"phuong": (spelling("phương"), spelling("phượng"))}
_TYPES = {
    f"{marked} ": folded
    for folded, marked in sorted(MARKED.items(), key=lambda item: -len(item[1]))  # "thị xã" before "xã"
}

# A bare name right after one of these is a street, a school, a river, a person: no unit.
_NO_UNIT_AFTER = (
    "đường", "phố", "ngõ", "ngách", "hẻm", "kiệt", "trường", "chợ", "cầu", "đại lộ", "sông", "kênh", "rạch",
    "suối", "hồ", "bến", "chùa", "đình", "đền", "thcs", "thpt", "công ty", "cty", "kcn", "quán", "siêu thị",
    "tòa", "chung cư", "công viên", "ông", "bà", "anh", "chị", "cô", "chú", "đèo", "tên", "cống", "vòng xoay",
    "cầu vượt", "ngã ba", "ngã tư", "đê", "xa lộ", "quốc lộ", "tỉnh lộ", "hương lộ",
)  # fmt: skip
_SURNAMES = (
    "nguyễn", "trần", "lê", "phạm", "hoàng", "huỳnh", "phan", "vũ", "võ", "đặng", "bùi", "đỗ", "hồ", "ngô",
    "dương", "lý", "đinh", "trịnh", "đoàn", "lâm", "trương",
)  # fmt: skip
NAMERS = {True: frozenset(map(spelling, _NO_UNIT_AFTER)), False: frozenset(map(fold, _NO_UNIT_AFTER))}
_MIDDLE = ("thị", "văn")
MIDDLE = {True: frozenset(map(spelling, _MIDDLE)), False: frozenset(map(fold, _MIDDLE))}
FAMILY = {True: frozenset(map(spelling, _SURNAMES)), False: frozenset(map(fold, _SURNAMES))}

# Names that are ordinary words too: written small they need a neighbour that agrees.
WORDS_TOO = frozenset([
     "hoa binh", "thai binh", "thong nhat", "binh minh", "tam nong", "vinh cuu", "ba to", "co to", "ba vi",
     "ba be", "cho moi", "cho gao", "phu quy", "thanh binh", "dong anh", "an lao", "ky anh", "song ma",
     "cau giay", "hai duong",
])  # fmt: skip
_STREETS = ("đường", "phố", "ngõ", "hẻm", "ngách", "kiệt")  # "phố Chùa Láng" is not the pagoda
STREETS = frozenset([*map(spelling, _STREETS), *map(fold, _STREETS)])
# Former districts whose names streets bear all over the country.
STREETS_TOO = frozenset([
    "dien bien phu", "hai ba trung", "ngo quyen", "le chan", "hong bang", "dong da", "tay son", "chi lang",
    "bac son", "hoang sa", "truong sa", "thong nhat", "ngu hanh son", "tran van thoi",
])  # fmt: skip
SHORT_ALIASES = frozenset(["hn", "sg", "hue"])

# Words that may stand between the parts of one address.
JOINTS = frozenset(
    ["thuoc", "o", "tai", "cua", "cu", "moi", "truoc", "day", "la", "nay", "nhap", "vao", "dia", "ban"]
)

# What stands before a place where it did not happen, the nearest to where it may have first: where one lives;
# where one comes from or is registered, what lies near by; what it is said not to be.
_WHO = "toi|tui|minh|em|chau|con|nha|gia dinh|anh|chi|me|ba ma|ba me|bo me|cha me|chung toi|chung em"
_LIVES = (
    "la nguoi|la dan|dan|nguoi|o|song o|song tai|dang o|dang song o|tung o|hien o|hien dang o|o tro|dang tro"
    "|cu tru|ngu"
)
_WITH = "(?:song|o|o cung|cu tru|tam tru) (?:voi|cung) (?:[a-z]+ ){1,4}(?:o|tai)"
_HOME = "tam tru(?: tai| o)?|nha (?:toi|tui|em|minh|chau|con|o)"
_FROM = "(?:thuong tru|ho khau|que|que goc)(?: toi| em)?(?: tai| o)?|tu|den tu"
_NEAR_BY = "gan|giap|giap ranh|canh|sat|cach|huong ve|ve phia"
ASIDE = tuple(
    re.compile(rf"\b(?:{before}) $")
    for before in (
        rf"(?:{_WHO}) (?:{_LIVES})(?: tai| o)?|{_HOME}|{_WITH}",
        f"{_FROM}|{_NEAR_BY}",
        ", chu(?: o| ben)?|(?:khong phai|chu khong|dau phai|hong phai|ko phai)(?: la| o| tai| cua| thuoc)?",
    )
)


# Between two places of which neither is more aside than the other, unless somebody moved between them.
PAIRING = frozenset(["den", "toi", "cho den", "va", "voi", "cung", "hay"])
PASSING = frozenset(["sang", "qua"])  # the same behind "từ" alone
MOVING = frozenset(["chuyen", "doi", "don", "di", "ve"])

# The last words of all of these.
LAST_OF_ASIDE = frozenset([
    "o", "tai", "ngu", "tru", "khau", "que", "goc", "toi", "tui", "em", "minh", "chau", "con", "tu", "gan",
    "giap", "ranh", "canh", "sat", "cach", "ve", "phia", "phai", "khong", "la", "cua", "thuoc",
    "dan", "nguoi", "chu", "ben",
])  # fmt: skip


# What is called by its two ends right behind it: what runs or rides between them, where no street's name
# stands, and roads, whose first end is no street's. On the folded text.
_NUMBERED = r"(?: (?:so )?(?:[a-z]{1,2} ?)?\d{1,3}[a-z]?)?(?: tu)? $"
RIDES = re.compile(
    r"(?<!ben )(?<!ga )\b(?:cao toc|duong (?:sat|bay)|metro|nha xe|may bay|chuyen"
    r"|tau(?: hoa| lua| khach| hang| cao toc)?|xe (?:khach|buyt|bus|do|limousine|giuong nam|hop dong|du lich)"
    r"|(?:tuyen|chuyen|chang|ve) (?:tau|bay|xe|xe khach|xe buyt|buyt|cao toc|duong sat|metro)"
    rf"|(?:tau|xe|xe khach|xe buyt) (?:tuyen|chang)){_NUMBERED}"
)
ROADS = re.compile(rf"\b(?:tuyen(?: duong)?|doan tuyen|chang|lo trinh|quoc lo|tinh lo|ql){_NUMBERED}")


def split_type(name: str) -> tuple[str, str]:
    """("phuong", "Bắc Lý") of "Phường Bắc Lý"; ("", name) where no type stands before."""
    lowered = name.lower()
    for kind, folded in _TYPES.items():
        if lowered.startswith(kind):
            return folded, name[len(kind) :]
    return "", name
