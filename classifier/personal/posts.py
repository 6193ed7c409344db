"""Officials named behind their post and the body that it is in: "Giám đốc Sở Xây dựng Phùng Phú Phong".

The tagger of names takes what follows a school or a hospital for its own; a full name there that no unit,
street or school bears is the official's. Looked for where marks are written: "truong" is a school as well.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from ..places import shipped as gazetteer
from ..text import fold
from .cues import MIDDLE
from .page import UPPER, Found, Page
from .words import FAMILIES, GIVEN, STREETS, SURE_FAMILIES, vocabulary

_POSTS = vocabulary(
    "chủ tịch|bí thư|giám đốc|trưởng|phó|cán bộ|công chức|viên chức|chuyên viên|nhân viên|lãnh đạo|chánh"
    "|hiệu trưởng|hiệu phó|thanh tra|chỉ huy|kế toán|thủ quỹ|văn thư|địa chính|công an|kiểm lâm|kiểm lâm viên"
    "|bác sĩ|bác sỹ|y tá|y sĩ|y sỹ|điều dưỡng|hộ sinh|thẩm phán|kiểm sát viên|chấp hành viên|điều tra viên"
    "|cảnh sát|thiếu úy|trung úy|thượng úy|đại úy|thiếu tá|trung tá|thượng tá|đại tá"
).marked
# What a body is called by, word by word; one with a capital may be any.
_BODY = vocabulary(
    """an|bản|ban|bảo|binh|bệnh|bí|bộ|buôn|bưu|cán|cảnh|chi|chiến|chính|chủ|chung|chuyên|chức|chợ|công|cơ
    |cư|cục|cửa|cựu|du|dân|dục|dự|giao|giáo|hải|hành|hạ|hệ|hiểm|hoạch|hóa|hoá|học|hộ|hội|hợp|huyện|hình
    |huấn|kế|kho|khám|khóm|khoa|khu|khẩu|khối|kiểm|kinh|ký|kỹ|lao|lịch|liên|luyện|lâm|lý|lực|mặt|mầm
    |mẫu|môi|một|nghiệp|nghệ|ngoại|nguyên|nguyện|nhà|nhiệm|nhân|niên|non|nông|nội|nữ|phòng|phó|phố
    |phường|phụ|phát|phương|quan|quân|quản|quận|quốc|quyền|quỹ|ra|rừng|sát|sản|sở|sự|tài|tâm|tầng|tập
    |tế|thành|thanh|thầu|thi|thị|thể|thiếu|thôn|thông|thú|thuế|thuật|thương|thường|tiếp|tiểu|tin|tịch
    |tính|tòa|toà|tổ|tổng|tra|trách|trạm|trại|trẻ|trị|triển|trung|trực|trưởng|trường|trận|trật|tuyên|tự
    |tư|tỉnh|tội|ubnd|hđnd|ủy|uỷ|đa|đai|đảng|đào|đất|điện|đình|đồng|đội|đoàn|động|đô|đăng|vận|và|vật|vệ
    |viên|viễn|viện|văn|vực|xã|xây|xóm|xuất|y|ấp|án|dựng|tạo|trú|mttq|thcs|thpt"""
).marked
# The last word of what may be called after somebody.
_CALLED_AFTER = vocabulary(
    "trường|học|thcs|thpt|non|giáo|viện|chợ|phố|phường|xã|quận|huyện|thôn|ấp|xóm|khóm|đường|khoa"
).marked
_NOT_CALLED_AFTER = vocabulary("dân phố|môi trường|thị trường").marked
_WORD = re.compile(r"\w+|-")
_CAPITALS = re.compile(rf"[{UPPER}]\w*(?: [{UPPER}]\w*){{2,7}}")
_REACH = 90  # code points before a name in which the post may stand
_LONGEST = 12  # words of a body
_LONGEST_FAMILY = 9  # code points and a blank
_FEWEST, _MOST = 3, 4  # words of a full name
_NEXT_PART = vocabulary("tổ|thôn|ấp|xóm|phường|xã|quận|huyện|số|đường")


def find(page: Page) -> Iterator[Found]:
    """The full names behind a post and its body, that are nobody else's."""
    for at in _begun_by_a_family(page) if page.is_marked else ():
        capitals = _CAPITALS.match(page.text, at)
        if not capitals or capitals.group().isupper():
            continue
        words = capitals.group().split(" ")
        before = page.text[max(0, at - _REACH) : at].split(" ")
        if _is_behind_a_post(before, words[0].lower()):
            start, name = _official(page, words, may_be_its_own=_may_be_called_after(before))
            if name and f"{before[-2]} {name}".lower() not in STREETS.marked:  # "Phù" Đổng Thiên Vương
                yield Found(at + start, at + start + len(name), "person")


def _begun_by_a_family(page: Page) -> Iterator[int]:
    """Where two capitals stand together, the first of which is a family's name."""
    capitals, lower = page.capitals, page.lower
    for at, following in pairwise(capitals):
        if following - at <= _LONGEST_FAMILY and lower[at : following - 1] in FAMILIES.marked:
            yield at


def _is_behind_a_post(before: list[str], family: str) -> bool:
    """`before`: the words, behind a blank the last of them empty."""
    if len(before) < 2 or before[-1]:
        return False
    if before[-2][:1].isupper() and family in _BODY:
        return False  # "Phòng Quản Lý Đô Thị"
    lowered = [word.lower() for word in before[:-1]]
    for last in range(len(lowered), max(0, len(lowered) - _LONGEST), -1):
        if any(" ".join(lowered[max(0, last - many) : last]) in _POSTS for many in (1, 2, 3)):
            return True
        if not _is_of_a_body(before[last - 1]):
            return False
    return False


def _may_be_called_after(before: list[str]) -> bool:
    """Whether the body may be called after somebody, as a street is."""
    last_two = " ".join(before[-3:-1]).lower()
    return before[-2].lower() in _CALLED_AFTER and last_two not in _NOT_CALLED_AFTER


def _is_of_a_body(word: str) -> bool:
    if not _WORD.fullmatch(word):
        return False
    return word[0].isupper() or word.lower() in _BODY or word == "-" or (word.isdigit() and len(word) < 3)


def _official(page: Page, words: Sequence[str], *, may_be_its_own: bool) -> tuple[int, str]:
    """Where the official's name begins among the capitals, and it; "" for none.

    `may_be_its_own`: the body may be called after somebody, as a street is.
    """
    own = _words_of_the_body(page, words, may_be_its_own=may_be_its_own)
    left = words[own:]
    many = next((at for at, word in enumerate(left) if _NEXT_PART.has(page, word.lower())), len(left))
    left = left[: min(many, _MOST)]
    if len(left) < _FEWEST or left[0].lower() not in SURE_FAMILIES.marked:
        return 0, ""
    given = left[1].lower() in MIDDLE.marked or left[-1].lower() in GIVEN.marked
    return sum(len(word) + 1 for word in words[:own]), " ".join(left) if given else ""


def _words_of_the_body(page: Page, words: Sequence[str], *, may_be_its_own: bool) -> int:
    """How many words, from the first, name a unit, a street or a school: "THCS Nguyễn Huệ Trần Văn Minh"."""
    known = gazetteer()
    for many in range(len(words), 1, -1):
        name = " ".join(words[:many]).lower()
        if known.knows(fold(name)):
            return many
        if name in STREETS.marked:
            given = len(words) - many == 1 and words[1].lower() in MIDDLE.marked  # "Lê Thị Hồng" Nhung
            return many if may_be_its_own and not given else 0
    return 0
