"""Names of persons: by a title, by words that say a name follows, by a family name, as a signature.

A capitalised name is a street's, a school's or a ward's as often as a person's: the words before it decide.
Small and unmarked letters count only after words that leave little doubt ("tôi tên là nguyen van an").
"""

import re
from collections.abc import Iterator, Sequence

from ..text import fold
from . import small_names
from .cues import CALLS, LOCATING, MIDDLE, NAMED_SO, NO_FIRST, NO_NICK, NO_TEN, RANKS, Person, is_named_so
from .numbers import BANK
from .page import Found, Page
from .words import FAMILIES, GIVEN, STREETS, SURE_FAMILIES, UPPER, Before, vocabulary

_UPPER = UPPER + "ŎŌŠŽÑÖÜ"  # the Highlands', and foreigners'
_WORD = rf"[{_UPPER}](?:[^\W\d_]|['’])*(?:-[^\W\d_]+)?(?![\d_])"
_RUN = re.compile(
    rf"(?<![\w'’])(?<!\w-){_WORD}(?:[ ](?:(?<!iêu )(?<!ieu )(?:thị|văn|thi|van)[ ](?=[{_UPPER}]))?{_WORD})*"
)
_LONGEST = 5  # syllables of a name
_TITLES = vocabulary(
    "ông|bà|anh|chị|cô|chú|bác|em|cháu|thầy|cụ|dì|cậu|mợ|bé|thím|dượng|mẹ|má|bố|cha|vợ|chồng|tui|tôi|mình"
    "|sếp|thằng|a|c|e"
    "|cu|nhóc|gã|trùm|đại ca|sư cô|ni cô|soeur|ông lang|thầy lang|thượng tọa"
    "|đồng chí|đ/c|mụ|lão|mệ|shipper|mr|ms|mrs|lh|bs|ls|bạn|vợ chồng"
)
_ROLES = vocabulary(
    """trưởng thôn|phó thôn|thôn trưởng|tổ trưởng|tổ phó|trưởng ấp|ấp trưởng|trưởng ban|phó ban|chủ tịch
    |phó chủ tịch|chủ tịch xã|phó chủ tịch xã|chủ tịch phường|bí thư|giám đốc|phó giám đốc|kế toán
    |kế toán trưởng|thủ quỹ|hiệu trưởng|hiệu phó|bác sĩ|bác sỹ|bs|y tá|điều dưỡng|luật sư|ls|chủ thầu
    |chủ nhà|chủ quán|chủ trại|chủ trọ|chủ hộ|chủ xe|chủ tiệm|chủ cửa hàng|nhân viên|cán bộ|công an
    |công an viên|cảnh sát|đại úy|đại uý|thượng úy|thượng uý|trung úy|trung uý|thiếu tá|trung tá|thượng tá
    |đại tá|thiếu úy|thiếu uý|dân phòng|bảo vệ|tài xế|lái xe|giáo viên|cô giáo|thầy giáo|thanh tra
    |chánh thanh tra|trưởng phòng|phó phòng|đội trưởng|đội phó|địa chính|thợ|con trai|con gái|cháu trai
    |cháu gái|hàng xóm|người bạn|bạn|bệnh nhân|học sinh|sinh viên|nguyên đơn|bị đơn|người thu|người bán
    |người nhận|người phỏng vấn|nạn nhân|đối tượng|thương binh|sư thầy|đại đức|linh mục|thu ngân
    |nhân viên y tế|cán bộ y tế
    |kỹ sư|kĩ sư|y sĩ|y sỹ|quản lý|giám sát|chủ xưởng|chủ đò|chủ ghe|chủ vựa|chủ lò|chủ bãi|chủ tàu|cai
    |hộ lý|lao công|môi giới|đầu nậu|giang hồ|trưởng trạm|trưởng tàu|trưởng khu|nhân sự|phụ xe|thợ điện
    |thợ hồ|dược sĩ|tạp vụ|điều phối|lễ tân|chủ thớt|cai thầu|thầu|trọng tài
    |trưởng khoa|thú y|chủ cơ sở|chủ đất|chủ nợ|hộ ông|hộ bà|gia đình|anh trai|chị gái|em trai|em gái
    |bạn gái|bạn trai|già làng|trưởng bản|trưởng buôn|hướng dẫn viên|huấn luyện viên|người yêu|chồng cũ
    |vợ cũ|trợ lý|thư ký|cò đất"""
)
_SAYING = vocabulary(
    """họ tên|họ và tên|tên|tên là|tên tôi là|tên em là|tên thật|tên thiệt là|tên thật là|tên mình là
    |tên cháu|tên tôi|tên em|mang tên|đứng tên|tôi là|em là|mình là|cháu là|con là|tui là|e là|hàng xóm là
    |tên hắn là|tên nó là|ký thay|t/m|trai là|gái là|út là|bạn là|chủ là|họ là|mẹ là|bố là
    |ba là|cha là|vợ là|chồng là|tôi tên|em tên|người gửi|người viết|người làm đơn|người tố cáo
    |người phản ánh|người khai|người đề nghị|người nhận|người làm chứng|người chứng kiến|người đại diện
    |người báo|người ký|kính đơn|kính thư|ký tên|chủ tài khoản|chủ tk|chủ thẻ|người thụ hưởng|thân ái
    |trân trọng|trân trọng cảm ơn|gặp|mẹ cháu|bố cháu|mẹ con|đại diện|nhân chứng|cha tôi|mẹ tôi|vợ tôi
    |chồng tôi|con tôi|em tôi|tôi|em|mình|cháu|tui|học sinh|bạn cùng phòng|chủ sở hữu|người viết đơn
    |người đứng đơn|người nộp đơn|người tố giác|người khiếu nại|bên bán|bên mua|bên cho thuê|thay mặt
    |thay mặt các hộ|đại diện các hộ|đại diện hộ|chủ nhiệm|hỏi|tag|cc|nhờ|tức|tên gọi|bí danh|biệt danh
    |hay gọi là|là ông|là bà|là anh|là chị|con nuôi|nhân vật"""
)
_HISTORIC = vocabulary("cụ|anh hùng|chí sĩ|danh nhân|nhà văn|nhà thơ|vua|tướng|đức|liệt sĩ|nhạc sĩ|chúa|bác")
_NO_NAMES = vocabulary(
    """thích quảng đức|bác hồ|hồ chí minh|việt nam|cô vy|bà con|ông bà|anh chị|mai táng|hồ sơ|hà nội
    |văn phòng|văn hóa
    |văn hoá|cao tốc|cao đẳng|lý do|an ninh|an toàn|đồng nai|đồng tháp|đồng bằng|trang trại|đoàn thanh niên
    |đoàn phường|châu âu|châu á|hàn quốc|hàn|ba na|ba lan|hrê|chứt|pa kô|vân kiều|xơ đăng|giẻ triêng|cơ tu
    |mông|raglai|ba đình|ba vì|cao đài|toán|ngữ|vật|tiếng|địa|sử|tin|hồ núi|hồ ba|hồ con|hồ dầu|hồ suối
    |hồ hoàn|hồ trị|hồ xuân|cờ lao|brâu|h'mông|h'mong|h’mông|k'ho|vu lan|hán việt|thể|táo|tây|nhật
    |trung quốc|nhật bản|thái lan|lào|kinh|tày|mường|dao|khmer|chăm|hmong|nùng|ê đê|gia rai|đài loan
    |vũ trường|hồ bơi|an cư|lê chân|hồ gươm|hồ tây|cao bằng|cao lãnh|châu đốc|châu thành|lâm đồng|hà tĩnh
    |hà nam|hà giang|hà đông|mai châu|lý sơn|lai châu|thái nguyên|thái bình|hà tiên|cao su|đào tạo|đinh tán
    |vi phạm|la hét|tạ ơn|tô phở|tăng ca|thân gửi|thân ái|từ dũ|mỹ khê|chu trình"""
)
_STARTERS = vocabulary(
    """tôi|em|anh|chị|ông|bà|cô|chú|bác|cháu|con|hộ|thầy|cụ|mẹ|má|bố|cha|chồng|vợ|người|gửi|kính|tên|bé|tui
    |dì|cậu|gặp|nhờ|là|hỏi|mình|luật|sư|bs|ls|ts|ths|gs|pgs|kts|mr|ms|mrs|lh|theo|do|thằng|sếp|ký|bạn|cu
    |đ/c|trưởng|thưa|chào|cảm|ơn|đại|úy|bác|sĩ|nhà|tag|có""",
    "ha la do theo con mai dai thon nha co bac cu si",
)
_TITLES_INSIDE = vocabulary(
    "ông|bà|anh|chị|cô|chú|bác|em|cháu|thầy|cụ|dì|cậu|mợ|bé|hộ|tên|bs|ls|ts|ths|gs|pgs|kts|mr|ms|mrs|lh"
    "|sếp|thằng|tôi|tui|chồng|vợ|mẹ|bố|má|cha|sư|sĩ|úy|ký|mình"
)
_NEAR = frozenset(["con", "nghi", "o"])
_DOTTED = re.compile(r"(?<!\w)(?:mr|ms|mrs|bs|ls|gs|ts|ths|pgs|kts|đ/c|lh)[.:]\s?$")
_UNIT_BEHIND = re.compile(
    r"\s?[(,]?\s?(?:(?i:phường|quận|huyện|xã|phuong|huyen)\s(?!hội)|[PQFpqf]\s?\.?\s?\d|[PQ]\.)"
    r"|\s(?:bị ngập|bi ngap|(?:nối )?dài|keo dai|kéo dài|cắt|giao|đoạn|doan|hướng|huong)(?!\w)"
)
_NUMBER_BEFORE = re.compile(r"\d{3}[ .]?\d{3},?\s?[(–-]?\s?(?:ten )?$")
_NUMBER_BEHIND = re.compile(
    r"\s?[,(–\-:/]{0,2}\s?(?:so )?(?:cccd|cmnd|cmt|can cuoc|ho chieu|passport|sdt|so dt|dt[ :]|dien thoai"
    r"|sinh (?:nam|ngay)|sn \d|ngu |tru |thuong tru|cu tru|nha (?:so|o)|\d\d tuoi"
    r"|\(?\+?84[ \d]|0[\do]{2}[\do. ]|[\w.+-]{2,40}@)"
)
_SIGNATURE_BEFORE = re.compile(r"(?:[.!?;…]\s{1,2}\(?|\n\s?)$")
_SIGNATURE_AFTER = re.compile(
    r"[.!]?\s*$|, (?:tổ|thôn|ấp|khu|xóm|số|phường|xã|khối|to|thon|ap|xom|so|phuong|xa) "
)
_ETHNIC = re.compile(r"[HK]['’][^\W\d_]\w*")
_CLAN = frozenset(["y", "a", "ka"])  # before the names of men and women of the Highlands


