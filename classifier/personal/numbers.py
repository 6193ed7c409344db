"""Numbers that are somebody's: cards, phones, accounts, plates; also spaced, dotted, with o for 0, in words.

A run of digits is judged by its make-up (`0` + network, province + century of a card) and by the nearest
word before it that says what it is; the names of banks say it behind. A number without either is no one's.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate, pairwise
from operator import ne
from typing import NamedTuple

from . import mail, office_lines
from .page import LETTER, Found, Page
from .words import pattern, vocabulary

# Patterns begin with what they look for and look back from there: figures are few.
# Everything below reads the folded text. A part may carry the letters o for 0, never alone, and l for 1.
_PART = r"(?:o{0,2}|l)\d[\dol]{0,24}(?<!l)"
_AS_FIGURES = str.maketrans("ol", "01")
_RUN = re.compile(
    r"(?=[\do+(])"
    rf"(?:(?<![\w/.])(?<!\d-)|(?<=\d{{9}}/)|(?<=cmnd)|(?<=cccd)|(?<=sdt)|(?<=stk)|(?<=mst)|(?<=\bdt)|(?<=\btk)"
    rf"|(?<=\.\.)|(?:(?<=phone)|(?<=goi)|(?<=zalo)|(?<=viber)|(?<=viber/)|(?<=zalo/)|(?<=tel\.)|(?<=\bdt\.)"
    rf"|(?<=\d{{3}}/)|(?<=[a-z]\d-))(?=0[235789]))"
    rf"\+?\(?{_PART}\)?(?:[ .\-–()]{{0,3}}(?<!\w)(?:{_PART}|(?<=[.\-])o{{3,4}}(?=[.\-]))){{0,11}}"
)
_PARTS = re.compile(rf"{_PART}|o{{3,4}}")
# A number whose figures stand apart, between any few signs, also over a line's end.
_APART = re.compile(r"\d(?<![^\W_]\d)\d{0,8}(?:[\W_]{1,3}\d{1,9}){1,19}(?![a-z\d])")
_SEEN_BY_RUNS = re.compile(r"[\d .\-()]+")
_JUDGED = re.compile(r"[ .\-()]{1,3}")
_OF_A_LIST = re.compile(r"[,/:;]")
_FEWEST_DIGITS = 7  # in the shortest number that a run can be, a local phone
_FEWEST_OF_AN_ACCOUNT = 6  # that is told to be one
_LONGEST_NUMBER = 19
_LONGEST_LOCAL = 8  # digits of a telephone without what is dialled before it
_SHORTEST_CARD = 9  # so many digits are no measure, whatever is welded to them
_TELEPHONE = re.compile(r"0[35789]\d{8}|02\d{9}|84[35789]\d{8}")
_WELDED = re.compile(r"[a-z0-9_]|/\d(?!\d{2,3}[. ]?\d{3})")
_MONEY = re.compile(r"[1-9]\d{0,2}(?:[.,]\d{3})+(?!\d)")
_ROUND = re.compile(r"[1-9]\d{0,2}(?:\.\d{3})*\.000|[1-9]\d{0,2}(?:,\d{3})*,000")
_SUM = re.compile(r"[1-9]\d{0,2}(?:([., ])\d{3})(?:\1\d{3})*|[1-9]\d{3,11}")  # as one is written
_JOINS_DONG = vocabulary(  # "đồng thời" is no sum
    "chí|thời|nghiệp|loạt|bọn|ý|tình|lòng|hồ|phục|bào|bộ|đội|thuận|bằng|hương|hành|sở hữu|phạm|đứng|chủ|minh"
)
_DONG = pattern(r"(?! %s(?!\w))", _JOINS_DONG)
# Read as written, for "Hà Nội", "Tân Bình" and "đ/c Lan" are no measures; nor is what stands on a new line.
_UNIT = re.compile(
    rf"[^\S\r\n]?(?P<unit>(?:triệu|tỷ|tỉ|nghìn|ngàn|đồng{_DONG.marked.pattern}|vnđ|vnd|đ(?!/c)|₫|usd|euro"
    r"|m2|m²|m3|m³|kwh|km|kg|lít|tấn"
    rf"|(?P<bare>trieu|tr|ty|ti|nghin|ngan(?! hang)|dong{_DONG.folded.pattern}|đong|d(?!/c)|lit|tan|ha))"
    r"(?!\w)|%)",
    re.IGNORECASE,
)
_TWO_PAID = re.compile(r"[1-9]\d{4} [1-9]\d{4} dong(?!\w)")  # "12345 67890 đóng" are two figures
_NAMES_THE_NUMBER = re.compile(
    r"(?:\bsdt|\bdt|dien thoai|\bgoi|zalo|viber|cmnd|cmtnd|\bcmt|chung minh|cccd|can cuoc|\bstk|so tk|\btk"
    r"|tai khoan|\bmst|ma so thue|ho chieu|bhxh)[\s:.]{0,3}(?:cua \w{1,6} )?(?:so |la ){0,2}[\s:]{0,2}\+?\(?$"
)
# Nine figures are a telephone that lost its 0 only right behind these: many a number of papers has nine.
_TO_DIAL = re.compile(
    r"(?:\b(?:sdt|dt|dtdd|goi|zalo|viber|lh|alo|tel)|dien thoai|lien he|lien lac|nhan tin"
    r"|\b(?:goi|zalo|dt|lh|vao|qua|tu|luu|dung|bang) so|(?:^|[.,;:!?(\n])\s{0,2}so"
    r"|\bso (?:cua )?(?:toi|tui|em|e|minh|chau|con|anh|chi|ong|ba|co|chu|bac|no|nha|vo|chong))"
    r"(?:[\s:.]{1,3}(?:so|la|cho|qua|vao|toi|tui|em|e|minh|chau|anh|chi|a|c|co|chu|bac)(?=[\s:.])){0,3}[\s:.]{0,3}$"
)
_WITHOUT_ITS_0 = re.compile(r"(?:3[2-9]|5[25689]|7[06-9]|8[1-9]|9\d)\d{7}")
# "trong tài khoản 12.345.678 đồng" is what lies there; "stk" and "số tài khoản" name the number itself, and
# twelve figures of đồng are more than anybody's.
_MAY_HOLD = re.compile(r"tk|(?<!so )tai khoan")
_LONGEST_HELD = 11
# First-level accounts of a company's books: Thông tư 200/2014/TT-BTC, Phụ lục 1; from knowledge.
_LEDGER = vocabulary(
    """111|112|113|121|128|131|133|136|138|141|151|152|153|154|155|156|157|158|161|171|211|212|213|214|217
    |221|222|228|229|241|242|243|244|331|333|334|335|336|337|338|341|343|344|347|352|353|356|357|411|412|413
    |414|417|418|419|421|441|461|466|511|515|521|611|621|622|623|627|631|632|635|641|642|711|811|821|911"""
).folded
_LEDGER_LENGTHS = range(3, 5)
_FEWEST_COUNTED = 4  # numbers that grow by the same step, one that people count by
_STEPS = frozenset([1, 2, 5, 10, 50, 100])
_PAPER = re.compile(r"\b(?:qd|cv|quyet dinh|cong van)(?: so)?[\s:.]{1,3}$")
_PARTS_OF_A_DATE = 3
_MONTH = r"(?:(?:0?[1-9]|1[0-2])[./\-])?"
_YEARS = re.compile(rf"{_MONTH}(?:19|20)\d\d\s?[-–]\s?{_MONTH}(?:19|20)\d\d(?!\d)")
_HOTLINE = re.compile(r"1[89]00")
_WELDED_PHONE = re.compile(r"[08](?:(?<=[a-z_].)|(?<=[a-z][/.=].))(?:(?<=0)|4)[35789]\d{8}(?!\d)")
_DATE = re.compile(r"(?:0?[1-9]|[12]\d|3[01])[.\-](?:0?[1-9]|1[0-2])[.\-](?:19|20)\d\d(?!\d)")
_WHOLE_DATE = re.compile(_DATE.pattern.replace(r"[.\-]", r"[.\- ]"))
_CUE_REACH = 48  # code points before a number in which a word may announce it
_REF_REACH = 18
_CUE = re.compile(
    r"(?P<cccd>cccd|gplx|giay phep lai xe|bang lai|can cuoc|dinh danh|the cc\b|ma ca nhan)"
    r"|(?P<cmnd>cmnd|cmtnd|\bcmt\b|\bcm\b|chung minh)"
    r"|(?P<insurance>bhxh|\bso bh\b|bhyt|bao hiem|\bso so\b|\bso the bh)"
    r"|(?P<phone>\bsdt|\bs[dđ]t|\bdt\b|\bdtdd\b|dien thoai|zalo|viber|\bgoi\b|lien he|lien lac|\blh\b"
    r"|\btel\b|phone|mobile"
    r"|\balo\b|may ban|di dong|nhan tin|so may|may nha|\bfax\b|\bhot ?line\b|so nay\b)"
    r"|(?P<plate>bien so|\bbien\b|\bbks\b|\bbsx?\b|bien kiem soat)"
    r"|(?P<bank_account>\bstk\b|stk|so tk|tai khoan|\btk\b|account|chuyen khoan|\bck\b|\bchuyen (?:tien "
    r"|het |vao |qua |sang |toi )*"
    r"|\b(?:nap|nop|gui|ban|rot|dong|tra|nhan)(?: tien| luong)? (?:vao|vo|qua|sang)\b"
    r"|\batm\b|the ngan hang|\bngan hang\b"
    r"|\bvisa\b|so the\b(?! (?:xe|thu vien))|the tin dung|\btknh\b|\bsang\b)"
    r"|(?P<tax_code>\bmst\b|mst|ma so thue|ma thue|\bmsdn\b|ma so doanh nghiep|ma so kinh doanh"
    r"|ho kinh doanh|\bhkd\b"
    r"|ma doanh nghiep|dkkd|\bthue\b|ma so(?! (?:benh nhan|hoc sinh|du an|don|lo|truong))|\b\d ma\b)"
    r"|(?P<passport>ho chieu|passport|\bpp\b|\bhc so\b)"
    r"|(?P<ref>ma (?:ho so|phan anh|don|tra cuu|bien nhan|van don|vach|giao dich|qr|khach hang|can bo"
    r"|sinh vien)"
    r"|(?:bien nhan|ho so|don hang|van don|hoa don|bien lai|hop dong|to trinh|quyet dinh|cong van|so do|ve"
    r"|phieu|khung|thua dat"
    r"|thua|to ban do|vali|kien hang|tem|lo hang|the) so|\bs/n\b|so khung|so seri|\bseri\b|cong to|dong ho"
    r"|so may:|ve so|bao hiem xe"
    r"|so (?:hop dong|bien nhan|bien lai|hoa don|phieu|to khai|don hang|van don|bao danh|lo|may bom|the xe)\b"
    r"|so the(?= \d{4}-)|\blo (?:hang|vac xin)\b|\bthe (?:thu vien|gui xe|xe)\b|bao hiem xe|\bimei\b|\bisbn\b"
    r"|\bma (?:kien|loi|dang ky|tiep nhan|yeu cau|san pham|sp|dich vu|xac nhan|otp|nganh)\b"
    r"|\bdon hang:?$|\bse-?ri\b|\blo dat\b|\b(?:xet tuyen|du tuyen|du thi)\b"
    r"|giay hen\b|so hieu\b|\bma so (?:benh nhan|hoc sinh|truong|du an|don|lo)\b"
    r"|\bma (?:benh nhan|benh an|hoc sinh|truong|buu gui|cong trinh|du an|goi thau|dat cho|thua|vung|diem)\b"
    r"|\bve (?:so|tau|xe|may bay|phat|gui xe|thang|luot)\b|\b(?:ma|to|tam|cap) ve\b|toa do|kinh do\b|vi do\b)"
)
_STRETCH = re.compile(r"(?<!:)\n|;|\.\s|\d{5,}")
_BANKS = (
    r"vietcombank|vcb|techcombank|tech|tcb|agribank|agri|bidv|vietinbank|viett?in|ctg|acb|mb ?bank|mbb?"
    r"|sacombank"
    r"|scb|tpbank|tpb|vpbank|vpb|vib|shb|hdbank|ocb|msb|seabank|eximbank|lienviet\w*|lpbank|lpb"
    r"|viet capital|bvbank"
    r"|nam a bank|bac a bank|abbank|pvcombank|kienlongbank|dong a|dongabank|oceanbank|cake|timo|momo"
    r"|shinhan|woori"
    r"|hsbc|vietbank|vietabank|ncb|saigonbank|pgbank|baovietbank|co-?opbank"
)
_AT_A_BANK = re.compile(rf"[\s,(:\-–]{{0,3}}(?:tai |cua |o |ngan hang |nh |bank ){{0,2}}(?:{_BANKS})(?!\w)")
_BANK_BEFORE = re.compile(rf"(?<!\w)(?:{_BANKS})\s?[:\-–.,]?\s?(?:so )?$")
_AND = re.compile(
    r"[\s,;&\-–/]*(?:(?:va|voi|hoac|hay|sang|thanh|cung|den|toi|(?:chu )?(?:khong|ko) phai(?: la)?|&)[\s:]*"
    r"(?:ma |so |stk |tk )?)?$"
)

_ACCOUNT_SAID = re.compile(r"\b(?:stk|so tk|tk|tai khoan)[\s:]{0,3}(?:so |la |nhan )?$")
_SHORTEST_ACCOUNT, _LONGEST_ACCOUNT = 9, 16  # figures of one that nothing else tells
_INTO = re.compile(r"\b(?:vao|vo|qua|sang|ve)(?: so)?[ :]{1,2}$")
_PAID = re.compile(r"\b(?:tien|trieu|tr|cu|k|chuyen|ck|nop|nap|tra|gop|thu|dong|gui|nhan|rut|coc|no)\b")
_HELD = re.compile(r"[\s,(:]{1,3}(?:dung ten|mang ten|ten|chu tk|chu tai khoan) ")

_TAX_BRANCH = re.compile(r"\s?-\s?\d{3}(?!\d)")
_HEALTH_CARD = re.compile(r"(?<!\w)(?P<group>[a-z]{2})[ ]?[1-5](?:[ ]?\d){12}(?!\w)")
# Groups of the insured on a card: Quyết định 1351/QĐ-BHXH (2015), Điều 2, and before; from knowledge.
_INSURED = vocabulary(
    """dn|hx|ch|nn|tk|hc|xk|ht|tb|no|ct|xb|tn|cs|qn|ca|cy|xn|ms|cc|ck|cb|kc|hd|te|bt|hn|dt|dk|xd|ts|tc|tq|ta
    |ty|hg|ls|pv|hs|sv|gb|gd|th|tv|td|tu|ba|nd|xv"""
).folded
_OLD_INSURANCE = re.compile(r"(?<!\w)(?!so)[a-z]{2}[ ]?\d(?:[ ]?\d){9,12}(?!\w)")  # HN7937 2048 16509
_SHORT_PLATE = re.compile(r"(?:bien so|bks|bsx|bien)\s?(?:xe|la|:|duoi|cuoi)?\s?(\d{3}[. ]?\d{2})(?![\w./])")
_PLATE = re.compile(
    r"[1-9](?:(?<![\w/].)|(?<=\bxe.)|(?<=\bbs.)|(?<=\bbks.)|(?<=\bbsx.))\d[\W_]{0,3}"
    r"(?P<series>(?:md|ld|da|kt|nn|ng|qt|cd|hc|rm|mk|td|sa|[a-hk-np-z])"
    r"(?P<figure>[ \-]?\d)?|[a-hk-np-z]{2})(?P<gap>[\W_]{0,3})\d{3}(?P<dot>[\W_]{0,3})\d{1,2}(?![\w/])"
)
_SIGNS_OF_PLATES = " .-\n"
_ODD_PLATE = re.compile(
    r"(?<![\w/])(?:[a-z]{2}[ \-]?\d{2}[ \-]\d{2}(?:[. ]?\d{3})?|\d{2}-\d{3}-(?:ng|nn|qt|cv)-\d{2}"
    r"|(?:ng|nn|qt|cv)[ \-]\d{2}-\d{3}-\d{2})(?![\w/])"
)  # army, embassies
_CAR_BEFORE = re.compile(r"\b(?:xe|chiec)(?: \w{1,8}){0,2} $")
_LETTERED_ACCOUNT = re.compile(r"\d(?<![\w/].)\d\d[a-z](?:[ .]?\d){8,9}(?![\w/])")
_CARD_OF_A_BANK = re.compile(
    r"[945](?<![\w/].)(?:(?<=9)704(?:[ .\-]?\d){12,15}"
    r"|(?<=[45])\d{3}([ \-])\d{4}\1\d{4}\1\d{4})(?![\w/])"
)
_PARTED_PHONE = re.compile(r"0(?<![\w/].)\d{3}([/_*',])\d{3}\1?\d{3}(?![\w/])")
_PASSPORT = re.compile(
    r"(?<![\w/.-])(?:[a-z]{1,2}[^\w/:,;]{0,3}\d(?:[^\w/:,;]?\d){5,8}|\d{2}[a-z]{2}\d{5}|[a-z]\d[a-z0-9]{6,7})(?![\w/])"
)
_OWN_PASSPORT = re.compile(r"(?:[BCKNE]\d{7}|P\d{7,8})")  # as Vietnam prints them

_DIGIT_WORDS = {
    "khong": "0", "ko": "0", "mot": "1", "hai": "2", "ba": "3", "bon": "4", "tu": "4", "nam": "5", "lam": "5",
    "sau": "6", "bay": "7", "bẩy": "7", "tam": "8", "chin": "9",
}  # fmt: skip
_SPOKEN = re.compile(
    rf"(?<!\w)(?:khong|cong tam bon|chin|tam|bay|\d{{1,4}})"
    rf"(?:[ ,.\-]{{1,2}}(?:{'|'.join(_DIGIT_WORDS)}|\d)(?!\w)){{5,12}}"
)


def find(page: Page) -> Iterator[Found]:
    """Each number that is somebody's, no two overlapping."""
    starts, ends = list[int](), list[int]()  # of those that are kept, in the order of the text
    for found in _candidates(page):
        at = bisect_left(starts, found.end)
        if not at or ends[at - 1] <= found.start:
            starts.insert(at, found.start)
            ends.insert(at, found.end)
            yield found


