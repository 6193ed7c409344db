"""The judged questions: well formed, about texts that the demonstration still tells, and rightly counted."""

from __future__ import annotations

from fnmatch import fnmatchcase
from math import log2

import pytest

from bench import relevance
from bench.relevance import Filed, Judgement, graded, judgements, ndcg, rows_of, tells, texts, told_now
from classifier.text import fold


def petition(text: str, *, answer: str = "", commune: str = "20242") -> Filed:
    return Filed(code="", text=text, place="", answer=answer, commune=commune, tells=tells(text))


def test_enough_questions_each_judged_once_for_a_text_and_a_place() -> None:
    rows = judgements()
    pairs = [(row.query, row.grade, row.place) for row in rows]
    assert len({row.query for row in rows}) >= 150
    assert len(pairs) == len(set(pairs))
    assert {row.grade for row in rows} == {1, 2}
    assert all(row.query == row.query.strip() and row.kind and row.texts for row in rows)
    kinds = {query: {row.kind for row in rows if row.query == query} for query in {row.query for row in rows}}
    assert all(len(found) == 1 for found in kinds.values())


def test_each_judged_text_has_a_name_and_each_name_is_a_text() -> None:
    names = texts()
    assert len(names) == len(list(rows_of(relevance.TEXTS)))
    unknown = {
        one
        for row in judgements()
        for one in row.texts
        if one != "*" and not any(fnmatchcase(name, one) for name in names)
    }
    assert unknown == set()


def test_the_demonstration_still_tells_what_was_judged() -> None:
    """A changed text was not judged, and a new one is none of those that were: judge it, then add it here."""
    assert set(told_now().values()) == set(texts().values())


@pytest.mark.long
def test_each_text_is_known_again_in_what_people_send() -> None:
    for name, text in texts().items():
        filled = text.replace("{", "").replace("}", "")
        assert name in tells(
            f"Phản ánh, {filled[:1].lower()}{filled[1:].rstrip('.')}, thuộc phường Hải Châu."
        )
        assert name in tells(fold(filled))


def test_the_highest_grade_of_what_holds_counts() -> None:
    name = next(name for name, text in texts().items() if "ổ gà" in text)
    told = petition(
        "Đường Trần Phú đoạn trước số 9 có ổ gà to bằng cái mâm, mưa xuống không thấy đâu là hố, xe"
    )
    told = Filed(**{**vars(told), "tells": frozenset({name})})

    def grade(*rows: tuple[int, str]) -> int:
        return graded(told, [Judgement("", "", grade, place, (name,)) for grade, place in rows])

    assert grade((1, ""), (2, "Trần Phú")) == 2
    assert grade((1, ""), (2, "Bạch Đằng")) == 1
    assert grade((2, "20257|20242")) == 2
    assert grade((2, "20257")) == 0
    assert grade((2, "-chợ")) == 2
    assert grade((2, "-mâm")) == 0


def test_where_a_sender_lives_is_no_place_of_his_matter() -> None:
    told = petition("Đèn tắt. Nhà tôi ở số 1902/3 Ông Ích Khiêm, gọi tôi.")
    assert graded(told, [Judgement("", "", 2, "Ông Ích Khiêm", ("*",))]) == 0


@pytest.mark.parametrize(
    ("found", "best", "worth"),
    [
        ([2, 1], [1, 2], 1.0),
        ([0, 2], [2], 1 / log2(3)),
        ([], [2], 0.0),
        ([1, 2], [2, 1], (1 + 3 / log2(3)) / (3 + 1 / log2(3))),
        ([0] * 10 + [2], [2], 0.0),
    ],
)
def test_what_stands_first_is_worth_most(found: list[int], best: list[int], worth: float) -> None:
    assert ndcg(found, best) == pytest.approx(worth)