def find(page: Page) -> Iterator[Person]:
    """Names, no two overlapping."""
    if page.text.isupper():
        yield from small_names.find(page)
        return
    taken: list[Found] = []
    for match in _RUN.finditer(page.text):
        person = _of_run(page, match.start(), match.group())
        if not person and taken and _goes_on(page, taken[-1], match):
            person = Person(Found(match.start(), match.end(), "person"), True)
        if person:
            taken.append(person.found)
            yield person
    for person in small_names.find(page):
        if not any(other.meets(person.found.start, person.found.end) for other in taken):
            yield person


_AND = re.compile(r"(?:, | và | va | với | voi | - |, và | & )(?:(?:ông|bà|anh|chị|cô|chú|em|cháu) )?$")


def _goes_on(page: Page, last: Found, match: re.Match[str]) -> bool:
    """Whether it goes on a list of persons: "Hùng, Dũng và Cường"."""
    between = page.text[last.end : match.start()]
    words = match.group().lower().split()
    if len(between) > 12 or not _AND.fullmatch(between) or not _can_be(page, match.group().split()):
        return False
    return len(words) <= _LONGEST and (
        GIVEN.has(page, words[-1]) or (len(words) > 1 and FAMILIES.has(page, words[0]))
    )


def _of_run(page: Page, start: int, run: str) -> Person | None:
    """The person in a run of capitalised words, without the title or the verb that the run begins with."""
    words = run.split(" ")
    skipped = 0
    while skipped < len(words) - 1 and _starts(page, words[skipped:]):
        skipped += 1
    at = start + sum(len(word) + 1 for word in words[:skipped])
    led_by = words[skipped - 1].lower() if skipped else ""
    words = words[skipped : skipped + _LONGEST]
    if not (led_by or len(words) > 1 or _could_stand_alone(page, start, run)) or not _can_be(page, words):
        return None
    end = at + len(" ".join(words))
    if led_by and _NO_NAMES.has(page, f"{led_by} {' '.join(words).lower()}"):
        return None
    before = Before(page, start)
    named_so = is_named_so(before)
    led = led_by != "" and _TITLES_INSIDE.has(page, led_by)
    told = not named_so if led else _is_told(page, before, words, end)
    if told:
        name = " ".join(words).lower()
        aged = _NUMBER_BEHIND.match(page.folded, end) is not None
        if not aged and STREETS.has(page, name) and (_HISTORIC.ends(before) or _HISTORIC.has(page, led_by)):
            return None
        family = FAMILIES.has(page, words[0].lower(), plain=name.isascii())
        return Person(Found(at, end, "person"), led or family or _TITLES.ends(before) != "")
    if not named_so and _looks_a_person(page, words, Before(page, at) if skipped else before, at, end):
        return Person(Found(at, end, "person"), False)
    return None


