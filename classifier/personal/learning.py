"""Teach the tagger of names: `python -m classifier.personal.learning` (`make names`, three to four minutes).

It learns from the examinations of personal data (of the third one from the texts with an even number), from
the texts of `train.jsonl` with the names that `train_names.jsonl` holds, and from our own sentences with
names drawn anew. The same data and code give the same bytes. Needs scipy, which a running house does not.
"""

import argparse
import gzip
import json
import random
import re
import sys
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from ..noise import strip
from ..places import shipped as gazetteer
from ..places.words import split_type
from ..text import fold, guard
from . import chain, ground, tagger
from .cues import MIDDLE
from .drawn import DATA, Dice, Told, lines
from .page import Page
from .words import SURE_FAMILIES

EXAMS = Path(__file__).parents[2] / "tests" / "classifier"
SEED = 7
LONGEST = 900  # code points of a text that is learnt from
OFTEN = 8  # texts without names in which a pair of words must stand to be an everyday one
LEAST = 3  # places in which a feature must stand
PULL, ROUNDS = 1.0, 300  # after 80 it still depended on chance what it knew
SMALLEST = 0.15  # what weighs less is forgotten
EAGER = 0.4  # docs/reading-record.md
# How much a word counts: of an examination, of its likes, of real texts with names, of those without, of
# our own sentences.
EXAM, NOBODY, LIKE, REAL, CLEAN, DRAWN = 3.0, 3.0, 0.5, 2.0, 0.7, 0.3
Weighed = tuple[Told, float]


# --- what it learns from --------------------------------------------------------------------------------


def examined() -> list[list[Told]]:
    """The examinations, of the third one what may be read, the first one of places, and texts of our own
    in which nobody is named.
    """
    every = [_exam(f"exam_personal{name}.jsonl") for name in ("", "_2", "_3")]
    nobody = [Told(text, ()) for text in lines("no_names.txt")]
    return [every[0], every[1], every[2][::2], _of_places(), nobody]


# Who is named in `exam_places.jsonl`: its texts are full of places that look like persons.
_AMONG_PLACES = {257: "Tân Bình", 260: "Hòa Khánh", 263: "Ngọc Sơn", 275: "Quang Trung", 281: "Hồng Châu",
                 446: "Minh Châu"}  # fmt: skip


def _of_places() -> list[Told]:
    return [
        _told(row["text"], [("person", _AMONG_PLACES[at])] if at in _AMONG_PLACES else [])
        for at, row in enumerate(_rows(EXAMS / "exam_places.jsonl"))
    ]


def _exam(name: str) -> list[Told]:
    return [_told(row["text"], row["spans"]) for row in _rows(EXAMS / name)]


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as rows:
        yield from map(json.loads, rows)


def _told(text: str, spans: Iterable[Sequence[str]]) -> Told:
    at, names = 0, []
    for kind, words in spans:
        start = text.index(words, at)
        at = start + len(words)
        if kind == "person":
            names.append((start, at))
    return Told(text, tuple(names))


def corpus() -> list[Told]:
    """The texts of `train.jsonl` that are not long; those of which nobody could say are left out."""
    named = {row["line"]: row["names"] for row in _rows(DATA / "train_names.jsonl")}
    return [
        _told(text, [("person", name) for name in named.get(line, ())])
        for line, row in enumerate(_rows(DATA / "train.jsonl"), 1)
        if len(text := row["text"]) <= LONGEST and named.get(line, ()) is not None
    ]


def units() -> list[str]:
    """The whole names of the gazetteer's units, without their type."""
    rows = gzip.decompress((DATA / "gazetteer.tsv.gz").read_bytes()).decode().split("\n\n")[0].split("\n")
    cells = [row.split("\t")[:3] for row in rows]
    joined = {(name.partition(" - ")[0], code) for name, _level, code in cells if " - " in name}
    named = [name for name, level, code in cells if level != "landmark" and (name, code) not in joined]
    return sorted({split_type(name)[1] for name in named})


def diet(exams: Iterable[Told], texts: Sequence[Told], dice: Dice) -> Iterator[Weighed]:
    """All that is learnt from, with how much it counts."""
    for told in exams:
        yield told, EXAM if told.names else NOBODY
        for _copy in range(6 if told.names else 3):
            yield varied(renamed(told, dice), dice), LIKE if told.names else NOBODY / 3
    clean = [told for told in texts if not told.names]
    for told in texts:
        if told.names:
            yield told, REAL
            yield from ((varied(renamed(told, dice), dice), LIKE) for _copy in range(3))
    for told in clean:
        yield varied(told, dice) if dice.random() < 0.3 else told, CLEAN
    for _text in range(9000):
        yield varied(_piece(dice.choice(clean).text, dice), dice), CLEAN
    for _text in range(20000):
        some = [dice.sentence() for _sentence in range(dice.choice((1, 1, 2, 3)))]
        yield varied(joined(some, dice.choice((" ", ". ", ", ", "\n"))), dice), DRAWN
    for _text in range(9000):
        yield varied(_among(dice.choice(clean).text, dice), dice), DRAWN
    for _text in range(1000):  # last: so what stands above is drawn as it was without them
        yield varied(dice.sentence(later=True), dice), DRAWN


