"""Copies of patterns: other numbers, codes and days, and chains of steps hashed anew."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db import models
from stdnum.iso7064 import mod_11_10

from bench.patterns import TABLES, Pattern, escaped
from feedback.models import Petition, Step

CODES = 10**11
STRIDE = 61_803_398_873  # shares no factor with CODES: so many codes until one comes again

Lines = Mapping[type[models.Model], list[str]]


@dataclass
class Copies:
    """Writes one copy after another and gathers what is to be loaded, by table."""

    lines: Lines = field(default_factory=lambda: {one: [] for one in TABLES})
    written: Counter[type[models.Model]] = field(default_factory=Counter)
    _days: dict[int, str] = field(default_factory=dict)
    _first_code: int = field(default_factory=lambda: secrets.randbelow(CODES))

    def add(self, pattern: Pattern, back: int) -> None:
        """The pattern as it would have been so many days earlier."""
        blanks = self._blanks(pattern, back)
        for model, text in pattern.lines.items():
            self.lines[model].append(text % blanks)
        steps = self.lines[Step]
        for number, (record, line) in enumerate(pattern.records):
            told = record % blanks
            blanks[f"hash{number}"] = hashlib.sha256(told.encode()).hexdigest()
            blanks["record"] = escaped(told) if "\\" in told else told
            steps.append(line % blanks)
        self.written.update(pattern.sizes)

    def taken(self) -> Lines:
        """What was gathered so far."""
        lines, self.lines = self.lines, {one: [] for one in TABLES}
        return lines

    def _blanks(self, pattern: Pattern, back: int) -> dict[str, str]:
        days = self._days
        blanks = {}
        for blank, day in pattern.days:
            number = day - back
            blanks[blank] = days.get(number) or days.setdefault(
                number, dt.date.fromordinal(number).isoformat()
            )
        for model, size in pattern.sizes.items():
            first, name = self.written[model] + 1, model._meta.model_name
            for number in range(size):
                blanks[f"{name}{number}"] = str(first + number)
        for number in range(pattern.petitions):
            code = self._code(self.written[Petition] + number)
            blanks[f"code{number}"] = code
            blanks[f"secret{number}"] = hashlib.sha256(code.encode()).hexdigest()  # fits no secret
        return blanks

    def _code(self, number: int) -> str:
        digits = f"{(self._first_code + number * STRIDE) % CODES:011}"
        return digits + mod_11_10.calc_check_digit(digits)
