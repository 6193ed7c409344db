"""Names in small letters, with marks or without.

They count only after words that leave little doubt ("tôi tên là nguyen van an", "chú sáu rớt"), or where a
family name and syllables of names stand together.
"""

import re
from collections.abc import Iterator, Sequence

from .cues import CALLS, LOCATING, MIDDLE, NO_FIRST, NO_NICK, NO_TEN, RANKS, Person, is_named_so
from .page import Found, Page
from .words import FAMILIES, GIVEN, STREETS, SURE_FAMILIES, Before, pattern, vocabulary

_STOP = vocabulary(
    """gì|đường|phố|trường|xã|phường|công|cty|thương|gọi|người|của|trên|trong|các|những|này|đó|thật|khác
    |tôi|em|mình|con|tui|là|và|mà|họ|đi|sai|nhầm|chủ|sản|đệm|file|miền|đang|tại|ở|số|sđt|cccd|cmnd|hộ|ông
    |bà|anh|chị|cô|chú|bác|mẹ|bố|ba|có|không|ko|k|bị|được|làm|sinh|nhà|ca|thì|để|cho|với|đã|sẽ|đến|từ|hay
    |nói|bảo|nào|ai|ra|vào|về|lên|xuống|qua|đòi|lấy|thu|bán|mua|chạy|đánh|giữ|bắt|hẹn|nhận|ký|cấp|xin|nhờ
    |gửi|kính|vì|do|nên|nếu|khi|lúc|hôm|ngày|tháng|năm|tuổi|quê|trú|ngụ|sống|dân|cư|cũ|mới|lại|cũng|rồi|nữa
    |luôn|hoài|quá|tổ|thôn|ấp|khu|xóm|đứng|trước|sau|giùm|dùm|đt|phản|ánh|dự|án|thuốc|cháu|bên|tự|mất|chết
    |đẻ|học|dạy|lớp|dưới|bằng|như|chung|riêng|tiếng|một|hai|hàng|chợ|tài|khoản|xe|biển|quán|thằng|tụi|cùng
    |vợ|chồng|bạn|cứ|chỉ|còn|nghề|oan|nay|khai|mst|stk|zalo|sdt|dt|nha|nhé|ạ|vay|kiểu|nguyên|hiện|thường
    |tạm|nghỉ|bỏ|dẫn|hứa|xưng|đeo|quản|giám|trưởng|phó|nhân|viên|cán|bộ|gia|đình|chúng|bọn|nó|ổng|bả|xong
    |tới|bây|giờ|bí|em|cộng|thuần"""
)
_IN_NAMES = vocabulary(
    "thu|mai|hai|ba|năm|công|dân|án|sinh|học|ngân|chung|tự|ca|cư|tài|sản|anh|khai|nhân|viên|quản|nguyên"
    "|gia|đình|thường|hiện|bộ|bảo|thương"
)
_CALLED_SMALL = vocabulary(
    """họ tên|họ và tên|tên|tên là|tên tôi là|tên em là|tên tôi|tên em|tên thật là|tên thiệt là|tên mình là
    |tên cháu là|mang tên|tôi là|em là|mình là|cháu là|con là|tui là|e là|người gửi|người viết
    |người làm đơn|ký tên|tôi tên|em tên|tôi tên là|em tên là"""
)
_CALLED = pattern(r"(?<!\w)(?P<cue>%s)\s?:?[ ]", _CALLED_SMALL)
_SMALL = re.compile(r"[ ]?([^\W\d_]+(?:['’]\w+)?)")
_THI_VAN = re.compile(r"(?<!\w)([^\W\d_]+) (thị|văn|thi|van) (?=[^\W\d_])")
_SMALL_TITLES = frozenset(["ông", "bà", "anh", "chị", "cô", "chú", "bác", "thầy", "bạn", "dì", "thím", "mụ"])
_SMALL_TITLE = pattern(
    r"(?<!\w)(?P<title>%s) ",
    vocabulary("ông|bà|anh|chị|cô|chú|bác|thầy|bạn|dì|thím|mụ|cháu|tôi|em", "ba co"),
)
_SMALL_FAMILIES = vocabulary(
    "nguyễn|trần|lê|phạm|hoàng|huỳnh|phan|vũ|võ|đặng|bùi|ngô|trương|trịnh",
    "tran le phan vu vo dang bui ngo truong",
)
_CLEAR = vocabulary(
    """tuấn|hùng|dũng|cường|lan|huệ|nga|hằng|hường|thảo|tuyết|oanh|loan|phượng|nhung|trâm|vân|thủy|thuỷ
    |thùy|thuỳ|thúy|thuý|ngọc|hiếu|huy|khôi|diễm|kiều|lài|mai|mận|nguyệt|quyên|quỳnh|thắm|thìn|thoa|tèo
    |tùng|tuất|uyên|vy|xoan|xuyến|yến|trinh|hương|hoa"""
)
_CLEAR_PLAIN = vocabulary(
    """tuan|cuong|hue|nga|thao|tuyet|oanh|loan|thuy|ngoc|huy|nguyet|quynh|thoa|uyen|vy|vinh|phuc|khanh|duc|thinh
    |hiep|bich|tuyen|hoang|minh|duy|manh|hung|khanh|kiet|cam"""
).marked  # seldom anything else after "anh" and "chi"
_SECOND_PLAIN = frozenset(["lan", "tu", "anh", "mai", "hoa", "tram", "chau", "linh", "tam", "hong"])
_PLAIN_TITLES = frozenset(["ong", "anh", "chi"])
_PLAIN_FAMILIES = frozenset(["nguyen", "tran", "pham", "hoang", "phan", "bui", "huynh", "le"])
_AFTER_VAN = vocabulary("bản|phòng|hóa|hoá|chương|hiến|bằng|vật|ban|phong|trấn|xã|trường|trí").marked
_OF_A_THING = frozenset(["tên", "ten"])
_SOMEBODY = vocabulary(
    """tôi|em|con|cháu|thợ|dưỡng|mẹ|bố|ba|má|cha|người|thằng|ông|bà|cô|anh|chị|viên|chủ|khoa|phòng|vệ|sĩ|sỹ
    |thầy|chú|bác|vợ|chồng|đứa|bạn|bé|gái|trai|xế|xe|nữ|nam|tui|mình|bộ|an|giáo|trọ|hàng|xóm|cụ|y|tá|đó|này"""
)


