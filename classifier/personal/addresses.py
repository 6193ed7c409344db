"""Where somebody lives: a house number with a way or a block, and words that say it is a home.

A house number is no one's home by itself: "ổ gà trước số 24 Lê Lợi" says where the hole is. It is marked
when somebody lives there ("nhà tôi", "ngụ", "địa chỉ"), or when it stands by itself as under a letter.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from .page import LETTER, UPPER, Found, Page
from .words import STREETS, pattern, vocabulary

# On the folded text. A house: 12, 12A, 12/5, K123/45, k12/h34/5, A-1205, S2.05, 12bis.
_HOUSE = (
    r"(?:[a-z]{0,2}\d{1,4}(?:bis|[a-z]\d{1,2}|[a-z]{1,2})?(?:[/.\-][a-z]{0,2}\d{1,4}(?:[a-z]\d{0,2})?){0,5}|[a-z]\d?-\d{1,4})"
    r"(?![\w/]| \d{3,4}[ .]\d{3})"  # "lầu số 0236 3822 300" is a telephone behind Bản Lầu
)
_WAYS = vocabulary(
    """căn hộ|căn|phòng|đường|phố|ngõ|ngách|hẻm|kiệt|tổ dân phố|tổ|thôn|ấp|xóm|khóm|khối phố|khối|khu phố
    |kp|khu|lô|làng|buôn|bản|phum|dãy trọ|dãy|kdc|kđt|cư xá|tdp|tập thể|tt|chung cư|cc|tòa nhà|toà nhà|tòa
    |toà|block|nhà ở xã hội|nhà trọ|trọ|xã|phường|quận|huyện|tỉnh|thành phố|thị xã|thị trấn|đại lộ|quốc lộ
    |tỉnh lộ|hương lộ|liên tổ|liên khu|liên ấp|tầng|lầu|số|đội|bon|kcn|khu đô thị|khu dân cư|khu tập thể
    |khu tái định cư|tđc|cụm|tháp|sảnh|phân khu|bờ kè|xã lộ|đơn nguyên|liền kề|biệt thự|shophouse|lk|bt"""
)
_STOP = (
    r"(?:bi|la|co|khong|ko|k|mat|den|ma|thi|nuoc|gan|dang|nhieu|cung|va|voi|toi|em|minh|con|chau|nay|kia"
    r"|do|day|cho|de|nen|vi"
    r"|roi|may|ngay|tu|duoc|dc|luc|vao|moi|het|qua|ra|thay|hay|cu|nhin|nuoi|dung|sang|chieu|dem|hom|goi"
    r"|sdt|dt|lh|lien|xin"
    r"|nho|mong|keo|xa|do|can|ban|hang|khoi|an|di|lam|o|tren|duoi|truoc|sau|ben|nghe|tui|ai|chua|da|se|lai"
    r"|moi|van|cua|cac"
    r"|nguoi|nha|ong|ba|anh|chi|co|chu|bac|[pqfxh]|tp|tx|tt"
    r"|ngo|hem|kiet|ngach|thon|phuong|chung cu|so(?= \d)|duong(?= (?:so )?\d))"
)
_NUMBER_WORD = "(?:mot|hai|ba|bon|tu|nam|lam|sau|bay|tam|chin|muoi|tram|linh|le)"
_SMALL_WORDS = (
    r"[ ](?!(?:bi|la|co|khong|ko|mat|den|nay|da|dang|ma|thi|va|toi|em|nha|duong|pho|ngo|hem|kiet|to|thon"
    r"|ap|xom|phuong|xa|quan|toa|khu|chung cu|so|ngap|lay|hu|lun|nut|sut|toi"
    r"|[pqfxh]|tp|tx|tt)\b)[a-z0-9/]{1,12}"
    rf"(?:[ ](?!{_STOP}\b)[a-z0-9/]{{1,12}}){{0,2}}"
)
_WAY_PART = pattern(r"\s?[,\-–]?\s?(?:%s(?!\w)\.?(?=\s?\w)|nh[àa](?= [a-z]\d))", _WAYS)
_SMALL_PART = re.compile(rf"(?:[ ]?{_HOUSE}|(?: {_NUMBER_WORD}){{1,5}}(?!\w))?(?:{_SMALL_WORDS})?")
_UNIT_PART = re.compile(r"\s?[,\-–]?\s?(?:[pqfx]\s?\.?\s?\d{1,2}|(?:tp|tx|tt|p|q|h|x)\s?\.)(?!\w*\d{3})")
_STREET_FAMILIES = vocabulary(
    "nguyễn|trần|lê|phạm|hoàng|huỳnh|phan|võ|vũ|đặng|bùi|ngô|trương|lý|tôn",
    "dang bui ngo truong ly ton vo vu phan tran",
)
_STREET_FIRSTS = frozenset(name.split()[0] for name in STREETS.marked | STREETS.folded)
_SYLLABLE = re.compile(r"[ ][^\W\d_]+")
_SMALL_STREET = re.compile(rf"[ ][a-z]+[ ](?!{_STOP}\b)[a-z]+(?:[ ](?!{_STOP}\b)[a-z]+)?")
_NUMBER_PART = re.compile(rf"[ ]?{_HOUSE}")
# On the text itself: a capitalised name of up to six syllables, numbers among them ("Cách Mạng Tháng 8").
_NAME_PART = re.compile(
    r"\s?[,\-–]?\s?(?!(?:CCCD|CMND|CMT|S?ĐT|S?DT|MST|STK|LH|Zalo|Email|Gmail)(?!\w))"
    rf"[{UPPER}][\w'’.]*(?:[ ](?:[{UPPER}][\w'’]*|\d{{1,4}}(?![\w/])))" + r"{0,5}"
)
_NEXT_HOUSE = re.compile(rf"\s?[,\-–]\s?(?:so |nha )?{_HOUSE}(?= \D)")
_LEAD = (
    r"(?:so nha|nha so|so|lo|can ho|can|phong tro|phong so|phong|p\.?|tang|lau|toa|block|chung cu|kiet|hem"
    r"|ngo|ngach|to|thon|ap"
    r"|(?<!hang )xom|khom|khu|khoi|duong|khu pho|kp|doi|buon|ban|lang|bon)"
)
_LEAD_BEFORE = re.compile(rf"(?<![\w/.\-])(?:(?:(?:toa|block) [a-z]\d? )?{_LEAD}[ .:]{{1,3}}){{1,3}}$")
_LETTERS_BEFORE = re.compile(r"(?<!\w)(?:[a-z]{1,2}|[a-z]-)$")
_LONGEST_NUMBER = 4  # figures of a house number
_HOUSE_AT = re.compile(_HOUSE)
_WELDS = frozenset("/.-_0123456789abcdefghijklmnopqrstuvwxyz")
_STRONG_WORDS = (
    *("dia chi", "d/c", "thuong tru", "tam tru", " ngu ", "noi o", "cho o", " tru ", "tru tai"),
    *("hktt", "ho khau", "que quan", "nguyen quan"),
)
_STRONG = re.compile(
    r"\b(?:dia chi|d/c|thuong tru|hktt|ho khau|tam tru|que quan|nguyen quan|tru quan|ngu|noi o|cho o|tru)"
    r"\b(?:[\s:,]{1,3}(?:hien nay|lien he"
    r"|nha|la|o|tai|so))*[\s:,]{1,3}"
    r"(?=(?:thon|ap|to|xom|khom|buon|ban|hem|ngo|kiet|duong|khu pho|to dan pho) )"
)

# Told from the hamlet: "xóm Giữa, nhà số 40", "khu tập thể Dệt kim, nhà E4".
_HAMLET = (
    r"(?:thon|ap|xom|khom|buon|ban|lang|khu tap the|tap the|ktt|kdc|khu dan cu|cu xa|hem cut|kiet cut|to"
    r"|doi|lo)"
    r" [a-z0-9]{1,8}(?: [a-z0-9]{1,7}){0,3}, "
)
_HAMLET_BEFORE = re.compile(rf"(?<!\w)(?:{_HAMLET}){{1,2}}(?:nha )?$")
_HAMLETS = re.compile(
    rf"(?<!\w){_HAMLET}(?:(?:nha so|so nha|nha) (?P<house>{_HOUSE})"
    r"|(?:thon|ap|xom|ban|buon|xa|phuong|thi tran)(?= \w))"
)
_FURTHER = re.compile(r", (?:nha|so nha|thon|ap|xom|ban|buon|xa|phuong|thi tran) ")
_OF_A_NAMED = re.compile(
    rf"[{UPPER}]\w* \((?P<home>(?i:(?:căn|phòng)\s?[a-z]?\d{{2,5}}|p\.\s?(?:[a-z]\d{{2,5}}|\d{{3,5}}))"
    r"[^()\n]{0,40})\)"
)  # P.13 is a ward, P.130 a room

_REACH = 64
_BEHIND = 48  # code points behind a house that are looked at
_LEADS, _HAMLETS_LEAD = 40, 60  # code points before a house in which its lead stands, and before that
_KEPT = 256  # houses that a process remembers, and what leads to them
_WHO = (
    r"(?:toi|em|e|minh|chau|con|tui|chung toi|tụi em|bon em|gia dinh|ho|ong|ba|anh|chi|co|chu|bac|nguoi"
    r"|chong|vo|me|cha|bo|cho|ta|ay"
    r"|xom|rieng|no|ho)"
)
_FILLER = (
    r"(?:[\s:,(\-]{0,2}(?:dang|hien|van|hien nay|nay|cu|moi|co|so|o|tai|la|nha|ben|trong|ngay|cung|nho|tro"
    r"|tam|phong|rieng|cua|toi|em|minh|con|chau|tui)){0,4}"
    r"[\s:,(\-]{0,3}$"
)
_LIVES = re.compile(
    r"\b(?:dia chi|d/c|dc(?=\s?:)|cho o|noi o|ho khau|thuong tru|tam tru|cu tru|tru|ngu|nha o"
    r"|o tro|tro|thue nha|o thue|sinh song|song|tai gia"
    rf"|(?:nha|ho|gia dinh) (?:cua )?{_WHO}\b(?: [a-z]{{1,7}}){{0,3}}|hang xom"
    r"|nha (?:noi|ngoai|chong|vo|me|bo|ba|ma|ong|anh|chi|bo me|ba me|ong ba)"
    r"(?: (?:toi|em|minh|chau|con|tui))?"
    r"|don (?:ve|toi|den|vao|qua)|mua nha|xay nha|nhap khau"
    r"|(?:dan|nguoi) (?:o|so|nha)|thue(?: tro| nha| phong)?"
    r"|(?:gui|nhan|giao|tra|thong bao)(?: nho)?(?:(?: [a-z]{1,7}){0,10}(?: ve| toi)"
    r"|(?: [a-z]{1,7}){0,3}(?: tai| den))"
    r"|(?:thue|tro|o nho|tam tru|ngu)\b[^.,;\n]{0,30} tai)" + _FILLER
)
_STAYS = re.compile(
    rf"\b{_WHO}\b(?! ai\b)[^.!?;\n]{{0,24}}\b(?:o|ngu|song)(?: nho| tro| tam)?"
    r"[\s:,]{1,3}(?:tai |nha )?$"
)
_STAYS_SO = re.compile(r"\b(?:o|nha|ngu)[\s:,]{1,3}$")
_AT = re.compile(r"\b(?:o|tai|dc|(?:mai|vach|san|cua) nha)[\s:]{1,2}$")  # before a house in an alley
_HOUSE_WORD = re.compile(r"\b(?:nha|so nha)[\s:,]{1,3}$")
_NEAR_HOME = re.compile(r"\b(?:gan|sat|canh|ke) (?:nha|vach) $")  # one who says so is at home there
_NO_HOME = pattern(
    r"(?<!\w)%s(?!\w)[\s\w]{0,10}$",
    vocabulary(
        """quán|bar|pub|cà phê|cafe|karaoke|tiệm|cửa hàng|siêu thị|nhà hàng|khách sạn|nhà nghỉ|phòng khám
        |công ty|cty|xưởng|cơ sở|shop|trụ sở|ubnd|trường|trước|đối diện|mặt tiền|vỉa hè|đoạn|cạnh
        |công trình|hố ga|cột đèn|cột điện|trụ điện|biển|góc|vườn|vườn hoa|ngã ba|ngã tư|bến xe|trạm|bãi
        |kho|cuối|gần|sau|phía|tuyến|lớp|bệnh viện|khoa|đại lý|nhà thuốc|hiệu thuốc|hiệu|nhà trẻ|nhà máy
        |nhà văn hóa|nhà văn hoá|nhà xe|đông y|sát|giáp|nóc|mái|trụ|mốc|từ|đến|qua|chuyến|ga|cầu|sân|chợ|vé
        |biển số""",
        "tu san cho ga cau ve sau",
    ),
)
_SIGNED = re.compile(r"(?:[.!?]\s{1,2}|\n\s?| / |\btuoi,? )$")
_NAMED = re.compile(rf"(?:[{UPPER}]\w*|\))\s?[,\-–]\s(?:(?i:ở|tại|số|nhà)\s)?$")
_TO_HIM = re.compile(r"\b(?:toi|den|dua ve|giao ve)(?: tan)?(?: nha)? $")
_OWN_BEHIND = re.compile(
    r"\s?[,(\-]?\s?(?:la |tuc |ngay )?(?:phong ngu |cua )?nha (?:toi|em|minh|chau|con|tui"
    r"|cu|ong|ba|anh|chi|co|chu|bac)\b"
)
_ALSO = re.compile(r",? (?:va|voi|hoac|&) (?:nha )?")
_ALLEY = re.compile(
    r"(?:so |nha |so nha )?(?:[kh]\d+/|(?!\d{1,2}/\d{1,2}/\d{4})\d+[a-z]?/\w+/\d)"
)  # K123/45, 12/3/4: alleys, so homes
_ROOM = re.compile(r"\Wp\.\d{3}")
_HOUSE_FIRST = re.compile(r"(?:so |nha |so nha |nha so |lo )?k?\d")
_COUNTED = re.compile(
    r" (?:(?:tang|phong|can|lau|khoi)\b(?! \d)"
    r"|(?:xa|phuong|huyen|tinh(?! lo)|trieu|cai|nguoi|ho|met|nam|thang|ngay|gio|lan|con|cay|dua|em)\b)"
)
_CLOSED = re.compile(r"\s*(?:[.,;\n!/]|$)")
_NARROW = re.compile(r"\b(?:hem|ngo|ngach|kiet|to|thon|ap|xom|khom|day tro|khoi|cu xa|tap the)\b|^k\d+/")
_DWELLING = re.compile(
    r"\bcan ho\b|\bphong so [\w/]+,? \w|\bphong [a-z]?\d.*\btro\b"
    r"|\b(?:can|phong(?! so)|tang|lau)\b.*\b(?:toa|chung cu|nha o|block|ct\d|tap the"
    r"|so \d)|\bphong\b.*\b(?:don nguyen|nha [a-z]\d|day [a-z]\b)|\btoa\b.*\bcan\b"
)

_SPOKEN = re.compile(
    rf"(?<!\w)(?:o|nha|so|so nha|ngu) (?P<home>(?:so )?{_NUMBER_WORD}(?: {_NUMBER_WORD}){{0,5}}(?: (?:tren"
    rf"|xuyet|xet|xec|gach cheo|cheo)"
    rf" {_NUMBER_WORD}(?: {_NUMBER_WORD}){{0,4}}){{0,3}} (?=(?:duong|hem|ngo|kiet|to|pho|ngach)\b))"
)
_DIGITS = re.compile(r"\d+")


class Home(NamedTuple):
    """`sure`: whether it is one by itself; another only where somebody's name stands before it."""

    found: Found
    sure: bool


