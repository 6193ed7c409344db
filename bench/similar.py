"""Whether the same thing told twice is found among very many, and what that costs.

    python -m bench.similar                       1,000 changed texts among 100 thousand (some ten minutes)
    python -m bench.similar --texts 1000000       among a million: candidates and the size of the table

The texts are synthetic: clauses of the corpus put together by a seeded generator, no two clauses twice in one
company, so that no two texts share half of their word pairs. All are kept in one province, 100 thousand in
any 30 days, and asked for without a commune: whoever asks looks at twice as many as a house ever has. A house
of its own on SQLite, thrown away. The last line on stdout is JSON, also kept in `var/bench/similar.json`.
Exit 1 when a goal was missed.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import combinations, islice, pairwise
from typing import Any

from bench.record import KEPT, ROOT, end, say, yardstick_s
from classifier import duplicates
from classifier.examples import from_file
from classifier.noise import strip, teencode, typos
from classifier.text import fold

TRAIN = ROOT / "classifier" / "data" / "train.jsonl"
PROVINCE = "48"
DAYS, A_MONTH = 30, 100_000  # texts that 30 days hold
ASKED = 1_000
AT_ONCE = 2_000
LONG = 280  # code points from which a text is long enough
CLAUSE = range(5, 15)  # words: no clause is half of a text
RECALL, CANDIDATES, MS = 0.97, 3.0, 5.0
GREETING = "Kính gửi Ủy ban nhân dân phường, tôi tên là Nguyễn Văn An, trú tại tổ 12. "
CLOSING = " Rất mong các cấp sớm xem xét, giải quyết. Xin trân trọng cảm ơn!"
WAYS: dict[str, Callable[[str, int], str]] = {
    "typos": typos,
    "nodia": lambda text, _seed: strip(text).lower(),
    "teencode": teencode,
    "greeting": lambda text, _seed: GREETING + text + CLOSING,
    "cut": lambda text, _seed: text[: len(text) * 7 // 10],
}


# --- the texts ------------------------------------------------------------------------------------------


def clauses() -> list[str]:
    """Of the corpus, each once whatever its capitals and diacritics."""
    found: dict[str, str] = {}
    for example in from_file(TRAIN):
        for clause in re.split(r"[.,:;!?…\n]+", example.text):
            words = clause.split()
            if len(words) in CLAUSE:
                found.setdefault(fold(" ".join(words)), " ".join(words))
    return list(found.values())


def written(count: int) -> Iterator[str]:
    """Texts of some 300 code points; the same ones each time."""
    among = clauses()
    dice = random.Random(1)  # noqa: S311  (no secret: the same texts each time)
    together: set[int] = set()
    for _text in range(count):
        chosen: list[int] = []
        length = 0
        while length < LONG:
            clause = dice.randrange(len(among))
            pairs = {min(clause, other) * len(among) + max(clause, other) for other in chosen}
            if clause in chosen or not together.isdisjoint(pairs):
                continue
            chosen.append(clause)
            together |= pairs
            length += len(among[clause]) + 2
        yield ". ".join(among[clause].capitalize() for clause in chosen) + "."


def most_shared(texts: Sequence[str]) -> float:
    """The largest share of word pairs that two of these have in common, of the one with fewer."""
    pairs = [set(pairwise(words)) for words in (fold(text).split() for text in texts)]
    return max(len(one & other) / min(len(one), len(other)) for one, other in combinations(pairs, 2))


# --- a house --------------------------------------------------------------------------------------------


def measure(count: int) -> dict[str, Any]:
    KEPT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="house-", dir=KEPT) as place:
        os.environ.pop("DATABASE_URL", None)
        os.environ |= {"HOIAM_VAR": place, "DJANGO_SETTINGS_MODULE": "config.settings"}
        subprocess.run([sys.executable, "manage.py", "prepare"], cwd=ROOT, check=True, stdout=sys.stderr)
        import django

        django.setup()
        return figures(count)


def figures(count: int) -> dict[str, Any]:
    asked = dict(islice(fill(count), ASKED))
    say(f"{count} petitions stand")
    before = bytes_of_database()
    began = time.process_time()
    index_all()
    index_s = time.process_time() - began
    say(f"{count} are kept in {index_s:.0f} s")
    size = bytes_of_database() - before
    found = ask_all(asked)
    reached = min(found["recall"].values()) >= RECALL and found["candidates"] <= CANDIDATES
    return {
        "bench": "similar",
        "database": "sqlite",
        "n": count,
        "asked": len(asked),
        "most_shared_of_asked": round(most_shared(list(asked.values())), 3),
        **found,
        "index_ms": round(index_s / count * 1000, 2),
        "table_mb": round(size / 1e6, 1),
        "bytes_a_text": round(size / count),
        "yardstick_s": round(yardstick_s(), 2),
        "goal": {"recall": RECALL, "candidates": CANDIDATES, "ms": MS},
        "reached": reached and found["ms"] <= MS,
    }


def fill(count: int) -> Iterator[tuple[int, str]]:
    """Petitions with these texts, and which of them will be asked for: of the last days, in a fixed order."""
    from feedback.models import Petition

    days = max(DAYS, DAYS * count // A_MONTH)
    today = dt.datetime.now().astimezone()
    texts = written(count)
    number = 0
    while together := list(islice(texts, AT_ONCE)):
        rows = [petition_of(number + at, text, today, days) for at, text in enumerate(together)]
        Petition.objects.bulk_create(rows)
        number += len(rows)
    recent = Petition.objects.filter(submitted_at__gt=today - dt.timedelta(days=DAYS))
    step = max(1, recent.count() // ASKED)
    yield from recent.order_by("pk").values_list("pk", "text")[::step]


def petition_of(number: int, text: str, today: dt.datetime, days: int) -> Any:
    from feedback.models import Petition

    return Petition(
        code=f"{number:012}",
        secret_hash="",
        text=text,
        state="submitted",
        territory_id=PROVINCE,
        province_id=PROVINCE,
        lead_id=f"feedback-focal-point:{PROVINCE}",
        submitted_at=today - dt.timedelta(days=number % days),
    )


def index_all() -> None:
    from feedback import alike
    from feedback.models import Petition

    last = 0
    while rows := list(Petition.objects.filter(pk__gt=last).order_by("pk")[:AT_ONCE]):
        alike.remember_all(rows)
        last = rows[-1].pk


def bytes_of_database() -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")
        return int(cursor.fetchone()[0])


def ask_all(asked: dict[int, str]) -> dict[str, Any]:
    """Recall by way of changing; means of candidates, of others offered, and of milliseconds, over all."""
    from feedback import alike

    among = alike.offered_to(official())
    recall, candidates, others, times = {}, [], [], []
    for way, change in WAYS.items():
        hits = 0
        for pk, text in asked.items():
            changed = change(text, pk)
            began = time.perf_counter()
            found = ask(changed, among)
            times.append((time.perf_counter() - began) * 1000)
            hits += pk in found
            others.append(len(found) - (pk in found))
            candidates.append(candidates_of(changed))
        recall[way] = round(hits / len(asked), 4)
        say(f"{way}: recall {recall[way]}")
    times.sort()
    return {
        "recall": recall,
        "candidates": round(statistics.mean(candidates), 2),
        "others_offered": round(statistics.mean(others), 4),
        "ms": round(statistics.mean(times), 2),
        "p50_ms": round(times[len(times) // 2], 2),
        "p95_ms": round(times[len(times) * 95 // 100], 2),
        "per_s": round(1000 / statistics.mean(times), 1),
    }


def ask(text: str, among: Any) -> list[int]:
    import search

    place, today = search.Place(PROVINCE), dt.datetime.now().astimezone().date()
    matches: Iterable[search.Match] = search.similar(
        text, place=place, within_days=DAYS, on=today, among=among
    )
    return [match.petition for match in matches]


def candidates_of(text: str) -> int:
    """How many share a band, the right one among them."""
    import search
    from search.fingerprints import candidates

    place, today = search.Place(PROVINCE), dt.datetime.now().astimezone().date()
    return len(candidates(duplicates.signature(text), place=place, within_days=DAYS, on=today))


def official() -> Any:
    from accounts.models import Post, Role, User

    person = User.objects.create(username="dau-moi")
    agency = f"feedback-focal-point:{PROVINCE}"
    Post.objects.create(user=person, role=Role.FOCAL_POINT, agency_id=agency, province_id=PROVINCE)
    return person


def main() -> None:
    parser = argparse.ArgumentParser(description="Whether the same thing told twice is found.")
    parser.add_argument("--texts", type=int, default=A_MONTH)
    found = measure(parser.parse_args().texts)
    end(found, reached=found["reached"])


if __name__ == "__main__":
    main()
