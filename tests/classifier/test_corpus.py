"""What is learnt from is well formed, and none of it restates what the reader is examined on."""

import csv
import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml

from classifier.examples import CORPUS
from classifier.training import KINDS
from classifier.vocabulary import syllables

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
AUDITED = ROOT / "classifier" / "data" / "audited.jsonl"
EXAMS = (AUDITED, *(HERE / f"{name}.jsonl" for name in ("eval_dev", "exam_kinds", "exam_urgency")))
SHORT = HERE / "exam_short_dangers.jsonl"
KINDS_OF_SPANS = frozenset(
    ["cccd", "cmnd", "phone", "email", "plate", "bank_account", "tax_code", "passport", "address", "person"]
)
FEW = 3  # of so few pairs half are shared by chance


def rows(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def learnt() -> Iterator[tuple[str, dict[str, Any]]]:
    """Each text that is learnt from, with its file and line."""
    for path in CORPUS:
        for number, row in enumerate(rows(path), 1):
            yield f"{path.name}, {number}", row


def pairs(text: str) -> frozenset[tuple[str, str]]:
    return frozenset(pairwise(syllables(text)))


@pytest.mark.long
def test_every_text_that_is_learnt_from_has_answers_that_exist() -> None:
    taxonomy = yaml.load((ROOT / "routing/data/taxonomy.yaml").read_text("utf-8"), yaml.CSafeLoader)
    slugs = {child["slug"] for field in taxonomy["fields"] for child in field["children"]}
    for line, row in learnt():
        known = (row["sub"] in slugs, row["alt"] in slugs | {""}, row["kind"] in KINDS)
        assert all((row["text"].strip(), *known, isinstance(row["urgent"], bool))), line


def test_the_audited_set_asks_for_every_sub_field_as_often_and_nothing_twice() -> None:
    taxonomy = yaml.load((ROOT / "routing/data/taxonomy.yaml").read_text("utf-8"), yaml.CSafeLoader)
    slugs = {child["slug"] for field in taxonomy["fields"] for child in field["children"]}
    asked = list(rows(AUDITED))
    assert Counter(row["subfield"] for row in asked) == dict.fromkeys(slugs - {"other.unclassified"}, 8)
    assert len({row["text"] for row in asked}) == len(asked)
    for row in asked:
        known = (row["subfield"] in row["accept"], set(row["accept"]) <= slugs, row["kind"] in KINDS)
        assert all((*known, isinstance(row["urgent"], bool))), row["text"]


@pytest.mark.long
@pytest.mark.parametrize(("exams", "share"), [(EXAMS, 0.5), ((SHORT,), 0.75)])
def test_no_text_that_is_learnt_from_shares_too_many_of_its_pairs_with_an_examination(
    exams: tuple[Path, ...], share: float
) -> None:
    """Half; of texts of a few words three quarters: "ở chung cư" is half of one already."""
    asked = [pairs(row["text"]) for exam in exams for row in rows(exam)]
    holders: dict[tuple[str, str], list[int]] = defaultdict(list)
    for at, own in enumerate(asked):
        for pair in own:
            holders[pair].append(at)
    for line, row in learnt():
        own = pairs(row["text"])
        shared = Counter(at for pair in own for at in holders.get(pair, ()))
        for at, count in shared.most_common(3):
            shorter = min(len(own), len(asked[at]))
            assert shorter <= FEW or count < share * shorter, f"{line}: {row['text'][:80]}"


@pytest.mark.parametrize(
    ("exam", "answer", "classes"),
    [
        ("exam_kinds.jsonl", "class", {"disguised": 200, "lookalike": 400}),
        ("exam_urgency.jsonl", "urgent", {True: 150, False: 600}),
        ("exam_short_dangers.jsonl", "urgent", {True: 43, False: 40}),
    ],
)
def test_the_examinations_are_as_large_as_promised_and_ask_nothing_twice(
    exam: str, answer: str, classes: dict[Any, int]
) -> None:
    asked = list(rows(HERE / exam))
    assert Counter(row[answer] for row in asked) == classes
    assert len({row["text"] for row in asked}) == len(asked)


@pytest.mark.parametrize(("exam", "least"), [("exam_places.jsonl", 300), ("exam_places_2.jsonl", 150)])
def test_every_place_of_the_examination_is_a_unit_of_today(exam: str, least: int) -> None:
    with (ROOT / "routing/data/vn_communes_2026.csv").open(encoding="utf-8", newline="") as communes:
        known = {line["code"] for line in csv.DictReader(communes)}
    with (ROOT / "routing/data/vn_provinces_2026.csv").open(encoding="utf-8", newline="") as provinces:
        known |= (homes := {line["code"] for line in csv.DictReader(provinces)})
    asked = list(rows(HERE / exam))
    assert len(asked) >= least
    for row in asked:
        assert set(row["codes"]) <= known, row["text"]
        assert row["home"] in homes, row["text"]
        assert row["ask"] is (len(row["codes"]) != 1 or len(row["codes"][0]) == 2), row["text"]


@pytest.mark.parametrize(
    ("exam", "least", "clean"),
    [
        ("exam_personal.jsonl", 600, 150),
        ("exam_personal_2.jsonl", 350, 80),
        ("exam_personal_3.jsonl", 1100, 170),
        ("exam_personal_4.jsonl", 900, 200),
    ],
)
def test_every_span_of_the_examination_stands_in_its_text_in_order(exam: str, least: int, clean: int) -> None:
    asked = list(rows(HERE / exam))
    spans = [span for row in asked for span in row["spans"]]
    assert len(spans) >= least
    assert sum(not row["spans"] for row in asked) >= clean
    assert {kind for kind, _words in spans} <= KINDS_OF_SPANS
    for row in asked:
        at = 0
        for _kind, words in row["spans"]:
            at = row["text"].index(words, at) + len(words)