def find(page: Page) -> Iterator[Home]:
    """Homes, each from its number to the last of its parts (way, block, unit)."""
    folded = page.folded
    if "muoi" in folded or " xuyet " in folded:
        yield from (Home(found, True) for found in _said_in_words(page))
    if "(" in folded:
        for match in _OF_A_NAMED.finditer(page.text):
            yield Home(Found(*match.span("home"), "address"), True)
    done = 0
    if any(word in folded for word in _STRONG_WORDS):
        for match in _STRONG.finditer(folded):
            end = _end(page, match.end())
            if match.start() >= done and "," in folded[match.end() : end]:
                done = end
                yield Home(Found(match.end(), end, "address"), True)
    for match in _DIGITS.finditer(folded) if LETTER.search(folded) else ():
        if match.start() < done or match.end() - match.start() > _LONGEST_NUMBER:
            continue
        if not LETTER.search(folded, max(0, match.start() - _REACH), match.end() + _REACH):
            continue  # a table of figures
        start = _first_letter(folded, match.start())
        house = _HOUSE_AT.match(folded, start)
        if house and (folded[start - 1 : start] not in _WELDS or _ROOM.match(folded, max(0, start - 3))):
            end = _end(page, house.end())
            start = _led(folded, start)
            also = done and end > house.end() and _ALSO.fullmatch(folded, done, start)
            if also or _is_home(page, start, house.end(), end):
                done = end
                yield Home(Found(start, end, "address"), True)
            elif end > house.end():
                yield Home(Found(start, end, "address"), False)
    if _FURTHER.search(folded):
        for match in _HAMLETS.finditer(folded):
            end = _end(page, match.end() if match["house"] else _part(page, match.start()))
            if end > match.start():  # "tỗ 6": a hamlet by its letters, none as it is written
                yield Home(Found(match.start(), end, "address"), match["house"] is not None)