def _candidates(page: Page) -> Iterator[Found]:
    yield from mail.find(page)
    folded = page.figured
    if " bon " in folded or " chin " in folded or " tam " in folded or " bay " in folded:
        yield from _spoken(folded)
    if _LONG.search(folded):
        yield from _coded(page)
        yield from _runs(page)
        yield from _welded(folded)
    yield from _apart(page)


_LONG = re.compile(r"\d(?:[^a-np-z\d]{0,3}[\do]){3}")


def _spoken(folded: str) -> Iterator[Found]:
    for match in _SPOKEN.finditer(folded):
        said = re.findall(r"[a-z]+|\d", match.group())
        if (
            sum(word.isalpha() for word in said) >= 5
            and len("".join(_DIGIT_WORDS.get(word, word) for word in said)) >= 9
        ):
            yield Found(match.start(), match.end(), "cccd" if len(said) == 12 else "phone")


# --- numbers with letters -------------------------------------------------------------------------


def _coded(page: Page) -> Iterator[Found]:
    """Plates, passports and health cards: their letters are half their make-up."""
    folded = page.figured
    for match in _PLATE.finditer(folded):
        if _is_plate(page, match):
            yield Found(match.start(), match.end(), "plate")
    for match in _SHORT_PLATE.finditer(folded):
        yield Found(match.start(1), match.end(1), "plate")
    for match in _ODD_PLATE.finditer(folded):
        car = _CAR_BEFORE.search(folded, max(0, match.start() - _REF_REACH), match.start())
        is_written = page.text[match.start() : match.end()].isupper()
        if _cue(folded, match.start()) == "plate" or (car and is_written):
            yield Found(match.start(), match.end(), "plate")
    for match in _LETTERED_ACCOUNT.finditer(folded):
        if _cue(folded, match.start()) == "bank_account" or _AT_A_BANK.match(folded, match.end()):
            yield Found(match.start(), match.end(), "bank_account")
    yield from (Found(m.start(), m.end(), "bank_account") for m in _CARD_OF_A_BANK.finditer(folded))
    for match in _PARTED_PHONE.finditer(folded):
        if _cue(folded, match.start()) != "ref" and not _is_filed(folded, *match.span()):
            yield Found(match.start(), match.end(), "phone")
    for match in _HEALTH_CARD.finditer(folded):
        cue = _cue(folded, match.start())
        if cue == "insurance" or (cue != "ref" and match["group"] in _INSURED):
            yield Found(match.start(), match.end(), "cccd")
    if "bh" in folded or "bao hiem" in folded:
        for match in _OLD_INSURANCE.finditer(folded):
            if _cue(folded, match.start()) == "insurance":
                yield Found(match.start(), match.end(), "cccd")
    before = 0
    for match in _PASSPORT.finditer(folded):
        carried = before and match.start() - before < 24 and _AND.match(folded[before : match.start()])
        written = page.text[match.start() : match.end()]
        cue = _cue(folded, match.start())
        if cue == "passport" or carried or (_OWN_PASSPORT.fullmatch(written) and cue != "ref"):
            before = match.end()
            yield Found(match.start(), match.end(), "passport")