def _piece(text: str, dice: Dice) -> Told:
    """A few words of a text, as short as some write."""
    return Told(dice.choice(_CLAUSE.split(text)).strip(), ())


_CLAUSE = re.compile(r"[.,;:!?\n]+\s*")


def _among(text: str, dice: Dice) -> Told:
    """The beginning of a text with a drawn sentence before or behind it, or both."""
    stop = text.rfind(". ", 0, 250)
    parts = [Told(text[: stop + 1] if stop > 20 else text[:250], ())]
    before = dice.random() < 0.5
    if before:
        parts.insert(0, dice.sentence())
    if not before or dice.random() < 0.5:
        parts.append(dice.sentence())
    return joined(parts, dice.choice((" ", ". ", "\n")))


def joined(parts: Sequence[Told], between: str) -> Told:
    text, names = "", list[tuple[int, int]]()
    for part in parts:
        text += between if text else ""
        names += [(start + len(text), end + len(text)) for start, end in part.names]
        text += part.text
    return Told(text, tuple(names))


_TITLE = re.compile(r"(?<!\w)(?:ông|bà|anh|chị|cô|chú|bác) $")


def renamed(told: Told, dice: Dice) -> Told:
    """The text with others in it: each name another of its make, some titles too."""
    text, at, names, new = "", 0, list[tuple[int, int]](), dict[str, str]()
    for start, end in told.names:
        old = told.text[start:end]
        if old not in new:
            new[old] = _as_written(dice.like(old), old, plain=told.text.isascii())
        text += told.text[at:start]
        title = _TITLE.search(text)
        if title and dice.random() < 0.4:
            text = f"{text[: title.start()]}{dice.one('kin')} "
        names.append((len(text), len(text) + len(new[old])))
        text, at = text + new[old], end
    return Told(text + told.text[at:], tuple(names))


def _as_written(name: str, old: str, *, plain: bool) -> str:
    if old.islower() or old.isupper():
        name = name.lower() if old.islower() else name.upper()
    return strip(name) if plain else name


_WAYS: Sequence[tuple[float, Callable[[str], str]]] = (
    (0.60, str),
    (0.72, strip),
    (0.84, str.lower),
    (0.94, fold),
    (0.98, str.upper),
    (1.00, lambda text: strip(text).upper()),
)


def varied(told: Told, dice: random.Random) -> Told:
    """The text as it is, without marks, in small letters, in capitals; where no letter becomes two."""
    drawn = dice.random()
    text = next(way for share, way in _WAYS if drawn < share)(told.text)
    return told._replace(text=text) if len(text) == len(told.text) else told


def counts(texts: Iterable[Told]) -> tuple[dict[str, str], dict[str, str]]:
    """Of each word as written, and without marks: how often it is small, 0 to 5, its share of capitals."""
    small, large = (Counter[str](), Counter[str]()), (Counter[str](), Counter[str]())
    for told in texts:
        for word, is_small, is_marked in _seen(told.text):
            into = small if is_small else large
            into[1][fold(word)] += 1
            if is_marked:
                into[0][word] += 1
    return _figures(small[0], large[0]), _figures(small[1], large[1])


def everyday(texts: Iterable[Told]) -> tuple[list[str], list[str]]:
    """Pairs of small words that begin like a name and are none, as written and folded: "phạm vi", "ho so"."""
    written, folded = Counter[str](), Counter[str]()
    for told in texts:
        pairs = {f"{one} {two}" for one, two in pairwise(told.text.split()) if _is_small(one, two)}
        folded.update(set(map(fold, pairs)))
        if Page(told.text).is_marked:
            written.update(pairs)
    return _often(written, SURE_FAMILIES.marked), _often(folded, SURE_FAMILIES.folded)


def _is_small(one: str, two: str) -> bool:
    return (one + two).isalpha() and (one + two).islower() and fold(two) not in MIDDLE.folded


def _often(pairs: Counter[str], families: frozenset[str]) -> list[str]:
    return sorted(pair for pair, many in pairs.items() if many >= OFTEN and pair.split()[0] in families)


def _seen(text: str) -> Iterator[tuple[str, bool, bool]]:
    """Words in small letters, and those with a capital inside a sentence."""
    is_marked, before = Page(text).is_marked, "."
    if text.isupper():
        return
    for match in tagger.TOKEN.finditer(text):
        word = match.group()
        inside = before not in '.!?…\n;:"“-' and not word.isupper()
        if word[0].isalpha() and (word.islower() or inside):
            yield word.lower(), word.islower(), is_marked
        before = word[-1]


