"""What a newly learnt model must not read worse, and how little one person may weigh."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from classifier import gate, shares
from classifier.examples import Example, from_file
from classifier.model import Model, shipped
from classifier.shares import Said

DEV = Path(__file__).parent / "eval_dev.jsonl"
WASTE = "environment.waste"


def deaf(to: str, by: float = 5.0) -> Model:
    """The shipped model, its weight for one answer taken away."""
    model, bias = shipped(), shipped().bias.copy()
    bias[[slug.startswith(to) for slug in (*model.subfields, *model.kinds, "urgent", "law")]] -= by
    return replace(model, bias=bias)


@pytest.fixture(scope="module")
def audited() -> list[Example]:
    return list(from_file(DEV))


@pytest.mark.long
def test_the_same_model_passes_and_its_figures_are_told(audited: list[Example]) -> None:
    verdict = gate.compare(shipped(), shipped(), audited)
    assert verdict.passes
    assert verdict.old == verdict.new
    assert verdict.new["clean"]["n"] == verdict.new["nodia"]["n"] == 119


@pytest.mark.long
@pytest.mark.parametrize(
    ("lost", "said"),
    [
        ("environment", "lĩnh vực environment"),
        ("urgent", "khẩn cấp được nhận ra"),
        ("law", "khiếu nại, tố cáo được nhận ra hoặc được hỏi"),
        ("question", "loại question"),
    ],
)
def test_a_class_that_is_no_longer_read_is_a_fall(lost: str, said: str, audited: list[Example]) -> None:
    verdict = gate.compare(shipped(), deaf(lost), [*audited, *audited])
    assert not verdict.passes
    assert any(said in reason for reason in verdict.reasons), verdict.reasons


@pytest.mark.parametrize(
    ("lost", "n", "changes", "whole", "falls"),
    [
        (2, 8, 0.02, False, False),  # two texts are chance
        (3, 8, 0.02, False, True),
        (3, 8, 0.10, False, False),  # where every tenth answer changed, three of eight may
        (4, 8, 0.10, False, True),
        (6, 47, 0.05, False, False),
        (7, 47, 0.05, False, True),
        (9, 992, 0.02, True, False),  # less than a point
        (12, 992, 0.02, True, True),
        (-5, 47, 0.05, False, False),
    ],
)
def test_with_few_texts_a_fall_of_one_or_two_is_none(
    lost: int, n: int, changes: float, whole: bool, falls: bool
) -> None:
    assert gate._counts(lost, n, changes, whole=whole) is falls


def test_most_of_many_corrections_by_one_person_are_a_crowd_of_one() -> None:
    one = [(WASTE, "a")] * 1000
    assert gate.crowded(one) == [gate.Crowd(WASTE, "a", 1000, 1000)]
    assert gate.crowded(one[:99]) == []
    assert gate.crowded([*one[:60], *[(WASTE, "b")] * 60]) == []
    assert gate.crowded([*one[:61], *[(WASTE, "b")] * 60])[0].share == pytest.approx(61 / 121)


def said(slug: str, person: str, agency: str, times: int) -> list[Said]:
    return [Said(slug, person, agency)] * times


def weighed(every: list[Said], person: str) -> float:
    return sum(w for w, one in zip(shares.weights(every), every, strict=True) if one.person == person)


def test_a_handful_counts_whole_and_one_person_no_more_than_the_floor() -> None:
    assert shares.weights(said(WASTE, "a", "x", 5)) == [1.0] * 5
    assert weighed(said(WASTE, "a", "x", 1000), "a") == pytest.approx(20)


def test_among_many_a_busy_person_and_a_busy_agency_weigh_a_fifth() -> None:
    others = [one for n in range(9) for one in said(WASTE, f"p{n}", f"a{n}", 60)]
    every = [*said(WASTE, "busy", "big", 5000), *others, *said("other.one", "busy", "big", 3)]
    weights = shares.weights(every)
    of_class = [(w, one) for w, one in zip(weights, every, strict=True) if one.slug == WASTE]
    total = sum(w for w, _one in of_class)
    assert sum(w for w, one in of_class if one.person == "busy") == pytest.approx(total / 5, rel=0.01)
    assert weights[-3:] == [1.0] * 3
    crowd = [one for n in range(50) for one in said(WASTE, f"b{n}", "big", 40)]
    assert sum(
        w for w, one in zip(shares.weights([*crowd, *others]), [*crowd, *others], strict=True)
        if one.agency == "big"
    ) == pytest.approx(540 / 4, rel=0.01)  # fmt: skip
    assert shares.weights([]) == []