def _first_letter(folded: str, at: int) -> int:
    """Where a house number begins whose first figure stands at `at`: "K12", "A-1205"."""
    letters = _LETTERS_BEFORE.search(folded, max(0, at - 3), at)
    return letters.start() if letters else at


def _led(folded: str, start: int) -> int:
    """Where the words begin that lead to a house number: "số nhà", "tầng 5 căn", "xóm Trại, ngõ"."""
    return start - _lead(folded[max(0, start - _LEADS - _HAMLETS_LEAD) : start])


@lru_cache(maxsize=_KEPT)
def _lead(before: str) -> int:
    """How many code points of what stands before a house number lead to it."""
    lead = _LEAD_BEFORE.search(before[-_LEADS:])
    begun = len(before) - (len(lead.group()) if lead else 0)
    hamlet = _HAMLET_BEFORE.search(before[max(0, begun - _HAMLETS_LEAD) : begun])
    return len(before) - begun + (len(hamlet.group()) if hamlet else 0)


def _said_in_words(page: Page) -> Iterator[Found]:
    for match in _SPOKEN.finditer(page.folded):
        yield Found(match.start("home"), _end(page, match.end("home")), "address")


def _end(page: Page, at: int) -> int:
    """Where an address ends that has been read up to `at`."""
    for _ in range(7):
        further = _part(page, at)
        if further == at:
            break
        at = further
    return at