def _is_plate(page: Page, match: re.Match[str]) -> bool:
    """Five digits with a dot, a dash or a figure in the series say it; else capitals or a word before do."""
    dot = match["dot"].strip(" \r\n")
    digits = sum(map(str.isdigit, match.group()[-6:]))
    series = page.text[match.start("series") : match.end("series")]
    said = re.search(
        r"(?:bien|bks|\bbsx?\b|\bxe\b|\bchiec\b|oto|o to)[^.;\n]{0,24}$", page.figured[: match.start()][-32:]
    )
    is_usual = all(char.isalnum() or char in _SIGNS_OF_PLATES for char in match.group())
    if said or dot == "-" or not is_usual:
        return said is not None
    if digits < 5 and not match["dot"]:
        return series.isupper() and "-" in match.group()
    if dot == "." or "-" in match["gap"]:
        return True
    spaced = match["gap"].startswith(" ") or (match["figure"] or "").startswith(" ")
    loose = match.group()[2] == " " and spaced
    return not loose and (series.isupper() or bool(match["figure"]))


# --- runs of digits -------------------------------------------------------------------------------


class _Digits(NamedTuple):
    start: int
    end: int
    said: str


def _runs(page: Page) -> Iterator[Found]:
    folded = page.figured
    last: Found | None = None
    known = dict[str, str]()
    for match in _RUN.finditer(folded):
        tokens = _parted(folded, match)
        if _WELDED.match(folded, match.end()) and not _is_whole(tokens):
            tokens.pop()
        if sum(len(token.said) for token in tokens) < _FEWEST_DIGITS:
            continue
        for found in _of_run(page, tokens, last, known):
            last = found
            yield found