def _is_of_somebody(before: Before) -> bool:
    return before.text.rstrip()[-1:] in tuple(",.;:(!?0123456789") or _SOMEBODY.ends(before) != ""


def find(page: Page) -> Iterator[Person]:
    """Names in small letters, where words before them or "thị" and "văn" leave little doubt."""
    done = 0
    lower = page.lower
    words = frozenset(lower.split())
    begins = not words.isdisjoint(SURE_FAMILIES.marked if page.is_marked else _PLAIN_FAMILIES)
    if begins or "tên" in lower or (not page.is_marked and "ten " in lower):
        for match in _CALLED.of(page).finditer(lower):
            name = _called(page, match)
            if name:
                done = match.end() + len(name)
                yield Person(Found(match.end(), done, "person"), True)
    if begins or not words.isdisjoint(_CLEAR.marked if page.is_marked else _CLEAR_PLAIN):
        yield from (Person(found, True) for found in _titled(page) if found.start >= done)
    yield from _ranked(page, words)
    if begins:
        for found in _untold(page):
            if found.start >= done:
                done = found.end
                yield Person(found, False)
    if not words.isdisjoint(MIDDLE.marked if page.is_marked else MIDDLE.folded):
        for match in _THI_VAN.finditer(lower):
            if match.start() >= done and _is_small_full(page, match):
                name = " ".join(_until_stop(page, _small_words(page, match.end())[:2], in_name=True))
                if name and (page.is_marked or GIVEN.has(page, name.split()[0])):
                    done = match.end() + len(name)
                    yield Person(Found(match.start(), done, "person"), False)


_RANKED = frozenset(
    ["ông", "anh", "chị", "chú", "bác", "dì", "cậu", "mợ", "thím", "thằng", "bà", "cô", "ong", "chu", "thim"]
)
_YOUNGEST = frozenset(["út", "ut"])
_NO_RANKS = frozenset(["hai", "ba", "chin", "nam"])  # told in small letters they count


def _ranked(page: Page, words: frozenset[str]) -> Iterator[Person]:
    """Told by the rank in the family: "chú sáu rớt", "bà bảy Đởm"."""
    for rank in words & (_YOUNGEST if words.isdisjoint(_RANKED) else RANKS):
        at = page.lower.find(f" {rank} ")
        while at >= 0:
            name = _small_words(page, at + len(rank) + 1)[:1]
            title = page.lower[max(0, at - 6) : at].split()[-1:]
            led = (title and title[0] in _RANKED) or (rank in _YOUNGEST and name and GIVEN.has(page, name[0]))
            if name and led and _is_ranked(page, at + 1, rank, name[0]):
                end = at + len(rank) + 2 + len(name[0])
                yield Person(Found(at + 1, end, "person"), True)
            at = page.lower.find(f" {rank} ", at + 1)