def _could_stand_alone(page: Page, start: int, word: str) -> bool:
    """Whether one word where a sentence begins can be a name at all: most are not."""
    if page.text[max(0, start - 2) : start].strip() and page.text[start - 2 : start - 1] not in ".!?…":
        return True
    return (
        GIVEN.has(page, word.lower())
        or "'" in word
        or _DOTTED.search(page.lower[max(0, start - 6) : start]) is not None
    )


def _starts(page: Page, words: Sequence[str]) -> bool:
    """Whether the first word only leads to the name; "Ông Văn Bảy" is a family name."""
    first, second = words[0].lower(), words[1].lower()
    if FAMILIES.has(page, first) and (MIDDLE.has(page, second) and len(words) > 2):
        return False
    if first == "vo" and len(words) > 2:
        return False
    return _STARTERS.has(page, first)


def _can_be(page: Page, words: Sequence[str]) -> bool:
    first, name = words[0].lower(), " ".join(words).lower()
    if _NO_NAMES.has(page, name) or BANK.fullmatch(first) or BANK.match(name):
        return False
    if (
        len(words) > 1
        and all(len(word) < 4 and word.isupper() for word in words)
        and (first.isascii() or len(words[-1]) < 3)
    ):
        return FAMILIES.has(page, first, plain=True)
    if len(words) > 1 and (_ETHNIC.fullmatch(words[-1]) or _is_of_thi(name) or _is_nickname(words)):
        return True
    if len(words) == 1:
        known = GIVEN.has(page, first) or not words[0].isupper()
        return len(name) > 1 and (first == "toàn" or not NO_FIRST.has(page, first)) and known
    if NAMED_SO.has(page, first) and not FAMILIES.has(page, first):
        return False
    if GIVEN.has(page, first) and GIVEN.has(page, words[1].lower()):
        return True
    return not NO_FIRST.has(page, first) or (FAMILIES.has(page, first) and len(words) > 2)