def _parted(folded: str, run: re.Match[str]) -> list[_Digits]:
    """The parts of a run; what is welded to a telephone and reads as figures is none: "0912345678o hue"."""
    tokens = list[_Digits]()
    for part in _PARTS.finditer(folded, run.start(), run.end()):
        written = part.group()
        if written[-1] in "ol":
            figures = written.rstrip("ol")
            before = "".join(token.said for token in tokens)
            written = figures if _ends_a_telephone(before, figures.translate(_AS_FIGURES)) else written
        tokens.append(_Digits(part.start(), part.start() + len(written), written.translate(_AS_FIGURES)))
    return tokens


def _ends_a_telephone(before: str, figures: str) -> bool:
    return any(_TELEPHONE.fullmatch(said) for said in (figures, before + figures))


def _is_whole(tokens: Sequence[_Digits]) -> bool:
    """Of a telephone or a long one what is welded behind it ("0912 345 678nhé") takes nothing away."""
    said = "".join(token.said for token in tokens)
    return len(tokens[-1].said) >= _SHORTEST_CARD or _TELEPHONE.fullmatch(said) is not None


def _of_run(
    page: Page, tokens: Sequence[_Digits], last: Found | None, known: dict[str, str]
) -> Iterator[Found]:
    """`known`: the kinds of the numbers found before, which grows."""
    folded = page.figured
    said = _cue(folded, tokens[0].start)
    at = begun = 0
    left = list(accumulate(len(token.said) for token in reversed(tokens)))[::-1]
    while at < len(tokens) and left[at] >= _FEWEST_OF_AN_ACCOUNT:
        cue = said
        if not cue and last and _follows(folded, last.end, tokens[at].start):
            cue = last.kind
        if at > begun and _is_within(folded, tokens, at):
            at += 1
            continue
        taken, kind = _longest(page, tokens[at:], cue)
        if not taken and known and cue != "ref":
            taken, kind = _miswritten(tokens[at:], known)
        if kind:
            known["".join(token.said for token in tokens[at : at + taken])] = kind
            start, end = tokens[at].start, tokens[at + taken - 1].end
            start = _opened(folded, start)
            last = Found(start, _closed(folded, start, end), kind)
            yield last
        at += taken or 1
        begun = at if taken else begun