def _is_ranked(page: Page, at: int, rank: str, name: str) -> bool:
    if page.text[at].isupper() and not page.text.isupper():
        return False
    if name in NO_NICK.marked or name in NO_NICK.folded or _STOP.has(page, name) or name in _COUNTED:
        return False
    known = page.text[at + len(rank) + 1].isupper() or GIVEN.has(page, name)
    return len(name) > 2 and (known or rank not in _NO_RANKS or page.lower.startswith("chu ", at - 4))


_COUNTED = vocabulary(
    """cháu|chau|đứa|dua|triệu|trieu|lần|lan|nghìn|nghin|ngàn|ngan|lớp|lop|tầng|tang|cây|cay|lá|năm
    |nam|anh|chị|giờ|gio|vẫn|van|chân|chan|phút|phut|tiếng|tieng|phòng|phong|chục|chuc|loại|loai|chỗ
    |cho|vụ|bữa|bua|hôm|hom|tụi|tui|vợ|vo|mét|met|chuyến|chuyen|lầu|lau|đời|doi|chai|con|người|nguoi
    |chiếc|chiec|phen|phần|phan|tuổi|tuoi"""
).marked
_UNTOLD = re.compile(
    r"(?<!\w)(nguyễn|trần|lê|phạm|hoàng|huỳnh|phan|vũ|võ|đặng|bùi|đỗ|ngô|đinh|trương|trịnh) (?=[^\W\d_])"
)
_UNTOLD_PLAIN = re.compile(r"(?<!\w)(nguyen|tran|le|pham|hoang|huynh) (?=[a-z])")
_MIDDLES = vocabulary("bá|gia|đắc|cao|đại|khắc|mạnh|viết|thế|tấn|hữu|sĩ|sỹ|như|ái|thị|văn|đình|công|quốc|khả")


def _untold(page: Page) -> Iterator[Found]:
    """A family name with two or three syllables of names, in small letters, where no way has that name."""
    for match in (_UNTOLD if page.is_marked else _UNTOLD_PLAIN).finditer(page.lower):
        if page.text[match.start()].isupper() and not page.text.isupper():
            continue
        words = _small_words(page, match.end())[:3]
        while words and not (
            GIVEN.has(page, words[-1]) and all(GIVEN.has(page, w) or _MIDDLES.has(page, w) for w in words)
        ):
            words.pop()
        before = Before(page, match.start())
        if not page.is_marked and not _is_plain_name(before, match[1], words):
            continue
        name = " ".join([match[1], *words])
        street = any(STREETS.has(page, " ".join(name.split()[:many])) for many in (3, 4))
        violation = before.text.endswith(("vi ", "xâm ", "xúc ", "phụ ", "tội "))
        if violation or len(words) < 2 or street or is_named_so(before) or LOCATING.ends(before):
            continue
        yield Found(match.start(), match.start() + len(name), "person")


_EVERYDAY = vocabulary(
    """duong|phuong|nhan|dau|hang|bo|phan|nghi|ky|vi|quy|dinh|thong|bien|the|tin|ban|nhu|van|phong
    |gian|don|nho|hai|bang|cong|trong|toan|lan|hoi|phi|cam|qua|tam|dan|thai|nang|thanh|trinh|dung
    |den|loai|lai|con|ba"""
).marked
_TOLD_PLAIN = re.compile(
    r"(?:^|[.!?:;,\n(] ?|(?<!\w)(?:ong|anh|chi|chu|bac|thay|con|chau|em|be|thang|la|ten"
    r"|cua|voi|gap|do|si|xe|vien) )$"
)


def _is_plain_name(before: Before, family: str, words: list[str]) -> bool:
    """Without marks "lễ", "phạm" and "tràn" look like families: something must lead to the name."""
    if not _TOLD_PLAIN.search(before.text) or before.text.endswith("phu "):
        return False
    if len(words) > 2 and words[-1] in _EVERYDAY:
        words.pop()
    common = sum(word in _EVERYDAY for word in words)
    return common < (2 if family == "nguyen" and len(words) > 2 else 1) or len(words) > 2 > common


