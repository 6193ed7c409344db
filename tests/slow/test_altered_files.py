"""Files altered byte by byte, as an attacker's machine tries them: refused in words or clean, no crash.

`HOIAM_ALTERED=500` for more of those that need a process each; a seed makes every run the same.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from feedback import attachments
from tests.feedback import corpus

pytestmark = pytest.mark.slow

HEIC = int(os.environ.get("HOIAM_ALTERED", "200"))
MADE: list[tuple[Callable[[], bytes], int]] = [
    (corpus.heic, HEIC),
    (corpus.picture, 3_000),
    (lambda: corpus.picture("PNG"), 3_000),
    (lambda: corpus.picture("WEBP"), 3_000),
    (corpus.word, 3_000),
    (corpus.open_text, 3_000),
    (corpus.film, 3_000),
    (corpus.paper, 500),
]


def altered(raw: bytes, dice: random.Random) -> bytes:
    """Some bytes other, some lost, some doubled."""
    told = bytearray(raw)
    for _time in range(dice.randint(1, 4)):
        at = dice.randrange(len(told))
        way = dice.randrange(4)
        if way < 2:
            told[at] = dice.randrange(256)
        elif way == 2:
            del told[at : at + dice.randint(1, 9)]
        else:
            told[at:at] = told[at : at + dice.randint(1, 9)]
    return bytes(told)


@pytest.mark.parametrize(("made", "times"), MADE, ids=range(len(MADE)))
def test_altered_files_are_refused_in_words_or_clean(made: Callable[[], bytes], times: int) -> None:
    dice, whole, refused, kept = random.Random(20261127), made(), 0, 0
    for _time in range(times):
        try:
            attachments.clean([SimpleUploadedFile("tep.bin", altered(whole, dice))])
            kept += 1
        except ValidationError:
            refused += 1
    assert refused + kept == times
    assert refused > times // 20