def _figures(small: Counter[str], large: Counter[str]) -> dict[str, str]:
    return {
        word: f"{bisect_left((1, 4, 20, 150, 1500), small[word] + 1)}"
        f"{bisect_left((0.02, 0.2, 0.6), large[word] / (small[word] + large[word]) + 1e-9)}"
        for word in sorted(small.keys() | large.keys())
        if small[word] + large[word] > 1
    }


# --- how it learns --------------------------------------------------------------------------------------


def chains(told: Iterable[Weighed], lexicons: Sequence[tagger.Lexicon]) -> Iterator[chain.Chain]:
    for one, weight in told:
        clean = guard(one.text)
        if clean.text != one.text:
            continue
        page = Page(clean.text)
        known = ground(clean, page, gazetteer().find(clean))
        line = tagger.Line(known.text, lexicons[not page.is_marked], known.places)
        tags = _tags(line, one.names)
        for start, end in line.runs:
            yield chain.Chain(
                [
                    [*asked, *(name for way in line.alone(at) for name in way)]
                    for at, asked in enumerate(line.features(start, end), start)
                ],
                _allowed([tags.get(at, 0) for at in range(start, end)]),
                weight,
            )


def _tags(line: tagger.Line, names: Iterable[tuple[int, int]]) -> dict[int, int]:
    tags: dict[int, int] = {}
    for start, end in names:
        inside = range(bisect_left(line.starts(), start), bisect_left(line.starts(), end))
        words = [at for at in inside if line.words[at].is_word]
        tags.update((at, 1 if at == words[0] else 2) for at in words)
    return tags


def _allowed(tags: list[int]) -> list[int]:
    """A name of which the first word is not looked at begins with the second."""
    return [1 if tag == 2 and not (at and tags[at - 1]) else tag for at, tag in enumerate(tags)]


def learn(exams: Iterable[Told], texts: Sequence[Told], seed: int = SEED) -> tagger.Tagger:
    clean = [told for told in texts if not told.names]
    known = [tagger.Known(*both) for both in zip(counts(texts), everyday(clean), strict=True)]
    dice = Dice(seed, units())
    lexicons = [tagger.Lexicon(plain, known[plain], {}) for plain in (False, True)]
    learnt = chain.fit(chains(diet(exams, texts, dice), lexicons), least=LEAST, pull=PULL, rounds=ROUNDS)
    kept = np.abs(learnt.weights).max(axis=1) > SMALLEST
    names = [name for name, is_kept in zip(learnt.names, kept, strict=True) if is_kept]
    scale = float(np.abs(learnt.weights).max()) / 127
    weights = np.rint(learnt.weights[kept] / scale).astype(np.int8)
    return tagger.Tagger(names, weights, scale, known, [round(step, 4) for step in learnt.steps], EAGER)


# --- how well it does -----------------------------------------------------------------------------------


def measured(found: tagger.Tagger, exam: Iterable[Told], eager: float) -> Counter[str]:
    """Names covered whole (`hit` of `names`), needless spans in texts with none (`false` of `clean`)."""
    seen: Counter[str] = Counter()
    for told in exam:
        clean = guard(told.text)
        page = Page(clean.text)
        known = ground(clean, page, gazetteer().find(clean))
        spans = [clean.given(one.start, one.end) for one in found.find(known, page, eager)]
        covered = {at for start, end in spans for at in range(start, end)}
        for start, end in told.names:
            hit = covered.issuperset(at for at in range(start, end) if told.text[at].isalnum())
            seen.update(names=1, hit=hit)
        if not told.names:
            seen.update(clean=1, false=len(spans))
    return seen


def cross_validated(folds: int) -> Iterator[str]:
    """A line for each eagerness: the examinations' texts, each read by what learnt from the others."""
    exams, texts = examined(), corpus()
    found: dict[tuple[int, float], Counter[str]] = {}
    for fold_ in range(folds):
        rest = [told for exam in exams for at, told in enumerate(exam) if at % folds != fold_]
        learnt = learn(rest, texts)
        for number, exam in enumerate(exams, 1):
            for eager in (0.0, 0.2, 0.4, 0.6, 0.8, 1.0):
                figures = measured(learnt, exam[fold_::folds], eager)
                found.setdefault((number, eager), Counter()).update(figures)
    for (number, eager), seen in sorted(found.items()):
        share, false = seen["hit"] / max(1, seen["names"]), 100 * seen["false"] / seen["clean"]
        told = f"{share:.3f} of {seen['names']}, {false:.1f} false in 100 of {seen['clean']} clean"
        yield f"examination {number}, eager {eager}: {told}"


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m classifier.personal.learning", description=__doc__)
    parser.add_argument("--into", type=Path, default=tagger.SHIPPED)
    parser.add_argument("--folds", type=int, default=0, help="only cross-validate in so many parts")
    asked = parser.parse_args(arguments)
    if asked.folds:
        print(*cross_validated(asked.folds), sep="\n")
        return 0
    learnt = learn([told for exam in examined() for told in exam], corpus())
    learnt.save(asked.into)
    print(f"{len(learnt.names)} features, {sum(file.stat().st_size for file in asked.into.iterdir())} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
