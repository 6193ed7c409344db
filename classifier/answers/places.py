"""Whether an answer speaks of another place than whoever asked, however they write its name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from rapidfuzz import fuzz

from classifier.answers.letter import Letter
from classifier.answers.phrases import CAPITALS, folded_words
from classifier.text import fold

_PART = rf"(?:[{CAPITALS}][^\W_]*\.?|\d+(?:/\d+)?(?!\w))"
_NAME = rf"(?P<name>{_PART}(?:[ .]{_PART})*)"
# What may be named: the kind of place by the words before the name.
_KINDS: Mapping[str, str] = {
    "street": r"đường|phố|đại lộ|tuyến đường|tuyến phố",
    "school": r"trường(?: tiểu học| thcs| thpt| mầm non| mẫu giáo| trung học[\w ]{0,14})?|thcs|thpt",
    "market": r"chợ",
    "bridge": r"cầu",
    "park": r"công viên",
    "clinic": r"bệnh viện|trạm y tế",
    "building": r"chung cư|khu tập thể|khu đô thị|khu dân cư|khu tái định cư|tòa nhà|tòa|block",
    "village": r"thôn|xóm|ấp|bản|buôn|làng|tổ|khu phố",
    "water": r"kênh|rạch|sông|hồ|suối|mương|bến|đập",
    "crossing": r"ngã ba|ngã tư|ngã năm|vòng xoay|nút giao|bùng binh",
    "business": r"quán(?: nhậu| ăn| cà phê| karaoke)?|nhà hàng|cửa hàng|tiệm|xưởng|trại|khách sạn|siêu thị",
    "works": r"khu công nghiệp|kcn|cụm công nghiệp|nhà máy|trạm bơm|bến xe|bến tàu|bãi biển|bãi rác",
    "shrine": r"chùa|đình|đền|nhà thờ|nghĩa trang|di tích",
}
_NUMBERED: Mapping[str, str] = {
    "alley": r"kiệt|hẻm|ngõ|ngách",
    "group": r"tổ dân phố|tổ|tdp",
    "quarter": r"khu phố|kp|thôn|ấp",
    "house": r"số nhà|nhà|trước|đối diện",
    "stall": r"sạp|lô|ki ốt|kiốt|quầy",
    "line": r"tuyến xe|tuyến|xe buýt|buýt",
    "plot": r"thửa đất|thửa",
    "highway": r"quốc lộ|ql|tỉnh lộ|đường tỉnh|hương lộ",
    "stone": r"km",
    "room": r"phòng|căn hộ|căn",
    "floor": r"tầng|lầu",
    "class": r"lớp",
}
_NAMED = {kind: re.compile(rf"(?<!\w)(?i:{words}) {_NAME}") for kind, words in _KINDS.items()}
_SPOKEN = {kind: re.compile(rf"(?<!\w)(?:{fold(words)}) \w") for kind, words in _KINDS.items()}
_UNITS = r"(?!\w| ?%| (?:m|met|km|ha|nam|ngay|thang|gio|lan|nguoi|ho|dong|trieu|nghin|phan|cai|chiec)\b)"
_HOUSE = "house"  # “trước 3 ngày” is no house: its number is called one
_NUMBERS = {
    kind: re.compile(
        rf"(?<!\w)(?:{fold(words)}) ?(?:so ){'' if kind == _HOUSE else '?'}0*(\d+(?:/\d+)*[a-d]?){_UNITS}"
    )
    for kind, words in _NUMBERED.items()
}
_COUNT = "mot hai ba bon nam sau bay tam chin muoi"
_FIGURES = {word: str(number) for number, word in enumerate(_COUNT.split(), start=1)} | {"tu": "4"}
_ALIKE = 84.0  # letters of a name, of 100


def elsewhere(answer: Letter, asked: Letter) -> bool:
    """Both name a place of one kind, and none of those that the answer names is theirs who asked."""
    here, there = fold(asked.clean), fold(answer.clean)
    for kind, pattern in _NAMED.items():
        names = {name for name in _names(pattern, answer) if kind == "street" or not name.isdigit()}
        theirs = pattern.search(asked.clean) if asked.marked else _SPOKEN[kind].search(here)
        if names and theirs and not any(_is_told(name, asked) for name in names):
            return True
    for numbered in _NUMBERS.values():
        ours, others = set(numbered.findall(here)), set(numbered.findall(there))
        if ours and others and not ours & others:
            return True
    return False


def named(letter: Letter) -> set[str]:
    """The names of places that it names, folded."""
    return {fold(name) for pattern in _NAMED.values() for name in _names(pattern, letter)}


def same_place(answer: Letter, asked: Letter) -> bool:
    """They name one of the places that the answer names."""
    return any(_is_told(name, asked) for pattern in _NAMED.values() for name in _names(pattern, answer))


def _names(pattern: re.Pattern[str], letter: Letter) -> Iterator[str]:
    return (match["name"] for match in pattern.finditer(letter.clean))


def _is_told(name: str, asked: Letter) -> bool:
    """Whether they name it too: whole, by its last two words, by its first letters, or with a slip."""
    told = folded_words(asked.clean)
    parts = folded_words(name)
    line = f" {' '.join(told)} "
    ways = [parts, parts[-2:] if len(parts) > 2 else parts, *_as_day(parts)]
    if any(f" {' '.join(way)} " in line for way in ways) or "".join(part[0] for part in parts) in told:
        return True
    squeezed = "".join(parts)
    return len(squeezed) > 4 and fuzz.partial_ratio(squeezed, "".join(told)) >= _ALIKE


def _as_day(parts: Sequence[str]) -> Iterator[list[str]]:
    """“ba tháng hai”, a street that is called by a day, in figures: “3/2”, “3 tháng 2”."""
    day = [_FIGURES.get(word, word) for word in parts if word != "thang"]
    if len(day) == 2 and all(word.isdigit() for word in day):
        yield from (day, [day[0], "thang", day[1]])