def _is_within(folded: str, tokens: Sequence[_Digits], at: int) -> bool:
    """Whether what begins at a token is the rest of a longer number: one sign before and within it.

    A single figure before it only counts it: "1.0912.345.678".
    """
    signs = {folded[one.end : other.start] for one, other in pairwise(tokens[at - 1 :])}
    parted = len(tokens) - at > 1 and len(signs) == 1 and not signs.pop().isspace()
    return parted and len(tokens[at - 1].said) > 1


def _miswritten(tokens: Sequence[_Digits], known: Mapping[str, str]) -> tuple[int, str]:
    """How many of the tokens are a number found before but for two figures: "..666, giấy ghi ..660"."""
    for taken, said in enumerate(accumulate(token.said for token in tokens), 1):
        for digits, kind in known.items():
            if len(said) == len(digits) >= _SHORTEST_CARD and sum(map(ne, said, digits)) <= 2:
                return taken, kind
    return 0, ""


def _follows(folded: str, end: int, start: int) -> bool:
    """Whether only "and" stands between two numbers, or the name of a bank and "and"."""
    between = folded[end:start]
    if len(between) > 24:
        return False
    bank = _AT_A_BANK.match(between)
    return _AND.match(between, bank.end() if bank else 0) is not None


def _opened(folded: str, start: int) -> int:
    while start and folded[start - 1] in "+(":
        start -= 1
    return start


