"""Full names told by what stands before them: "Giám đốc Sở Xây dựng Phùng Phú Phong", "tài xế xe tải ...".

The tagger of names takes what follows a school, a hospital or a lorry for its own. Whoever has a post or a
trade is a person, whatever body stands between, where no unit, street or school is called so; and so is a
full name behind any small word that names no street, school, place or award. Looked for where marks are
written: "truong" is a school as well.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

from . import capitals
from .cues import LOCATING, MIDDLE, NAMED_SO, PARTIES, POSTS, TITLES
from .page import Found, Page
from .words import FAMILIES, GIVEN, MIDDLES, STREETS, SURE_FAMILIES, Words, vocabulary

# What a body is called by, word by word, beside what is called after somebody; one with a capital may be any.
_BODY = vocabulary(
    """an|bản|ban|bảo|binh|bệnh|bí|bộ|buôn|bưu|cán|cảnh|chi|chiến|chính|chủ|chung|chuyên|chức|chợ|công|cơ
    |cư|cục|cửa|cựu|du|dân|dục|dự|giao|giáo|hải|hành|hạ|hệ|hiểm|hoạch|hóa|hoá|học|hộ|hội|hợp|huyện|hình
    |huấn|kế|kho|khám|khóm|khoa|khu|khẩu|khối|kiểm|kinh|ký|kỹ|lao|lịch|liên|luyện|lâm|lý|lực|mặt|mầm
    |mẫu|môi|một|nghiệp|nghệ|ngoại|nguyên|nguyện|nhà|nhiệm|nhân|niên|non|nông|nội|nữ|phòng|phó|phố
    |phường|phụ|phát|phương|quan|quân|quản|quận|quốc|quyền|quỹ|ra|rừng|sát|sản|sở|sự|tác|tài|tâm|tầng|tập
    |tế|thành|thanh|thầu|thi|thị|thể|thiếu|thôn|thông|thú|thuế|thuật|thương|thường|tiếp|tiểu|tin|tịch
    |tính|tòa|toà|tổ|tổng|tra|trách|trạm|trại|trẻ|trị|triển|trung|trực|trưởng|trường|trận|trật|tuyên|tự
    |tư|tỉnh|tội|ubnd|hđnd|ủy|uỷ|đa|đai|đảng|đào|đất|điện|đình|đồng|đội|đoàn|động|đô|đăng|vận|và|vật|vệ
    |viên|viễn|viện|văn|vực|xã|xây|xóm|xuất|y|ấp|án|dựng|tạo|trú|mttq|thcs|thpt|chứng|số|lớp|năm|tuyến"""
).marked
# Behind these stands a street, a bridge, an award, or whatever somebody owns.
_WAYS = vocabulary(
    """đường|ngõ|ngách|hẻm|kiệt|cầu|lộ|ngã|góc|nút|vòng|hầm|hè|lề|vỉa|đoạn|hướng|giáp|sông|kênh|rạch|suối
    |giải|thưởng|của|mang|tên|cắt"""
).marked
_BETWEEN = _BODY | frozenset(word for phrase in NAMED_SO.marked for word in phrase.split()) - _WAYS
_TELLING = vocabulary(
    """là|đã|đang|sẽ|vẫn|bị|được|có|không|chưa|cho|với|thì|mà|nên|nhưng|rồi|này|kia|đó|ấy|những|các|mấy
    |nhiều|nói|đánh|đuổi|bắt|nhận|đòi|gọi|hẹn|làm|sửa|lấn|phạt|về|do|tôi"""
).marked
_NOT_BETWEEN = _TELLING | _WAYS | LOCATING.marked | TITLES.marked
# The last word of what may be called after somebody.
_CALLED_AFTER = vocabulary(
    "trường|học|thcs|thpt|non|giáo|viện|chợ|phố|phường|xã|quận|huyện|thôn|ấp|xóm|khóm|đường|khoa"
).marked
_NOT_CALLED_AFTER = vocabulary("dân phố|môi trường|thị trường|tác xã").marked
_COMPANY = re.compile(
    r"(?<!\w)(?:công ty|cty|tập đoàn|doanh nghiệp|dntn)"
    r"(?: (?:tnhh|cp|cổ phần|mtv|(?:một|hai|1|2) (?:thành viên|tv)|tư nhân|tm|dv|xd|sx|thương mại|dịch vụ"
    r"|xây dựng|đầu tư|sản xuất|vận tải|du lịch|xuất nhập khẩu|bất động sản|địa ốc|may|nội thất|và|&|-))*$"
)
_WORD = re.compile(r"\w[\w&./]*|-|–")
_REACH = 110  # code points before a name in which the post may stand
_LONGEST = 14  # words of a body
_LONGEST_PHRASE = 4
_LONGEST_FAMILY = 9  # code points and a blank
_FAMILIES_IN_A_ROW = 4  # "Hồ Lê Trần Văn An", and no thousand
_FEWEST = 3  # words of a full name
_KEPT = 1000  # words that a process remembers


class _Phrases:
    """Phrases, and the words that they end with."""

    def __init__(self, *words: Words) -> None:
        self.said = frozenset[str]().union(*(some.marked for some in words))
        self._lasts = frozenset(phrase.rpartition(" ")[2] for phrase in self.said)

    def end(self, words: Sequence[str]) -> bool:
        """Whether one of them ends the words; abbreviations count in capitals alone: "ca" is a shift too."""
        last = words[-1]
        if last not in self._lasts and last.lower() not in self._lasts:
            return False
        said = [" ".join(words[-many:]) for many in range(1, _LONGEST_PHRASE + 1)]
        return any(one in self.said or one.lower() in self.said for one in said)


_OF_POSTS, _OF_PARTIES, _OF_THINGS = _Phrases(POSTS), _Phrases(PARTIES), _Phrases(NAMED_SO, LOCATING)


def find(page: Page) -> Iterator[Found]:
    """The full names behind a post and its body, and behind a small word, that are nobody else's."""
    known = dict[tuple[str, str], tuple[int, str]]()
    for at in _begun_by_a_family(page) if page.is_marked else ():
        words = capitals.words_at(page, at)
        if len(words) >= _FEWEST:
            before = page.text[max(0, at - _REACH) : at]
            around = before, " ".join(words)
            if around not in known:
                known[around] = _named(page, words, before.split(" "))
            start, name = known[around]
            if name:
                yield Found(at + start, at + start + len(name), "person")


