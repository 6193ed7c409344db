"""How well what is found is what was meant: judged questions over the demonstration, nDCG@10 by engine.

    python -m bench.relevance            the engines that run here (five minutes)
    python -m bench.relevance --tops     also the first ten of each question with their grades, on stderr

The demonstration of fixed arguments is filed in a house of its own, thrown away, and asked as its supervisor
asks the desk. SQLite's engine always; PostgreSQL's and Elasticsearch where DATABASE_URL and ELASTICSEARCH_URL
are set (an empty database; on the cluster under a name of this bench's own). Each question is asked as it was
typed and once more without diacritics. How it was judged stands at the head of `tests/search/judged.csv`.

A petition has the highest grade g of the rows of its question that hold for it, else 0; it gains 2^g - 1,
divided by log2(rank + 1); the ideal order is that of all petitions that the supervisor may find. The last
line on stdout is JSON, also kept in `var/bench/relevance.json`. Exit 1 when a goal was missed.
"""

from __future__ import annotations

import argparse
import csv
import math
import os
import re
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from statistics import mean
from typing import Any

from bench.record import KEPT, ROOT, end, say, yardstick_s
from classifier.text import fold, normalise

JUDGED = ROOT / "tests" / "search" / "judged.csv"
TEXTS = ROOT / "tests" / "search" / "judged_texts.csv"
DEMONSTRATION = {"petitions": "2000", "seed": "1", "until": "2026-11-27"}
SUPERVISOR = "giamsat"
FIRST = 10
GOAL, APART = 0.80, 0.02


# --- judgements -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Judgement:
    """Petitions that tell one of these texts, at this place, have this grade for this question."""

    kind: str
    query: str
    grade: int  # 2: speaks of just that; 1: of something near
    place: str  # "": anywhere; communes "20242|20257"; a name that it says; "-name": that it must not say
    texts: tuple[str, ...]  # names of TEXTS, also with `*`


def rows_of(path: Any) -> Iterator[dict[str, str]]:
    """Of a CSV whose first lines are remarks."""
    lines = path.read_text(encoding="utf-8").splitlines()
    yield from csv.DictReader(line for line in lines if not line.startswith("#"))


def judgements() -> list[Judgement]:
    return [
        Judgement(row["kind"], row["query"], int(row["grade"]), row["place"], tuple(row["texts"].split()))
        for row in rows_of(JUDGED)
    ]


def texts() -> dict[str, str]:
    """What people of the demonstration tell, with their braces, by name."""
    return {row["name"]: row["text"] for row in rows_of(TEXTS)}


def told_now() -> dict[str, str]:
    """The same as the demonstration's data have it today, by where it stands there."""
    from feedback.demonstration import writing

    told = {f"{slug}/{at}": text for slug, one in writing.matters().items() for at, text in _at(one.texts)}
    grounds, elsewhere = writing.refusals()["grounds"], writing.refusals()["elsewhere"]
    for ground, one in grounds.items():
        told |= {f"refused.{ground}/{at}": text for at, text in _at(one.get("texts", ()))}
    for body, one in enumerate(elsewhere):
        told |= {f"elsewhere.{body}/{at}": text for at, text in _at(one["texts"])}
    return told


def _at(told: Sequence[str]) -> Iterator[tuple[int, str]]:
    return enumerate(told)


# --- petitions ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Filed:
    """A petition of the house as it is judged."""

    code: str
    text: str
    place: str
    answer: str
    commune: str
    tells: frozenset[str]  # names of TEXTS


def graded(petition: Filed, rows: Collection[Judgement]) -> int:
    return max((row.grade for row in rows if _tells(petition, row) and _is_there(petition, row)), default=0)


def _tells(petition: Filed, row: Judgement) -> bool:
    return any(one == "*" or any(fnmatchcase(told, one) for told in petition.tells) for one in row.texts)


def _is_there(petition: Filed, row: Judgement) -> bool:
    if not row.place:
        return True
    if row.place[0].isdigit():
        return petition.commune in row.place.split("|")
    if row.place[0] == "-":
        return not any(_says(one, row.place[1:]) for one in (petition.text, petition.answer))
    # Where an invented sender lives is no place of his matter.
    return _says(re.sub(r"\b19\d\d/\d [^,.]*", "", f"{petition.text}, {petition.place}"), row.place)