def _closed(folded: str, start: int, end: int) -> int:
    return end + 1 if folded[end : end + 1] == ")" and "(" in folded[start:end] else end


def _cue(folded: str, start: int) -> str:
    """What the nearest word before a number says it is; "" where none does."""
    stretch = _STRETCH.split(folded[max(0, start - _CUE_REACH) : start].rstrip())[-1]
    if not LETTER.search(stretch):
        return ""
    if _BANK_BEFORE.search(stretch):
        return "bank_account"
    kind = ""
    for match in _CUE.finditer(stretch):
        if match.lastgroup != "ref" or len(stretch) - match.end() <= _REF_REACH:
            kind = match.lastgroup or ""
    return kind


def _longest(page: Page, tokens: Sequence[_Digits], cue: str) -> tuple[int, str]:
    """How many of the tokens are one number, and of which kind; "" where they are no one's."""
    folded = page.figured
    start = tokens[0].start
    if (
        cue == "ref"
        or (_HOTLINE.match(folded, start) and cue != "bank_account")
        or _YEARS.match(folded, start)
        or _is_filed(folded, start, tokens[-1].end)
    ):
        return 0, ""
    if _is_dated(folded, tokens):
        return _PARTS_OF_A_DATE, ""
    at_a_bank = _AT_A_BANK.match(folded, tokens[-1].end)  # Đông Á, and no đồng
    if not at_a_bank and len(tokens) > 1 and _is_a_sum(page, start, tokens[-1].end):
        return len(tokens), ""
    if cue == "bank_account" and not at_a_bank and _ROUND.fullmatch(folded, start, tokens[-1].end):
        return len(tokens), ""
    said = list(accumulate(token.said for token in tokens))
    counted = _counted(tokens)
    if counted and not _made_as(said[counted - 1], ""):
        return counted, ""
    if cue == "bank_account" and (taken := _telephone_of_an_office(folded, tokens, said)):
        return taken, ""
    if cue == "bank_account" or at_a_bank:
        taken = _account(page, tokens, said)
        if taken:
            return taken, "bank_account"
    long = bisect_left(said, _FEWEST_DIGITS, key=len)  # how many tokens are too short for any number
    for taken in range(len(said), long, -1):
        kind, end = _made_as(said[taken - 1], cue), tokens[taken - 1].end
        if kind == "cccd" and not cue.startswith("c") and any(map(_TELEPHONE.fullmatch, said[: taken - 1])):
            continue  # "0901234567 15 lần" is a telephone, and a count
        if not kind and _is_dialled(folded, start, said[taken - 1], end):
            kind = cue = "phone"
        if kind == "phone" and (
            _is_a_date(folded, start, end, cue) or office_lines.is_an_offices(folded, start, end)
        ):
            return taken, ""
        if kind and not _measured(page, tokens[:taken], kind, cue):
            more = (
                kind == "tax_code"
                and taken < len(tokens)
                and _TAX_BRANCH.match(folded, tokens[taken - 1].end)
            )
            return taken + bool(more), kind
    if _SHORTEST_ACCOUNT <= len(said[-1]) <= _LONGEST_ACCOUNT and _is_paid_into(folded, tokens):
        taken = _account(page, tokens, said)
        return taken, "bank_account" if taken else ""
    return 0, ""


def _is_filed(folded: str, start: int, end: int) -> bool:
    """Whether it is the number of a paper: "QĐ 0385/2024/12", "CV 0912345678/UBND"."""
    slashed = "/" in folded[start : end + 1]
    return slashed and _PAPER.search(folded[max(0, start - _REF_REACH) : start]) is not None


def _is_dated(folded: str, tokens: Sequence[_Digits]) -> bool:
    """Whether a date stands before a telephone: "29.08.2025-0912.345.678"."""
    if len(tokens) <= _PARTS_OF_A_DATE:
        return False
    date = _WHOLE_DATE.fullmatch(folded, tokens[0].start, tokens[_PARTS_OF_A_DATE - 1].end)
    rest = accumulate(token.said for token in tokens[_PARTS_OF_A_DATE:]) if date else ()
    return any(map(_TELEPHONE.fullmatch, rest))