def _named(page: Page, words: list[str], before: list[str]) -> tuple[int, str]:
    """Where among the capitals a person's name begins, and it; "" for none."""
    if len(before) < 2 or before.pop() or _is_part_of_a_name(before, words):
        return 0, ""
    start, name = _told(page, words, before)
    is_street = f"{before[-1]} {name}".lower() in STREETS.marked  # "Phù" Đổng Thiên Vương
    return (0, "") if is_street else (start, name)


def _is_part_of_a_name(before: Sequence[str], words: Sequence[str]) -> bool:
    """Whether what looks like a family's name ends another name and the family is next ("Hải Châu Lê Thị
    Lan"), or is the second one ("Võ Nguyễn Anh Thư").
    """
    if not before[-1][:1].isupper() or before[-1].isupper():
        return False
    follows = len(words) > _FEWEST and words[1].lower() in SURE_FAMILIES.marked
    second = before[-1].lower() in SURE_FAMILIES.marked and not before[-2:][0][:1].isupper()
    return second or (follows and words[2].lower() in MIDDLES.marked)


def _begun_by_a_family(page: Page) -> Iterator[int]:
    """Where two capitals stand together, the first of which is a family's name; of a row the first."""
    found, lower = page.capitals, page.lower
    row, end = 0, -1
    for at, following in pairwise(found):
        if following - at <= _LONGEST_FAMILY and lower[at : following - 1] in FAMILIES.marked:
            row, end = row + 1 if at == end else 1, following
            if row <= _FAMILIES_IN_A_ROW:
                yield at