_HOLY = vocabulary(
    """phêrô|giuse|maria|phaolô|anna|têrêsa|gioan|đaminh|antôn|micae|giacôbê|phanxicô
    |matta|catarina|máctinô|tôma"""
).marked
_THI = re.compile(
    r"(?!thành |đô |siêu |phường |xã |quận |cần |hạ |dịch |thanh |do |sieu |phuong |quan |can |ha )"
    r"\S+ th[ịi] \S+"
)


def _is_of_thi(name: str) -> bool:
    """ "Thị" in the middle names a woman, whatever stands before: "Bún Thị Măng"."""
    return _THI.match(name) is not None


def _is_nickname(words: Sequence[str]) -> bool:
    """By the rank among brothers and sisters, as in the South: "Năm Rớt"."""
    rank, second = words[0].lower(), words[1].lower()
    return len(words) == 2 and rank in RANKS and not words[1].isupper() and second not in NO_NICK.marked


def _is_told(page: Page, before: Before, words: Sequence[str], end: int) -> bool:
    """Whether a title, an office, "tên là" or a phone beside it says that it is a person."""
    name = " ".join(words)
    if _ETHNIC.fullmatch(words[0]) or _NUMBER_BEFORE.search(before.text):
        return True
    if before.text.endswith(" do ") and _DOES.match(page.folded, end):
        return True
    if before.is_close and _ROLES.ends(before):
        return _is_called_so(page, words)
    if len(words) > 1 and before.is_close and _is_led_far(before, words) and _is_called_so(page, words):
        return True
    if before.text.rstrip()[-1:] in (":", "-", "–") and _SAYING.ends(before):
        return True
    if is_named_so(before):
        return False
    title = _TITLES.ends(before) if before.is_close else ""
    if title:
        ahead = Before(page, end - len(name) - len(title) - 1)
        return not NAMED_SO.ends(ahead) or ahead.text.rstrip()[-1:] in ",-–"
    if before.is_close and not before.plain and len(words) == 1 and before.tails[-1] in _NEAR:
        return GIVEN.has(page, name.lower()) and before.tails[-2:-1] != ("bà con",)
    if before.is_close and not before.plain and _is_of_a_family(page, before, words):
        return True
    if _DOTTED.search(before.text):
        return True
    said = _SAYING.ends(before)
    shouted = name.isupper() and not FAMILIES.has(page, words[0].lower(), plain=name.isascii())
    if said and (not shouted or CALLS.search(said)):
        return not NO_TEN.ends(Before(page, end - len(name) - len(said) - 1))
    known = len(words) > 1 or GIVEN.has(page, words[0].lower())
    return known and _NUMBER_BEHIND.match(page.folded, end) is not None