def _is_a_date(folded: str, start: int, end: int, cue: str) -> bool:
    """Whether a telephone is a date: behind a word for telephones only what is nothing more."""
    if cue:
        return _WHOLE_DATE.fullmatch(folded, start, end) is not None
    return _DATE.match(folded, start) is not None


def _counted(tokens: Sequence[_Digits]) -> int:
    """How many numbers, from the first, grow by the same step: 20 25 30 35, 1 2 3 4; 0 for a few."""
    values = [int(token.said) for token in tokens]
    step = values[1] - values[0] if len(values) >= _FEWEST_COUNTED else 0
    many = 1
    while step in _STEPS and many < len(values) and values[many] - values[many - 1] == step:
        many += 1
    return many if many >= _FEWEST_COUNTED else 0


def _are_of_a_ledger(tokens: Sequence[_Digits]) -> bool:
    """Whether several numbers are all accounts of bookkeeping: "tk 621, 622", "1111, 1121"."""
    return len(tokens) > 1 and all(
        len(token.said) in _LEDGER_LENGTHS and token.said[:3] in _LEDGER for token in tokens
    )


def _is_dialled(folded: str, start: int, digits: str, end: int) -> bool:
    """Whether it is a telephone that lost its 0, right behind a word that announces one."""
    told = _WITHOUT_ITS_0.fullmatch(digits) and not folded.startswith("/", end)
    return bool(told and _TO_DIAL.search(folded[max(0, start - _CUE_REACH) : start]))


def _account(page: Page, tokens: Sequence[_Digits], said: Sequence[str]) -> int:
    """An account: one long token, or all short ones up to nineteen digits; money is none."""
    if len(said[0]) >= 8:
        fits = 1
    else:
        long = (at for at, digits in enumerate(said, 1) if _FEWEST_OF_AN_ACCOUNT <= len(digits) <= 19)
        fits = max(long, default=0)
    start, end = tokens[0].start, tokens[fits - 1].end
    folded = page.figured
    at_a_bank = _AT_A_BANK.match(folded, end)
    before = folded[max(0, start - _CUE_REACH) : start]
    announced = at_a_bank or _ACCOUNT_SAID.search(before) or _BANK_BEFORE.search(before)
    if _are_of_a_ledger(tokens[:fits]) and not at_a_bank:
        return 0
    if not fits or (_is_a_sum(page, start, end) and not at_a_bank):
        return 0
    if not announced and _MONEY.fullmatch(folded, start, end):
        return 0
    in_thousands = fits > 1 and all(len(token.said) == 3 for token in tokens[1:fits])
    if (in_thousands or not announced) and _MANY_ZEROS.fullmatch(said[fits - 1]):
        return 0
    return fits


_MANY_ZEROS = re.compile(r"[1-9]\d*0{4,}")  # a sum of money rather than an account


def _telephone_of_an_office(folded: str, tokens: Sequence[_Digits], said: Sequence[str]) -> int:
    """How many tokens are the line of an office whose name sounds like money: "UBND xã Dền Sáng 0236 ..."."""
    for taken, digits in enumerate(said, 1):
        if _TELEPHONE.fullmatch(digits) and office_lines.is_an_offices(
            folded, tokens[0].start, tokens[taken - 1].end
        ):
            return taken
    return 0


def _is_paid_into(folded: str, tokens: Sequence[_Digits]) -> bool:
    """Whether money goes to a number of which nothing else is said, or somebody holds it."""
    start = tokens[0].start
    into = _INTO.search(folded[max(0, start - 12) : start]) and _PAID.search(
        folded, max(0, start - 40), start
    )
    return bool(into or _HELD.match(folded, tokens[-1].end))


def _measured(page: Page, tokens: Sequence[_Digits], kind: str, cue: str) -> bool:
    """Whether it is a sum or a measure; a phone with its country or its 0 is none, whatever follows."""
    if kind in ("phone", "cccd", "tax_code") and len(tokens) == 1:
        return False
    start, end = tokens[0].start, tokens[-1].end
    if kind == "phone" and page.figured[start - 1 : start] == "+":
        return False
    if kind == "phone" and _MONEY.fullmatch(page.figured, start, end):
        is_whole = sum(len(token.said) for token in tokens) > _LONGEST_LOCAL
        return not (cue == "phone" and is_whole) or _is_a_sum(page, start, end)
    return _is_a_sum(page, start, end) or _TWO_PAID.match(page.figured, start) is not None


def _is_a_sum(page: Page, start: int, end: int) -> bool:
    """Whether it is written as a sum with its unit behind, and no word before it names the number."""
    unit = _UNIT.match(page.text, end)
    if unit is None or not _SUM.fullmatch(page.figured, start, end):
        return False
    said = unit["unit"]
    if said[0].isupper() and not (said.isupper() and (len(said) > 1 or unit.start("unit") == end)):
        return False
    if page.figured[start - 1 : start] == "+":
        return False
    named = _NAMES_THE_NUMBER.search(page.figured, max(0, start - _CUE_REACH), start)
    if named and not unit["bare"] and _MAY_HOLD.match(page.figured, named.start()):
        return sum(map(str.isdigit, page.figured[start:end])) <= _LONGEST_HELD
    return not named or page.figured.endswith("000", start, end)