def _says(text: str, name: str) -> bool:
    """With its marks, in a text without marks without them."""
    text, name = normalise(text).lower(), normalise(name).lower()
    return re.search(rf"\b{re.escape(fold(name) if text == fold(text) else name)}\b", text) is not None


@cache
def _patterns() -> Mapping[str, re.Pattern[str]]:
    return {name: _pattern(text) for name, text in texts().items()}


def _pattern(text: str) -> re.Pattern[str]:
    parts = re.split(r"\{\w+\}", fold(text).lower().rstrip(".?!"))
    return re.compile(".{1,40}?".join(map(re.escape, parts)))


def tells(text: str) -> frozenset[str]:
    """Which of the judged texts are told in this one, whatever stands around them."""
    plain = fold(text).lower()
    return frozenset(name for name, pattern in _patterns().items() if pattern.search(plain))


# --- asking ---------------------------------------------------------------------------------------------


def ndcg(found: Sequence[int], best: Sequence[int]) -> float:
    """Of the grades of what was found, in its order, against all grades there are; at ten."""
    return _gained(found) / _gained(sorted(best, reverse=True))


def _gained(grades: Sequence[int]) -> float:
    return sum((2.0**grade - 1) / math.log2(rank + 2) for rank, grade in enumerate(grades[:FIRST]))


@dataclass(frozen=True)
class Asked:
    """A question with what it is worth."""

    kind: str
    query: str
    typed: str  # with the code of this house's petition in it
    grades: Mapping[int, int]  # petition -> grade, all that is not 0


def questions(house: Mapping[int, Filed]) -> list[Asked]:
    by_query: dict[tuple[str, str], list[Judgement]] = defaultdict(list)
    for row in judgements():
        by_query[row.kind, row.query].append(row)
    return [_asked(kind, query, rows, house) for (kind, query), rows in by_query.items()]


def _asked(kind: str, query: str, rows: list[Judgement], house: Mapping[int, Filed]) -> Asked:
    grades = {pk: grade for pk, petition in house.items() if (grade := graded(petition, rows))}
    if "{" not in query:
        return Asked(kind, query, query, grades)
    first = min(grades)  # codes are drawn anew in each house: that of the first that tells this
    code = house[first].code
    groups = f"{code[:4]} {code[4:8]} {code[8:]}"
    return Asked(kind, query, query.format(code=code, groups=groups, half=code[:8]), {first: grades[first]})


def filed() -> dict[int, Filed]:
    """All that the supervisor may find."""
    from accounts.models import User
    from feedback.finding.documents import findable
    from feedback.models import Petition, Reply

    rows = findable(Petition.objects.visible_to(User.objects.get(username=SUPERVISOR)))
    answers = Reply.objects.sent().texts()
    return {
        row.pk: Filed(
            code=row.code,
            text=row.text,
            place=row.place_text,
            answer=answers.get(row.pk, ""),
            commune=row.commune_id or "",
            tells=tells(row.text),
        )
        for row in rows
    }


def ask(typed: str) -> list[int]:
    """The first ten petitions, as the desk shows them to the supervisor."""
    from accounts.models import User
    from feedback.finding.looking import find, read

    page, _rows = find(User.objects.get(username=SUPERVISOR), read(typed), size=FIRST)
    return page.petitions


def figures_of(asked: list[Asked], house: Mapping[int, Filed], *, tops: bool) -> dict[str, Any]:
    told = [one for one in asked if one.grades]
    found = {one.query: [_grades(one, typed) for typed in (one.typed, fold(one.typed))] for one in told}
    scores = {
        one.query: [ndcg(grades, list(one.grades.values())) for grades in found[one.query]] for one in told
    }
    kinds: dict[str, list[float]] = defaultdict(list)
    for one in told:
        kinds[one.kind].append(scores[one.query][0])
        if tops:
            _show(one, scores[one.query], house)
    marked, plain = (mean(pair[at] for pair in scores.values()) for at in (0, 1))
    return {
        "ndcg": round(marked, 3),
        "without_diacritics": round(plain, 3),
        "by_kind": {kind: round(mean(worth), 3) for kind, worth in kinds.items()},
        "found_nothing": [one.query for one in told if not found[one.query][0]],
        "found_too_few": _too_few(told, found, scores),
        "under_half": {
            query: [round(one, 2) for one in pair] for query, pair in scores.items() if pair[0] < 0.5
        },
    }


