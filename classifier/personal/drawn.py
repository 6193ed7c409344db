"""Names of people, and sentences with them, drawn anew from lists of ours, for the tagger of names."""

import random
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from .cues import RANKS

DATA = Path(__file__).parents[1] / "data"


class Told(NamedTuple):
    """A text and the half-open spans of its names."""

    text: str
    names: tuple[tuple[int, int], ...]


def lines(name: str) -> list[str]:
    """The rows of a file of data that are no remarks."""
    rows = (DATA / name).read_text(encoding="utf-8").splitlines()
    return [row for row in rows if row and row[0] != "#"]


def _groups() -> dict[str, list[str]]:
    parted = (row.split(": ", 1) for row in lines("people.txt"))
    return {key: [part.replace("_", " ") for part in parts.split()] for key, parts in parted}


_GROUPS = {
    "W": "writer", "H": "relative", "X": "firm", "Q": "village", "I": "else", "R": "trade", "Y": "spot",
    "Z": "thing", "O": "opening", "B": "before", "E": "title",
}  # fmt: skip


class Dice(random.Random):
    """Draws names of people, and sentences that hold them."""

    def __init__(self, seed: int, units: Sequence[str]) -> None:
        """`units`: names of places, without their types."""
        super().__init__(seed)
        self._of, self._units = _groups(), units
        self._sentences, self._later = lines("name_frames.txt"), lines("name_frames_2.txt")
        self._streets = lines("street_names.txt")
        self._rare = [
            name for row in lines("surnames.txt") if (name := row.removesuffix(" ?").title()).isalpha()
        ]

    def sentence(self, *, later: bool = False) -> Told:
        """One of our own, its brackets filled; `later`: of those that were written last."""
        told = self._told(self.choice(self._later if later else self._sentences))
        return told._replace(text=told.text[0].upper() + told.text[1:]) if self.random() < 0.4 else told

    def like(self, name: str) -> str:
        """Another name of the make of this one."""
        words = name.split()
        if '"' in name or (len(words) == 2 and words[0].lower() in RANKS):
            return self.nick()
        if len(words) == 1:
            return self.one("given") if self.random() < 0.8 else self.called()
        if len(words) == 2 and self.random() < 0.58:
            return self.one("double") if self.random() < 0.7 else self.nick()
        return self.full()

    def one(self, key: str) -> str:
        return self.choice(self._of[key])

    def full(self) -> str:
        kind = self.random()
        if kind < 0.62:
            return self._kinh()
        if kind < 0.92:
            return self._minority()
        if kind < 0.96:
            return self.one("foreign")
        if kind < 0.975:
            return f"{self.one('saint')} {self._kinh()}"
        if kind < 0.985:
            return self.one("monk")
        return f"{self.one('royal')} {self.one('given')} {self.one('given')}"

    def _kinh(self) -> str:
        if self.random() < 0.02:
            return self._odd()
        parts = [self.one("family") if self.random() < 0.85 else self.choice(self._rare)]
        if self.random() < 0.12:
            parts.append(self.one("family"))
        if self.random() < 0.88:
            parts.append(self.one(self.choice(("woman", "man"))))
        if self.random() < 0.35:
            parts.append(self.one("given"))
        return " ".join([*parts, self.one("given")])

    def _odd(self) -> str:
        return f"{self.one('odd')} {self.choice(('Thị', 'Văn'))} {self.one('given')}"

    def _minority(self) -> str:
        people = self.choice(
            (
                "thai",
                "hmong",
                "dao",
                "tay",
                "muong",
                "ede",
                "jrai",
                "bahnar",
                "koho",
                "khmer",
                "cham",
                "hoa",
                "cotu",
            )
        )
        first = self.one(people)
        given = self.one({"tay": "given", "muong": "given"}.get(people, people + "given"))
        if people == "ede":
            letter, clan = first.split(" ")
            glue = "" if letter == "H'" else " "
            return f"{letter}{glue}{given} {clan}" if self.random() < 0.75 else f"{letter}{glue}{given}"
        if first.endswith("'"):
            return first + given
        if first.startswith("K' "):
            return f"K'{first[3:]} {given}"
        if people in ("ede", "jrai", "bahnar", "koho") and self.random() < 0.15:
            return f"{self.choice(('Ama', 'Ami', 'Aê', 'Bok', 'Yă'))} {given}"
        return f"{first} {given}"

    def nick(self) -> str:
        kind = self.random()
        if kind < 0.5:
            return f"{self.one('rank')} {self.one('byname')}"
        if kind < 0.65:
            return f"{self.one('rank')} {self.one('given')}"
        if kind < 0.85:
            return f"{self.one('given')} {self.one('epithet')}"
        if kind < 0.95:
            return f'{self.one("given")} "{self.one("epithet")}"'
        return self.one("called")

    def called(self) -> str:
        """What stands after a title."""
        kind = self.random()
        if kind < 0.52:
            return self.one("given")
        if kind < 0.62:
            return self.one("double")
        if kind < 0.70:
            return self.one("called")
        if kind < 0.80:
            return self.nick()
        if kind < 0.85:
            return self.one("rank")
        if kind < 0.93:
            return self._minority().split(" ")[-1]
        return self.full()

    def title(self) -> str:
        return self.one("kin" if self.random() < 0.8 else "kin_more")

    def trade(self) -> str:
        return self.one("trade")

    def street(self) -> str:
        kind = self.random()
        if kind < 0.85:
            return self.choice(self._streets)
        return self._kinh() if kind < 0.92 else self.one("street")

    def phone(self) -> str:
        digits = "0" + self.choice("35789") + "".join(self.choice("0123456789") for _ in range(8))
        return self.choice(
            (digits, f"{digits[:4]} {digits[4:7]} {digits[7:]}", f"{digits[:4]}.{digits[4:7]}.{digits[7:]}")
        )

    def home(self) -> str:
        number = self.choice(
            (str(self.randrange(1, 300)), f"{self.randrange(1, 90)}/{self.randrange(1, 40)}")
        )
        place = self.one("village")
        return self.choice(
            (
                f"số {number} {self.street()}",
                f"{number} {self.street()}",
                f"tổ {self.randrange(1, 30)} ấp {place}",
                f"thôn {place}",
                f"xóm {self.randrange(1, 12)}",
                f"tổ {self.randrange(1, 20)}",
                f"phường {place}",
                f"ngõ {number} {self.street()}",
                f"buôn {place}",
                f"bản {place}",
                f"khóm {self.randrange(1, 9)}",
            )
        )

    def card(self) -> str:
        return "".join(self.choice("0123456789") for _ in range(self.choice((9, 10, 12, 13))))

    def day(self) -> str:
        day, month = self.randrange(1, 29), self.randrange(1, 13)
        return self.choice(
            (
                f"{day}/{month}",
                f"ngày {day}/{month}/2025",
                f"{self.randrange(1940, 2015)}",
                f"tháng {month}",
                "hôm qua",
                "tuần trước",
                "năm ngoái",
            )
        )

    def _told(self, sentence: str) -> Told:
        text, names = "", list[tuple[int, int]]()
        for part in re.split(r"(\[[A-ZĐ]\])", sentence):
            for words, is_name in self._filled(part):
                if is_name:
                    names.append((len(text), len(text) + len(words)))
                text += words
        return Told(text, tuple(names))

    def _filled(self, part: str) -> Iterator[tuple[str, bool]]:
        if part == "[M]":
            yield from self._mention()
        elif part == "[L]":
            yield from self._several()
        elif part in ("[F]", "[G]", "[N]", "[Đ]"):
            yield {"F": self.full, "G": self.called, "N": self.nick, "Đ": self._odd}[part[1]](), True
        elif part[:1] == "[":
            yield self._no_name(part[1]), False
        else:
            yield part, False

    def _no_name(self, key: str) -> str:
        if key in _GROUPS:
            return self.one(_GROUPS[key])
        drawn: dict[str, Callable[[], str]] = {
            "K": self.title, "P": self.phone, "A": self.home, "C": self.card, "D": self.day, "S": self.street,
            "J": self.called, "T": self._kinh, "U": lambda: str(self.randrange(1, 300)),
            "V": lambda: self.choice(self._units),
        }  # fmt: skip
        return drawn[key]()

    def _mention(self) -> Iterator[tuple[str, bool]]:
        kind = self.random()
        if kind < 0.45:
            yield self.title() + " ", False
            yield self.called(), True
        elif kind < 0.55:
            yield self.title() + " ", False
            yield self.full(), True
        elif kind < 0.78:
            yield self.trade() + " ", False
            yield (self.called() if self.random() < 0.6 else self.full()), True
        elif kind < 0.84:
            yield f"{self.title()} {self.trade()} ", False
            yield self.called(), True
        elif kind < 0.92:
            yield self.trade() + self.choice((" tên ", " là ", " tên là ", ": ")), False
            yield (self.called() if self.random() < 0.6 else self.full()), True
        else:
            yield (self.full() if self.random() < 0.6 else self.nick()), True

    def _several(self) -> Iterator[tuple[str, bool]]:
        draw = self.full if self.random() < 0.6 else self.called
        many = self.randrange(2, 5)
        for at in range(many):
            if at:
                last = at == many - 1 and self.random() < 0.7
                yield self.choice((" và ", " với ", " va ")) if last else ", ", False
            yield draw(), True
