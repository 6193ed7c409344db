"""A letter as it is weighed: its clauses without manners and law, its days, numbers and new words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from classifier.answers.phrases import Pattern, folded_words, lowered, phrase, syllables
from classifier.text import fold, guard

# A point ends a sentence where it stands in no number and behind no single letter ("Đ. Lê Lợi").
_SENTENCE_END = re.compile(r"(?<=\w\w)\.(?!\w)|(?<=[)”\"'%])\.(?!\w)|[!?;\n…]")
_CLAUSE_END = re.compile(r",(?!\d)|:(?!\d)|\s[-–]\s")
_LETTERS = re.compile(r"[^\W\d_]+")
# A rule, not a deed: its number holds a year, or it is called a law.
_LAW = Pattern.of(
    r"(?<!\w)(?:(?:điểm [a-zđ]|(?:khoản|điều|mục|chương|phụ lục) (?:\d+|[ivx]+))(?!\w)(?:,| và)? ?)+"
    r"|(?:bộ luật|luật|nghị định|thông tư|nghị quyết|pháp lệnh|chỉ thị)(?: số)? [^,.;:()]{0,70}?"
    r"(?:\d{4}/[\w-]+|\d+/[\w-]*(?:cp|qh\d*|hđnd|ttg|ct)\b|(?:năm )?(?:19|20)\d\d)"
    r"|(?:luật|bộ luật|nghị định|thông tư) [\w ]{2,30}"
    r"|quyết định(?: số)? \d+/(?:19|20)\d\d/[\w-]+"
    r"|\d+/(?:19|20)\d\d/[\w-]+"
    r"|(?<=☆)(?: ngày \d+[/.-]\d+[/.-]\d+| của [\w ]{3,30})"
)
_MANNERS = phrase("manners", r"^(?:và |nay |chúng tôi |đơn vị |ubnd [\w ]{2,20} |rất |xin ){0,2}{}")
_THANKS = Pattern.of(
    r"(?<!\w)(?:trân trọng |rất |xin |chân thành )*(?:cảm ơn|cám ơn|kính chúc|biết ơn)(?!\w).*"
)
_CALLED = r"(?<![\d/])(?:0\d|1[89]\d\d|\d{3}[ .]\d{3}|\d{6})"
_CONTACT = Pattern.of(
    rf"(?<!\w)(?:liên hệ|gọi)[^,;]*(?:{_CALLED}|điện thoại|đường dây)"
    rf"|(?:điện thoại|đường dây nóng|hotline|sđt|zalo)[^,;]{{0,20}}?{_CALLED}"
)
_PLACED_BEFORE = r"(?:đường|phố|số|số nhà|kiệt|hẻm|ngõ|ngách|nhà|lô|tuyến|k)"
_DAY = Pattern.of(
    r"(?<![\w/])\d{1,2}[/.-]\d{1,2}(?:[/.-]\d{2,4})?(?![\w/%])"
    r"|(?<!\w)(?:ngày|hôm|sáng|trưa|chiều|tối|đêm|mùng|rạng sáng)(?: ngày| mùng)? \d{1,2}(?![\w.]| ngày)"
    r"|(?<!\w)(?:tháng|quý) (?:\d{1,2}|một|hai|ba|tư|năm|sáu|bảy|tám|chín|mười|giêng|chạp|iv|i{1,3})(?!\w)"
    r"|(?<!\w)quý [1-4](?!\w)"
    r"|(?<!lần )(?<!\w)(?:thứ (?:hai|ba|tư|năm|sáu|bảy)|chủ nhật)(?!\w)"
    r"|(?<!\w)(?:sáng|trưa|chiều|tối|đêm) (?:nay|qua|mai|hôm qua|hôm nay|hôm sau|cùng ngày)(?!\w)"
    r"|(?<!\w)(?:hôm qua|hôm nay|hôm kia|ngày mai|hôm sau|cùng ngày|trong ngày|ngay trong)(?!\w)"
    r"|(?<!\w)(?:tuần|tháng|quý|năm) (?:này|sau|trước|qua|vừa rồi)(?!\w)"
    r"|(?<!\w)(?:cuối|đầu|giữa) (?:tuần|tháng|năm|quý)(?!\w)"
    r"|(?<!\w)\d{1,2} ?(?:giờ|h)(?: ?\d{2})?(?!\w)|(?<!\w)năm 20\d\d(?!\w)"
    r"|(?<!\w)(?:sau|trong|trong vòng) \d+ (?:ngày|giờ|tuần|tháng)(?!\w)"
)
_NO_DAY_BEFORE = Pattern.of(rf"(?<!\w)(?:{_PLACED_BEFORE}|trực) ?$")
# A day or an hour that one could look up.
EXACT = Pattern.of(
    r"\d{1,2}[/.-]\d{1,2}|(?<!\w)(?:ngày|sáng|trưa|chiều|tối|đêm) (?:\d|nay|qua)|hôm (?:nay|qua)"
    r"|cùng ngày|trong ngày"
)
_PAPER = Pattern.of(
    r"(?<!\w)(?:biên bản|nghiệm thu|phiếu (?!phản|gửi|yêu)|số \w*\d+[\w-]*/[\w-]+)"
    r"|(?<!\w)\d+/(?:qđ|bb|tb|cv|kh|bc|gp|hđ|ubnd|gcn|tt|ttr|pyc|xp)[\w-]*"
    r"|(?<!\w)[a-z]{1,4}-\d{3,}(?!\w)"
)
_NUMBER = re.compile(r"(?<![\w/])\d+(?:[.,]\d+)*")


def between(text: str, cuts: Sequence[tuple[int, int]]) -> list[str]:
    """What lies before, between and behind these stretches of a text."""
    starts = [0, *(end for _start, end in cuts)]
    ends = [*(start for start, _end in cuts), len(text)]
    return [text[start:end] for start, end in zip(starts, ends, strict=True)]


@dataclass(frozen=True)
class Clause:
    """A part of a sentence, as it is compared; `sentence`: the number of its sentence."""

    text: str
    sentence: int


@dataclass(frozen=True)
class Letter:
    """A text of somebody who asks or of an office that answers."""

    given: str

    @cached_property
    def clean(self) -> str:
        return guard(self.given).text

    @cached_property
    def marked(self) -> bool:
        """Whether it is written with diacritics."""
        return lowered(self.clean) != fold(self.clean)

    @cached_property
    def lines(self) -> str:
        """What patterns look at: small letters, without diacritics where the writer uses none."""
        return lowered(self.clean) if self.marked else fold(self.clean)

    def _re(self, pattern: Pattern) -> re.Pattern[str]:
        return pattern.of_writing(self.marked)

    def finds(self, pattern: Pattern, text: str) -> re.Match[str] | None:
        return self._re(pattern).search(text)

    @cached_property
    def sentences(self) -> tuple[str, ...]:
        """Without the names of rules; as patterns look at them."""
        # Cut on the clean text, whose capitals tell where a sentence ends; small letters keep the offsets.
        cuts = [match.span() for match in _SENTENCE_END.finditer(self.clean)]
        whole = [part.strip() for part in between(self.lines, cuts)]
        return tuple(self.lawless(one) for one in whole if one)

    def lawless(self, text: str) -> str:
        """Each name of a rule as one sign."""
        law = self._re(_LAW)
        return law.sub(" ☆ ", law.sub("☆", text))

    @cached_property
    def clauses(self) -> tuple[Clause, ...]:
        """All that is no manners and no way to reach an office."""
        kept = []
        for number, sentence in enumerate(self.sentences):
            for part in _CLAUSE_END.split(sentence):
                told = self._re(_THANKS).sub("", part).strip(' .,:-–"“”')
                if told and not self.finds(_MANNERS, told) and not self.finds(_CONTACT, told):
                    kept.append(Clause(told, number))
        return tuple(kept)

    def days(self, text: str) -> Iterator[re.Match[str]]:
        """Days and hours that a clause names, not house numbers nor streets that are called by a day."""
        for match in self._re(_DAY).finditer(text):
            if not self.finds(_NO_DAY_BEFORE, text[: match.start()]):
                yield match

    def dated(self, text: str) -> bool:
        """Whether it says when; the day on which a letter came is none."""
        if self.finds(phrase("receipt"), text):
            return False
        return next(self.days(text), None) is not None

    def names_paper(self, text: str) -> bool:
        return bool(self.finds(_PAPER, text))

    def numbers(self, text: str) -> set[str]:
        """Figures that are neither days nor numbers of papers."""
        left = self._re(_DAY).sub(" ", text)
        left = re.sub(r"\d+/[\w-]+", " ", left)
        return set(_NUMBER.findall(left))

    @cached_property
    def words(self) -> frozenset[str]:
        """Folded words of all of it."""
        return frozenset(folded_words(self.clean))

    def new_words(self, asked: Letter) -> set[str]:
        """Folded words that are neither of every such letter nor of whoever asked."""
        said = {word for clause in self.clauses for word in _LETTERS.findall(clause.text)}
        own = said - syllables("formula", marked=self.marked)
        return {fold(word) for word in own} - asked.words