def _part(page: Page, at: int) -> int:
    """Where the next part of an address ends, `at` where none follows; looked for once a text."""
    if at not in page.parts:
        page.parts[at] = _next_part(page, at)
    return page.parts[at]


def _next_part(page: Page, at: int) -> int:
    way = _WAY_PART.of(page).match(page.lower, at) or _UNIT_PART.match(page.folded, at)
    if way:
        number = _NUMBER_PART.match(page.folded, way.end())
        name = _NAME_PART.match(page.text, number.end() if number else way.end())
        if name:
            return name.end()
        small = _SMALL_PART.match(page.folded, way.end())
        if small and small.end() > way.end():
            return small.end()
        further = _part(page, way.end())
        return further if further > way.end() or way.group()[-1].isdigit() else at
    name = _NAME_PART.match(page.text, at)
    return (
        name.end()
        if name
        else _small_street(page, at)
        if page.text[at : at + 1] == " "
        else _next_house(page, at)
    )


def _next_house(page: Page, at: int) -> int:
    """Where a house ends that is told after a room: "phòng 6, 88/14 đường ĐT743"."""
    house = _NEXT_HOUSE.match(page.folded, at)
    further = _part(page, house.end()) if house else at
    return further if house and further > house.end() else at


def _small_street(page: Page, at: int) -> int:
    """Where a street in small letters ends that follows a number: a known one, or called after a family."""
    first = _SYLLABLE.match(page.lower, at)
    if not first or not page.text[at - 1].isalnum() or first.group()[1:] not in _STREET_FIRSTS:
        return at
    names = [match.end() for match in _SYLLABLE.finditer(page.lower, at, at + 40)][:4]
    for end in reversed(names[1:]):
        street = page.lower[at:end].strip()
        if STREETS.has(page, street, plain=street.isascii()):
            return end
    if _STREET_FAMILIES.has(page, first.group()[1:]) and len(names) > 2:
        small = _SMALL_STREET.match(page.folded, at)
        return small.end() if small else at
    return at