def _is_led_far(before: Before, words: Sequence[str]) -> bool:
    """Whether a title stands a word or two before: "chủ xưởng", "chị nhân sự"; not "chị ở", "bà con"."""
    chiefs = _CHIEFS.folded if before.plain else _CHIEFS.marked
    if not any(tail.split(" ", 1)[0] in chiefs for tail in before.tails[-3:-1]):
        return False
    if LOCATING.ends(before) or _MANY.ends(before):
        return False
    lower = [word.lower() for word in words]
    street = any(" ".join(lower[:many]) in STREETS.marked for many in range(2, len(words) + 1))
    return not NAMED_SO.ends(before) or (len(words) > 2 and not street)


_MANY = vocabulary("bà con|anh em|chị em|anh chị|cô chú|cô bác|chú bác|các|những|và|với|của|người|dân")
_SYLLABLE = re.compile(
    r"(?:ngh|gh|ng|nh|ch|tr|th|ph|kh|gi|qu|[bcdghklmnpqrstvx])?[aeiouy]{1,3}(?:ng|nh|ch|[cmnpt])?"
)


def _is_foreign(word: str) -> bool:
    """Whether no Vietnamese syllable is written so."""
    return len(word) > 3 and not word.isupper() and not _SYLLABLE.fullmatch(fold(word.lower()))


def _is_of_a_family(page: Page, before: Before, words: Sequence[str]) -> bool:
    """After "nhà" a nickname ("nhà Thắng Mập"), after "con" two given names ("con Minh Khuê")."""
    lower = [word.lower() for word in words]
    if len(words) > 2 or not GIVEN.has(page, lower[0]) or STREETS.has(page, " ".join(lower)):
        return False
    if before.tails[-1] == "nhà":
        return len(words) == 1 or not (GIVEN.has(page, lower[1]) or words[1].isupper())
    return before.tails[-1] == "con" and before.tails[-2:-1] != ("bà con",) and GIVEN.has(page, lower[-1])


_DOES = re.compile(
    r" (?:dung ten|dung ra|lam chu|cam dau|quan ly|dieu hanh|thue|bao ke|phu trach|thau|ky|lai|nhan tien"
    r"|dung dau|chi huy|cam lai|viet|lap ra)(?!\w)"
)
_CHIEFS = vocabulary("chủ|trưởng|phó|kế|thủ|cán|ông|bà|anh|chị|chú|bác|thầy|thằng", "ba co thu")


