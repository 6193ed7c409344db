"""How long finding by words takes among many, and how fast an index is built.

    python -m bench.finding                    200 thousand documents, the embedded engine (ten minutes)
    python -m bench.finding --size 20000       fewer
    python -m bench.finding --engine elastic   another engine: `elastic` at ELASTICSEARCH_URL, `postgres` at
                                               DATABASE_URL (an empty one: what it has there is thrown away)

Texts are those of `bench.similar`, clauses of the corpus put together by a seeded generator, at most 20,000
different ones; each document has a place, a field, an agency, a state, a day of two years and the marks of
those who see it, as a house of one province has them (drawn; few fields and agencies have most). An official
with a post sees a thirtieth, a supervisor all. Words are taken from the texts, common and rare alike.
`similar` asks as the desk does among the different texts. In a house of its own, thrown away. The last line
on stdout is JSON, also kept in `var/bench/finding.json`. Exit 1 when a goal was missed.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import cycle, islice
from typing import Any

from bench.record import KEPT, ROOT, end, say, yardstick_s
from bench.similar import PROVINCE, written

SIZE, DISTINCT = 200_000, 20_000
ASKED = 200  # of each kind
P95_MS = 100.0
ABOVE_P95_MS = 50.0  # of Elasticsearch: above what its servers took themselves
COMMUNES, AGENCIES = 94, 30
STATES = ("submitted", "received", "assigned", "answered", "closed")
LAST, DAYS = dt.date(2026, 11, 28), 730


# --- documents ------------------------------------------------------------------------------------------


def documents(texts: list[str], count: int) -> Iterator[Any]:
    """The same ones each time."""
    dice = random.Random(2)  # noqa: S311  (no secret: the same documents each time)
    topics = subfields()
    for number, text in enumerate(islice(cycle(texts), count), start=1):
        yield document(number, text, topics, dice)


def subfields() -> list[tuple[str, str]]:
    """Those of the house with their fields."""
    from routing.models import Subfield

    return list(Subfield.objects.order_by("slug").values_list("slug", "field_id"))


def document(number: int, text: str, topics: list[tuple[str, str]], dice: random.Random) -> Any:
    from search import Document, Shelf

    # Few fields and agencies have most, as in life.
    agency = f"agency-{int(AGENCIES * dice.random() ** 2)}"
    commune = f"{20_000 + int(COMMUNES * dice.random() ** 2)}"
    subfield, field = topics[int(len(topics) * dice.random() ** 2)]
    return Document(
        petition=number,
        shelf=Shelf.DESK,
        version=3,
        code=f"{number:012}",
        text=text,
        where=f"Phường {commune} Đà Nẵng",
        field=field,
        subfield=subfield,
        agency=agency,
        province=PROVINCE,
        commune=commune,
        state=dice.choice(STATES),
        kind="report",
        channel="web",
        on=LAST - dt.timedelta(days=dice.randrange(DAYS)),
        due=dt.datetime(2027, 1, 1, tzinfo=dt.UTC) + dt.timedelta(minutes=number) if number % 3 else None,
        seers=frozenset({f"lead:{agency}", f"territory:{PROVINCE}", f"entered:{dice.randrange(50)}"}),
    )


# --- questions ------------------------------------------------------------------------------------------


def questions() -> dict[str, list[str]]:
    """By kind, as people type them: with diacritics and without, common words and rare ones."""
    dice = random.Random(3)  # noqa: S311
    topics = [slug for slug, _field in subfields()]
    words = [text.replace(".", "").lower().split() for text in islice(written(2_000), 2_000)]

    def some(length: int) -> list[str]:
        chosen = dice.choice(words)
        at = dice.randrange(len(chosen) - length)
        return chosen[at : at + length]

    return {
        "word": [some(1)[0] for _ in range(ASKED)],
        "words": [" ".join(some(1) + some(1)) for _ in range(ASKED)],
        "phrase": [f'"{" ".join(some(3))}"' for _ in range(ASKED)],
        "filter": [f"linh-vuc:{dice.choice(topics)} {some(1)[0]}" for _ in range(ASKED)],
        "facet": [f"trang-thai:{dice.choice(STATES)}" for _ in range(ASKED)],
        "not": [f"{some(1)[0]} -{some(1)[0]}" for _ in range(ASKED)],
    }


def times(ask: Callable[[str], Any], typed: list[str]) -> dict[str, float]:
    """Of each question; where servers were asked also how much of it was not theirs."""
    took, ours = [], []
    for one in typed:
        began = time.perf_counter()
        answer = ask(one)
        took.append((time.perf_counter() - began) * 1000)
        ours.append(took[-1] - getattr(answer, "servers_ms", 0))
    found = {"p50_ms": _at(took, 50), "p95_ms": _at(took, 95)}
    return found | ({"above_p95_ms": _at(ours, 95)} if ours != took else {})


def _at(values: list[float], percent: int) -> float:
    return round(sorted(values)[len(values) * percent // 100], 1)


def ask_all() -> dict[str, dict[str, float]]:
    import search
    from feedback.finding.looking import read
    from search import Shelf
    from search.rules import EVERYTHING, Has

    one_post = Has("seers", {"lead:agency-20", "entered:7"})

    def asked(rule: Any, facets: tuple[str, ...] = search.FACETS) -> Callable[[str], Any]:
        return lambda typed: search.find(read(typed), shelves=[Shelf.DESK], rule=rule, facets=facets)

    found = {}
    for kind, typed in questions().items():
        found[kind] = times(asked(EVERYTHING), typed)
        found[f"{kind}, one post"] = times(asked(one_post), typed)
        say(f"{kind}: {found[kind]}, one post {found[f'{kind}, one post']}")
    found["newest, without facets"] = times(asked(EVERYTHING, ()), [""] * 50)
    return found


def similar(texts: list[str]) -> dict[str, float]:
    """Near-duplicates among the different texts, as the desk asks for them."""
    import search
    from classifier import duplicates
    from feedback.models import Petition
    from search.documents import batches

    place = search.Place(PROVINCE)
    prints = (
        search.Fingerprint(number, duplicates.signature(text), place, LAST - dt.timedelta(days=number % 30))
        for number, text in enumerate(texts, start=1)
    )
    for some in batches(prints):
        search.remember(some)
    among = Petition.objects.all()

    def ask(text: str) -> Any:
        return search.similar(text, place=place, within_days=30, on=LAST, among=among)

    return times(ask, texts[:: max(1, len(texts) // ASKED)])


# --- a house --------------------------------------------------------------------------------------------


def measure(count: int, engine: str) -> dict[str, Any]:
    KEPT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="house-", dir=KEPT) as place:
        choose(engine)
        os.environ |= {"HOIAM_VAR": place, "DJANGO_SETTINGS_MODULE": "config.settings"}
        subprocess.run([sys.executable, "manage.py", "prepare"], cwd=ROOT, check=True, stdout=sys.stderr)
        import django

        django.setup()
        return figures(count, engine)


def choose(engine: str) -> None:
    """Take away the addresses that would choose another."""
    if engine != "elastic":
        os.environ.pop("ELASTICSEARCH_URL", None)
    if engine == "embedded":
        os.environ.pop("DATABASE_URL", None)


def figures(count: int, engine: str) -> dict[str, Any]:
    import search
    from search import engines

    engines.chosen().clear()
    texts = list(written(min(count, DISTINCT)))
    began = time.perf_counter()
    search.rebuild(search.Shelf.DESK, documents(texts, count))  # making them is a twentieth of it
    index_s = time.perf_counter() - began
    say(f"{count} documents are kept in {index_s:.0f} s")
    found = ask_all() | {"similar": similar(texts)}
    engines.chosen().clear()
    counted, most = ("above_p95_ms", ABOVE_P95_MS) if engine == "elastic" else ("p95_ms", P95_MS)
    worst = max(one.get(counted, one["p95_ms"]) for one in found.values())
    return {
        "bench": "finding",
        "load": round(os.getloadavg()[0], 1),
        "engine": engine,
        "n": count,
        "distinct": min(count, DISTINCT),
        "index_per_s": round(count / index_s),
        "ms": found,
        "yardstick_s": round(yardstick_s(), 2),
        "goal": {counted: most},
        "reached": worst <= most,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description="How long finding by words takes among many.")
    parser.add_argument("--size", type=int, default=SIZE)
    parser.add_argument("--engine", choices=("embedded", "postgres", "elastic"), default="embedded")
    options = parser.parse_args()
    found = measure(options.size, options.engine)
    end(found, reached=found["reached"])


if __name__ == "__main__":
    main()