def _told(page: Page, words: list[str], before: list[str]) -> tuple[int, str]:
    """The same of what is nobody else's."""
    family, lowered = words[0].lower(), [word.lower() for word in before]
    if lowered[-1] in _WAYS or lowered[-1] == "tuyến":
        return 0, ""
    if _OF_POSTS.end(before):
        return _official(page, words, may_be_its_own=False)
    if _COMPANY.search(" ".join(lowered)):
        return 0, ""
    if _is_behind(_OF_POSTS, before, family):
        return _official(page, words, may_be_its_own=_may_be_called_after(lowered))
    return 0, _own(page, words) if _stands_by_himself(before, lowered, family) else ""


def _stands_by_himself(before: list[str], lowered: list[str], family: str) -> bool:
    """Whether nothing right before the name is called after somebody, begins a name, or says a place."""
    if _OF_PARTIES.end(before):
        return True
    if _OF_THINGS.end(lowered):
        return False
    return (before[-1].isalpha() and before[-1].islower()) or _is_behind(_OF_PARTIES, before, family)


def _is_behind(posts: _Phrases, before: Sequence[str], family: str) -> bool:
    """Whether a post is told, and behind it nothing but what its body is called by.

    What ends in the body's own name or number may be called by any word: "ngân hàng Agribank", "đội rác 5".
    """
    if before[-1][:1].isupper() and family in _BODY:
        return False  # "Phòng Quản Lý Đô Thị"
    is_named = not before[-1].isalpha() or (len(before[-1]) > 1 and before[-1][0].isupper())
    for last in range(len(before), max(0, len(before) - _LONGEST), -1):
        if posts.end(before[max(0, last - _LONGEST_PHRASE) : last]):
            return True
        if not _is_of_a_body(before[last - 1], any_word=is_named):
            return False
    return False


def _may_be_called_after(lowered: Sequence[str]) -> bool:
    """Whether the body may be called after somebody, as a street is."""
    return lowered[-1] in _CALLED_AFTER and " ".join(lowered[-2:]) not in _NOT_CALLED_AFTER


@lru_cache(maxsize=_KEPT)
def _is_of_a_body(word: str, *, any_word: bool) -> bool:
    if not _WORD.fullmatch(word):
        return False
    if word[0].isupper() or not word.isalpha():
        return True
    return word in _BETWEEN or (any_word and word not in _NOT_BETWEEN)


def _official(page: Page, words: list[str], *, may_be_its_own: bool) -> tuple[int, str]:
    """`may_be_its_own`: the body may be called after somebody, as a street is."""
    own = _words_of_the_body(words, may_be_its_own=may_be_its_own)
    name = _full_name(page, words[own:])
    return sum(len(word) + 1 for word in words[:own]), name


def _full_name(page: Page, words: list[str]) -> str:
    """A sure family's name and at least two words, of which one is known for a person's; "" for none."""
    name = capitals.of_a_person(page, words)
    if len(name) < _FEWEST or name[0].lower() not in SURE_FAMILIES.marked:
        return ""
    known = name[1].lower() in MIDDLE.marked or name[-1].lower() in GIVEN.marked
    return " ".join(name) if known else ""


def _own(page: Page, words: list[str]) -> str:
    """A full name that needs nobody's post: with a middle name, and not begun by a street's or a unit's."""
    if capitals.of_a_unit(words) or _of_a_street(words):
        return ""
    return _full_name(page, words) if _has_a_middle_name(words) else ""


def _has_a_middle_name(words: list[str]) -> bool:
    """Behind the family's name, or behind two of them that as many words follow: "Lê Phạm Minh Châu"."""
    family, second = " ".join(words[:2]).lower(), words[1].lower()
    two = second in SURE_FAMILIES.marked and len(words) > _FEWEST
    middle = two and (words[2].lower() in MIDDLES.marked or words[2].lower() in GIVEN.marked)
    return middle or second in MIDDLES.marked or family in capitals.ROYAL


def _words_of_the_body(words: list[str], *, may_be_its_own: bool) -> int:
    """How many words, from the first, name a unit, a street or a school: "THCS Nguyễn Huệ Trần Văn Minh"."""
    unit, street = capitals.of_a_unit(words), _of_a_street(words)
    return unit if unit >= street or not may_be_its_own else street


def _of_a_street(words: list[str]) -> int:
    """How many words, from the first, are called as streets are."""
    return capitals.named_first(words, lambda name: name.lower() in STREETS.marked)