def _is_called_so(page: Page, words: Sequence[str]) -> bool:
    """After an office, whose village or town may follow: only what is clearly a name."""
    first, last = words[0].lower(), words[-1].lower()
    if len(words) == 1:
        return GIVEN.has(page, first) or FAMILIES.has(page, first)
    if all(_is_foreign(word) for word in words) or _ETHNIC.fullmatch(words[-1]):
        return True
    return (
        first in RANKS
        or first == "thích"
        or (FAMILIES.has(page, first, plain=" ".join(words).isascii()))
        or (
            len(words) == 2
            and GIVEN.has(page, last)
            and (GIVEN.has(page, first) or FAMILIES.has(page, first))
        )
    )


def _looks_a_person(page: Page, words: Sequence[str], before: Before, at: int, end: int) -> bool:
    """By a family name, a middle name, a clan or the place of a signature; never a street's name."""
    lower = [word.lower() for word in words]
    name = " ".join(lower)
    plain = name.isascii()
    given = GIVEN.has(page, lower[-1], plain=plain) or _ETHNIC.fullmatch(words[-1]) is not None
    longer = any(STREETS.has(page, " ".join(lower[:many]), plain=plain) for many in range(2, len(words)))
    if len(words) == 1 and GIVEN.has(page, name) and _SIGNATURE_BEFORE.search(before.text):
        return at > 0 and re.match(r"\)?[.!]?\s*$", page.text[end:]) is not None
    if len(words) < 2 or STREETS.has(page, name, plain=plain) or (longer and not given):
        return False
    if _is_of_thi(name) or (len(words) > 2 and lower[0] in _HOLY):
        return True
    if page.is_marked and not plain and _is_nickname(words):
        return not before.is_close or not (LOCATING.ends(before) or NAMED_SO.ends(before))
    if _NO_NAMES.has(page, " ".join(lower[:2]), plain=plain):
        return False
    if _UNIT_BEHIND.match(page.text, end) or (
        NAMED_SO.has(page, lower[0]) and not FAMILIES.has(page, lower[0])
    ):
        return False
    located = before.is_close and LOCATING.ends(before) != ""
    family = SURE_FAMILIES.has(page, lower[0], plain=plain) or SURE_FAMILIES.has(page, " ".join(lower[:2]))
    if len(words) > 2 and MIDDLE.has(page, lower[1], plain=plain):
        if not (given or FAMILIES.has(page, lower[0], plain=plain)):
            return False
        return not located or FAMILIES.has(page, lower[0], plain=plain)
    if lower[0] == "thị":
        return lower[1] not in ("trấn", "xã", "nghè", "nại", "vải")
    if lower[0] in _CLAN and not words[1].isupper():
        return not located and (
            not before.text or before.text[-2:-1].isalpha() or before.text[-2:-1] in ",:("
        )
    if len(words) == 2 and lower[0] in _OFTEN and not located and before.text.rstrip()[-1:] != "-":
        return True
    if family and (given or len(words) > 2):
        return not located
    if (
        given
        and len(words) > 2
        and lower[0] not in _OF_PLACES
        and not " ".join(words).isupper()
        and _stands_apart(page, before, end)
    ):
        return True
    if SURE_FAMILIES.has(page, lower[0]) and (_is_foreign(words[0]) or _is_foreign(words[1])):
        return not located
    signed = _SIGNATURE_BEFORE.search(before.text) and _SIGNATURE_AFTER.match(page.lower, end)
    if signed and len(words) == 2 and given and at and not page.text[end:].strip(" .!\n"):
        return GIVEN.has(page, lower[0])
    return bool(signed and len(words) <= 4 and given and FAMILIES.has(page, lower[0], plain=plain))


_OFTEN = vocabulary("nguyễn|trần|phạm|lê|huỳnh|bùi|đặng|võ|vũ|phan|đỗ|nguyen|pham|huynh").marked
_OF_PLACES = vocabulary(
    "hòa|hoà|an|tân|phú|bình|long|thanh|vĩnh|mỹ|đông|tây|nam|bắc|xuân|sơn|hải|thạnh|phước"
).marked


def _stands_apart(page: Page, before: Before, end: int) -> bool:
    """Whether only commas and stops are beside it, as beside a name that is added."""
    free_before = before.text.rstrip()[-1:] in tuple(",.:(!?") or not before.text.strip()
    return free_before and (page.text[end : end + 1] in tuple(",.);\n") or end == len(page.text))