class _House(NamedTuple):
    """A house and what stands around it, so that the same words are weighed once, however often they come."""

    whole: str
    number: int  # code points of it
    behind: str
    before: str
    lower: str
    written: str
    no_home: re.Pattern[str]
    goes_on: bool  # a line stands before its own


def _is_home(page: Page, start: int, number_end: int, end: int) -> bool:
    folded = page.folded
    line = max(folded.rfind("\n", 0, start), folded.rfind(";", 0, start)) + 1
    since = max(line, start - _REACH)
    lower = page.lower[since:start].replace("hàng xóm", "xóm").replace("hang xom", "xom")  # no "nhà hàng"
    return _is_told(
        _House(
            folded[start:end], number_end - start, folded[end : end + _BEHIND], folded[since:start], lower,
            page.text[since:start], _NO_HOME.of(page, lower), line > 0,
        )
    )  # fmt: skip


@lru_cache(maxsize=_KEPT)
def _is_told(house: _House) -> bool:
    whole, before = house.whole, house.before
    bare = len(whole) == house.number
    counted = whole[0].isdigit() and _COUNTED.match(whole + house.behind, house.number)
    dwelling = not counted and _DWELLING.search(whole)
    if not dwelling and (counted or bare):  # a number and nothing that says where
        return False
    no_home = house.no_home.search(house.lower) is not None
    if dwelling:
        return not no_home
    own = _OWN_BEHIND.match(house.behind)
    if _LIVES.search(before) or (not no_home and _ALLEY.match(whole)) or own:
        return True
    slashed = "/" in whole[: house.number]
    if slashed and _AT.search(before):
        return True
    if no_home:
        return bool(slashed and _NEAR_HOME.search(before))
    if whole.startswith(("so nha", "nha so")) or _HOUSE_WORD.search(before) or _STAYS.search(before):
        return True
    if _NARROW.search(whole) and _HOUSE_FIRST.match(whole) and _STAYS_SO.search(before):
        return True
    if _NARROW.search(whole) and _HOUSE_FIRST.match(whole) and _TO_HIM.search(before):
        return True
    if (whole.startswith("so ") or slashed) and before.endswith("dan "):
        return True
    alone = _SIGNED.search(before) or (house.goes_on and not before.strip())
    alone = alone or (slashed and before.endswith(", "))
    signed = (alone and _HOUSE_FIRST.match(whole)) or _NAMED.search(house.written)
    return bool(signed and _CLOSED.match(house.behind))