def _welded(folded: str) -> Iterator[Found]:
    """Telephones to which letters cling, or an address: "MaKH_0912345678", "zalo.me/0912345678"."""
    for match in _WELDED_PHONE.finditer(folded):
        if _cue(folded, match.start()) != "ref":
            yield Found(match.start(), match.end(), "phone")


# --- figures apart ----------------------------------------------------------------------------------


def _apart(page: Page) -> Iterator[Found]:
    text = page.figured
    for match in _APART.finditer(text):
        if _SEEN_BY_RUNS.fullmatch(match.group()):
            continue
        groups = [_Digits(m.start(), m.end(), m.group()) for m in _GROUP.finditer(text, *match.span())]
        at, begun, left = 0, 0, sum(len(group.said) for group in groups)
        cue = _cue(text, match.start()) if left >= _SHORTEST_CARD else "ref"
        named = _NAMES_THE_NUMBER.search(text, max(0, match.start() - _CUE_REACH), match.start()) is not None
        while left >= _SHORTEST_CARD and cue != "ref":
            inside = at > begun and _is_within(text, groups, at)
            taken, kind = (0, "") if inside else _joined(page, groups[at:], cue, named=named and not at)
            if kind:
                begun = at + taken
                yield Found(_opened(text, groups[at].start), groups[begun - 1].end, kind)
            left -= sum(len(group.said) for group in groups[at : at + (taken or 1)])
            at += taken or 1


_GROUP = re.compile(r"\d+")
_SLASHED = re.compile(r"/[1-9]")  # "0912/345/678/90" is a file's number, unless another begins


def _joined(page: Page, groups: Sequence[_Digits], cue: str, *, named: bool) -> tuple[int, str]:
    """How many groups are one number: what is made as a telephone, or what the word right before names."""
    text = page.figured
    for taken, said in reversed(list(enumerate(accumulate(group.said for group in groups), 1))):
        if taken == 1 or not _SHORTEST_CARD <= len(said) <= _LONGEST_NUMBER:
            continue
        kind = _made_as(said, cue) or ("bank_account" if named and cue == "bank_account" else "")
        sure = named or (kind == "phone" and said[0] in "08") or cue in ("cccd", "phone")
        goes_on = _SLASHED.match(text, groups[taken - 1].end) and text[groups[taken - 1].start - 1] == "/"
        if kind and sure and not goes_on and _is_one(page, groups[:taken], named=named):
            return taken, kind
    return 0, ""


def _is_one(page: Page, groups: Sequence[_Digits], *, named: bool) -> bool:
    """Whether groups of figures are one number: no date, no sum, no list of short ones.

    Where only blanks, dots and hyphens stand between them `_runs` has judged.
    """
    text, start, end = page.figured, groups[0].start, groups[-1].end
    dated = any(_DATE.match(text, group.start) for group in groups)
    if dated or _is_filed(text, start, end) or _is_a_sum(page, start, end):
        return False
    between = {text[one.end : other.start] for one, other in pairwise(groups)}
    if all(map(_JUDGED.fullmatch, between)) or office_lines.is_an_offices(text, start, end):
        return False
    if _are_of_a_ledger(groups) or _counted(groups):
        return False
    if text[start] != "0" and "000" in (group.said for group in groups):  # several round sums
        return False
    if not any(map(_OF_A_LIST.search, between)):
        return True
    sizes = {len(group.said) for group in groups[text[start - 1 : start] == "+" : -1]}
    return len(between) == 1 and (min(sizes) > 2 or sizes == {1} or (named and " " not in between.pop()))


_MOBILE = re.compile(r"(?:0|840?|00840?)[35789]\d{8}")
_OLD_MOBILE = re.compile(r"01[2689]\d{8}")
_FIXED = re.compile(r"(?:0|840?)2\d{8,9}")
_CARD = re.compile(r"0(?!00)\d\d[0-3]\d{8}")  # province 001 to 096, sex and century: no check digit


def _made_as(digits: str, cue: str) -> str:
    """The kind of a number by its make-up and the word before it; "" for no one's."""
    length = len(digits)
    if not 7 <= length <= 15:
        return ""
    if (cue == "cccd" and length == 12) or (_CARD.fullmatch(digits) and int(digits[:3]) <= 96):
        return "cccd"
    if cue in ("cmnd", "cccd") and length == 9:
        return "cmnd"
    if cue == "insurance" and length in (10, 15):
        return "cccd"
    if cue == "tax_code" and length in (10, 13):
        return "tax_code"
    if cue == "cmnd" and length == 12:
        return "cccd"
    if cue == "passport" and length in (8, 9):
        return "passport"
    if _MOBILE.fullmatch(digits) or (_FIXED.fullmatch(digits) and (length > 10 or cue == "phone")):
        return "phone"
    if cue == "phone" and (_OLD_MOBILE.fullmatch(digits) or (length in (7, 8) and digits[0] in "2345678")):
        return "phone"
    return ""
