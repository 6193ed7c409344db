"""Figures of reading say what they are defined to say; the bench keeps apart what it must."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from classifier.evaluation import Outcome, figures
from classifier.examples import Example
from classifier.model import Model, save
from classifier.model import load as load_model


def outcome(
    confidence: float,
    right: bool,
    *,
    urgent: bool = False,
    is_urgent: bool | None = False,
    law: tuple[bool, bool, bool] = (False, False, False),
) -> Outcome:
    """`law`: whether it is a complaint or denunciation, is read as one, is asked about."""
    return Outcome(
        sub="road.hole",
        said="road.hole" if right else "power.off",
        sub1=right,
        sub3=True,
        loosely=right,
        field=right,
        kind=True,
        is_at_law=law[0],
        at_law=law[1],
        asked=law[2],
        confidence=confidence,
        urgent=urgent,
        is_urgent=is_urgent,
    )


def test_coverage_is_the_largest_share_that_keeps_its_promise() -> None:
    surest = [outcome(0.99 - number / 1000, True) for number in range(60)]
    rest = [outcome(0.5 - number / 1000, number % 2 == 0) for number in range(40)]
    found = figures([*rest, *surest])
    # 60 right, then every other one wrong: 64 of the surest 67 are right, and never again 19 in 20.
    assert found.cov95 == 0.67
    assert found.acc60 == 1.0
    assert found.sub1 == 0.8
    for name in ("sub1", "sub3", "field", "kind", "ece", "cov95", "acc60"):
        low, high = found.intervals[name]
        assert low <= getattr(found, name) <= high, name


def test_who_is_as_sure_as_right_has_no_calibration_error() -> None:
    assert figures([outcome(0.5, number % 2 == 0) for number in range(200)]).ece == 0
    assert figures([outcome(0.9, number % 2 == 0) for number in range(200)]).ece == pytest.approx(0.4)


def test_urgency_nobody_judged_counts_neither_way() -> None:
    judged = [outcome(0.5, True, urgent=True, is_urgent=True), outcome(0.5, True, urgent=True)]
    found = figures([*judged, outcome(0.5, True, urgent=True, is_urgent=None)])
    assert (found.urgent_recall, found.urgent_precision) == (1.0, 0.5)
    none = figures([outcome(0.5, True)])
    assert (none.urgent_recall, none.urgent_precision) == (None, None)


def test_what_is_asked_about_is_heard_and_not_found() -> None:
    found, asked, missed, diverted = (
        (True, True, False),
        (True, False, True),
        (True, False, False),
        (False, True, False),
    )
    needless, plain = (False, False, True), (False, False, False)
    told = [found, asked, asked, missed, diverted, needless, plain, plain, plain, plain]
    law = figures([outcome(0.5, True, law=one) for one in told])
    assert (law.law_found, law.law_heard) == (0.25, 0.75)
    assert (law.law_diverted, law.law_asked) == (0.1667, 0.1667)
    none = figures([outcome(0.5, True, law=plain)])
    assert (none.law_found, none.law_heard, none.law_asked) == (None, None, 0.0)


def test_nothing_read_is_no_figure() -> None:
    with pytest.raises(ValueError, match="Không có kết quả"):
        figures([])


TEXTS = {
    "road.hole": ("Ổ gà to giữa đường {}", "Đường {} thủng một hố sâu", "Mặt đường {} lún sụt nặng"),
    "power.off": ("Mất điện cả xóm {} từ tối", "Khu {} cúp điện hoài", "Điện nhà {} chập chờn suốt"),
    "water.off": ("Nước máy {} yếu quá", "Xóm {} không có nước dùng", "Vòi nước {} chảy đục ngầu"),
}
WHERE = ("Lê Lợi", "Trần Phú", "Hùng Vương", "Bạch Đằng", "chợ Cồn", "bến xe")
MANY = [
    Example(text.format(where), sub, kind="question" if where in WHERE[4:] else "report", urgent=at == 0)
    for sub, texts in TEXTS.items()
    for text in texts
    for at, where in enumerate(WHERE)
]


@pytest.mark.long  # the learning library takes seconds to load
def test_calibration_makes_held_out_texts_likelier_and_moves_no_candidate() -> None:
    from classifier.calibration import calibrated
    from classifier.training import Recipe, learn

    model = learn(MANY[::2], Recipe(hints=0.0))
    better = calibrated(model, MANY[1::2])

    def surprise(of: Model) -> float:
        right = [of.score(e.text).subfields[of.subfields.index(e.sub)] for e in MANY[1::2]]
        return -float(np.log(right).mean())

    assert surprise(better) < surprise(model)
    for example in MANY:
        assert np.argmax(better.score(example.text).subfields) == np.argmax(
            model.score(example.text).subfields
        )
    with pytest.raises(ValueError, match="hiệu chỉnh"):
        calibrated(model, [Example("Cây đổ", "trees.fallen")])


@pytest.mark.long
def test_a_model_keeps_its_calibration_in_its_folder(tmp_path: Path) -> None:
    from classifier.training import learn

    model = learn(MANY)
    sharper = replace(model, calibration={**model.calibration, "subfield": 14.0}, card={"name": "linear"})
    save(sharper, tmp_path)
    assert load_model(tmp_path).calibration["subfield"] == 14.0


@pytest.mark.long
def test_texts_that_restate_each_other_are_read_by_a_model_that_saw_neither() -> None:
    from bench.reading import folds_of, near_duplicates

    said = "Nắp cống trước số nhà mười hai đường Lê Lợi bị mất từ tối hôm qua"
    texts = [
        said,
        "Xin cấp lại sổ hộ khẩu bị mất thì nộp giấy tờ gì ở đâu",
        f"{said}, mong xử lý",
        "Mất điện",
    ]
    groups = near_duplicates(texts)
    assert groups[0] == groups[2]
    assert len(set(groups)) == 3
    assert folds_of(groups)[0] == folds_of(groups)[2]
    assert folds_of([0, 1, 2, 3, 4, 5]) == [0, 1, 2, 3, 4, 0]


@pytest.mark.long
def test_the_picture_is_one_and_names_what_is_taken_for_what() -> None:
    from bench.reading_picture import drawn, material

    found = [outcome(0.9, True), outcome(0.4, False), outcome(0.8, True), outcome(0.3, True)]
    told = material(found)
    assert told["coverage"][-1] == (1.0, 0.75)
    picture = ET.fromstring(drawn("a & b", told))
    titles = [element.text for element in picture.iter("{http://www.w3.org/2000/svg}title")]
    assert "road → power: 25.0%" in titles