def _too_few(
    told: list[Asked], found: Mapping[str, list[list[int]]], scores: Mapping[str, list[float]]
) -> dict[str, float]:
    """How many questions were given less than a first page though there is more, and what all others have."""
    few = {one.query for one in told if len(found[one.query][0]) < min(FIRST, len(one.grades))}
    others = [scores[one.query] for one in told if one.query not in few]
    marked, plain = (mean(pair[at] for pair in others) for at in (0, 1))
    return {
        "queries": len(few),
        "others_ndcg": round(marked, 3),
        "others_without_diacritics": round(plain, 3),
    }


def _grades(one: Asked, typed: str) -> list[int]:
    return [one.grades.get(pk, 0) for pk in ask(typed)]


def _show(one: Asked, scores: list[float], house: Mapping[int, Filed]) -> None:
    twos = sum(grade == 2 for grade in one.grades.values())
    say(f"\n## {one.query}  {scores[0]:.2f} {scores[1]:.2f}  2: {twos}, 1: {len(one.grades) - twos}")
    for pk in ask(one.typed):
        say(f"   {one.grades.get(pk, 0)} {pk} {' '.join(sorted(house[pk].tells))}: {house[pk].text[:160]}")


# --- a house --------------------------------------------------------------------------------------------


def measure(*, tops: bool) -> dict[str, Any]:
    KEPT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="house-", dir=KEPT) as place:
        os.environ |= {"HOIAM_VAR": place, "DJANGO_SETTINGS_MODULE": "config.settings"}
        if addresses := os.environ.get("ELASTICSEARCH_URL"):
            os.environ["ELASTICSEARCH_URL"] = _apart(addresses)
        file()
        import django

        django.setup()
        return figures(tops=tops)


def _apart(addresses: str) -> str:
    """The same servers under a name of this bench's own."""
    first, *others = addresses.split(",")
    host = "/".join(first.split("/")[:3])
    return ",".join([f"{host}/relevance-{os.getpid()}", *others])


def file() -> None:
    """The demonstration; it refuses a house that holds anything else."""
    wish = [part for name, value in DEMONSTRATION.items() for part in (f"--{name}", value)]
    manage = [sys.executable, "manage.py"]
    subprocess.run([*manage, "prepare"], cwd=ROOT, check=True, stdout=sys.stderr)  # noqa: S603
    subprocess.run([*manage, "demo", *wish], cwd=ROOT, check=True, stdout=sys.stderr)  # noqa: S603


def running() -> list[str]:
    from django.conf import settings
    from django.db import connection

    names = ["embedded"]
    names += ["postgres"] if connection.vendor == "postgresql" else []
    return names + (["elastic"] if settings.ELASTICSEARCH_URL else [])


def figures(*, tops: bool) -> dict[str, Any]:
    house = filed()
    asked = questions(house)
    found = {engine: _with(engine, asked, house, tops=tops) for engine in running()}
    reached = all(
        one["ndcg"] >= GOAL and abs(one["ndcg"] - one["without_diacritics"]) <= APART
        for one in found.values()
    )
    return {
        "bench": "relevance",
        "load": round(os.getloadavg()[0], 1),
        "demonstration": DEMONSTRATION,
        "petitions": len(house),
        "telling_nothing_judged": sum(not one.tells for one in house.values()),
        "queries": sum(bool(one.grades) for one in asked),
        "nothing_to_find": [one.query for one in asked if not one.grades],
        "engines": found,
        "yardstick_s": round(yardstick_s(), 2),
        "goal": {"ndcg": GOAL, "apart": APART},
        "reached": reached,
    }


def _with(engine: str, asked: list[Asked], house: Mapping[int, Filed], *, tops: bool) -> dict[str, Any]:
    """Everything indexed and asked anew with this engine; what it kept is thrown away."""
    from feedback.finding.indexing import reindex
    from search import engines

    setattr(engines, "name", lambda: engine)  # noqa: B010  (what is chosen by addresses is chosen here by name)
    say(f"{engine}: {reindex()}")
    try:
        return figures_of(asked, house, tops=tops)
    finally:
        engines.chosen().clear()


def main() -> None:
    parser = argparse.ArgumentParser(description="How well what is found is what was meant.")
    parser.add_argument("--tops", action="store_true", help="show the first ten of each question")
    options = parser.parse_args()
    found = measure(tops=options.tops)
    end(found, reached=found["reached"])


if __name__ == "__main__":
    main()