def _titled(page: Page) -> Iterator[Found]:
    """Names in small letters after "ông", "chị": full ones, or a given name that is no everyday word."""
    for match in _SMALL_TITLE.of(page).finditer(page.lower):
        words = _small_words(page, match.end())
        if not words or (page.text[match.end()].isupper() and not page.text.isupper()):
            continue
        name: list[str] = []
        if _SMALL_FAMILIES.has(page, words[0]):
            name = words[:1] + _until_stop(page, words[1:], in_name=True)
            while len(name) > 1 and not GIVEN.has(page, name[-1]):
                name.pop()
        if len(name) < (2 if page.is_marked else 3):
            clear = page.is_marked and match["title"] in _SMALL_TITLES and _CLEAR.has(page, words[0])
            if not page.is_marked and match["title"] in _PLAIN_TITLES and words[0] in _CLEAR_PLAIN:
                second = words[1:2] if words[1:] and words[1] in _CLEAR_PLAIN | _SECOND_PLAIN else []
                if match["title"] == "chi" and not second:
                    continue
                yield Found(match.end(), match.end() + len(" ".join(words[:1] + second)), "person")
                continue
            name = words[:1] if clear and words[1:2] not in (["mươi"], ["tuổi"], ["can"], ["liệt"]) else []
        if name:
            yield Found(match.end(), match.end() + len(" ".join(name)), "person")


def _called(page: Page, match: re.Match[str]) -> str:
    """The name after "tên": a full one, or somebody's common given name; after "tôi là" only a full one."""
    words = _small_words(page, match.end())
    if not words or (page.text[match.end()].isupper() and not page.text.isupper()):
        return ""
    before = Before(page, match.start())
    if before.is_close and NO_TEN.ends(before):
        return ""
    if len(words) > 1 and FAMILIES.has(page, words[0]):
        name = words[:1] + _until_stop(page, words[1:], in_name=True)
        if len(name) > 1 and _is_full(page, name):
            return " ".join(name)
    if not CALLS.search(match["cue"]) or (match["cue"] in _OF_A_THING and not _is_of_somebody(before)):
        return ""
    return _given_name(page, words)


_VERBS = frozenset(
    ["được", "duoc", "là", "la", "bị", "bi", "có", "co", "ở", "o", "dạy", "hay", "học", "hoc", "năm", "nam"]
)


def _given_name(page: Page, words: Sequence[str]) -> str:
    if (
        len(words) > 1
        and GIVEN.has(page, words[0])
        and GIVEN.has(page, words[1])
        and (words[1] not in _VERBS and (page.is_marked or words[0] not in NO_FIRST.folded))
    ):
        return " ".join(words[:2])
    if "'" in words[0] or "’" in words[0]:
        return words[0]
    name = _until_stop(page, words[:2], in_name=False)
    if len(name) == 2 and not GIVEN.has(page, name[1]):
        name.pop()
    return " ".join(name) if name and GIVEN.has(page, name[-1]) else ""


def _is_full(page: Page, name: Sequence[str]) -> bool:
    if MIDDLE.has(page, name[1]) and len(name) > 2:
        return page.is_marked or name[0] in _PLAIN_FAMILIES or GIVEN.has(page, name[-1])
    family = _SMALL_FAMILIES.has(page, name[0]) if not page.is_marked else SURE_FAMILIES.has(page, name[0])
    return len(name) > 2 and family and GIVEN.has(page, name[-1])


def _is_small_full(page: Page, match: re.Match[str]) -> bool:
    """Whether "nguyễn thị" begins a person's name here, not a street's, and "họ thì" none."""
    first, middle = match[1], match[2]
    if page.text[match.start()].isupper() and not page.text.isupper():
        return False
    if middle in ("thị", "văn"):
        family = first in SURE_FAMILIES.marked
    else:
        family = not page.is_marked and first in _PLAIN_FAMILIES
    words = [first, middle, *_small_words(page, match.end())]
    if not family or len(words) < 3 or words[2] in _AFTER_VAN:
        return False
    before = Before(page, match.start())
    street = any(STREETS.has(page, " ".join(words[:many])) for many in (3, 4))
    return not street and not is_named_so(before) and not LOCATING.ends(before)


def _small_words(page: Page, at: int) -> list[str]:
    words: list[str] = []
    while len(words) < 4:
        match = _SMALL.match(page.lower, at)
        if not match or (words and page.lower[at] != " "):
            break
        words.append(match[1])
        at = match.end()
    return words


def _until_stop(page: Page, words: Sequence[str], *, in_name: bool) -> list[str]:
    name: list[str] = []
    for word in words:
        first = in_name and not name
        may_be_name = first and (_IN_NAMES.has(page, word) or MIDDLE.has(page, word))
        if in_name and GIVEN.has(page, word):
            may_be_name = may_be_name or not page.is_marked or (len(name) == 1 and MIDDLE.has(page, name[0]))
        if _STOP.has(page, word) and not may_be_name:
            break
        name.append(word)
    return name
