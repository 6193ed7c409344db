"""The shipped model, and what makes one."""

import hashlib
import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from classifier import Report, evaluate, train
from classifier.examples import Example, from_file
from classifier.gate import AUDITED
from classifier.model import AT_LAW, SHIPPED, BrokenModelError, load, shipped
from classifier.noise import framed, strip, teencode, typos
from classifier.text import guard
from classifier.training import KEPT_TERMS, SHARED_TERMS, Recipe, learn
from classifier.urgency import danger_words
from classifier.vocabulary import FOLDED

HERE = Path(__file__).parent
DEV = HERE / "eval_dev.jsonl"
FEW = [
    Example("hố ga mất nắp trước nhà", "road.hole", alt="road.wall"),
    Example("nắp hố ga bị vỡ", "road.hole", kind="report", urgent=True),
    Example("cảm ơn các anh đã sửa điện", "power.off", kind="praise"),
    Example("mất điện cả xóm", "power.off"),
    Example("mất điện", "power.off", hint=True),
]


def test_the_shipped_model_fits_its_card_and_its_size() -> None:
    card = json.loads((SHIPPED / "model.json").read_text(encoding="utf-8"))
    assert hashlib.sha256((SHIPPED / "weights.npz").read_bytes()).hexdigest() == card["sha256"]
    assert sum(file.stat().st_size for file in SHIPPED.iterdir()) <= 12_000_000
    assert {file.suffix for file in SHIPPED.iterdir()} == {".json", ".npz"}


def test_the_shipped_model_knows_every_subfield_and_kind() -> None:
    assert len(shipped().subfields) == 124
    assert len({slug.split(".")[0] for slug in shipped().subfields}) == 21
    assert len(shipped().kinds) == 7


@pytest.mark.long
def test_the_shipped_model_reads_the_development_texts_as_well_as_promised() -> None:
    report = evaluate(from_file(DEV))
    clean, bare = report.conditions["clean"], report.conditions["nodia"]
    assert clean.n == 119
    assert clean.sub1 >= 0.78
    assert clean.sub3 >= 0.94
    assert clean.field >= 0.83
    assert bare.sub1 >= 0.73
    assert bare.sub3 >= 0.92
    assert clean.kind >= 0.91
    polite = report.conditions["polite"]  # thanks behind a text do not make it one of praise
    assert polite.sub1 >= clean.sub1 - 0.04
    assert polite.kind >= clean.kind - 0.04
    low, high = clean.intervals["sub1"]
    assert low < clean.sub1 < high


def test_a_danger_told_in_a_few_words_is_heard_and_what_shares_its_words_is_not() -> None:
    called: dict[bool, list[bool]] = {True: [], False: []}
    with (HERE / "exam_short_dangers.jsonl").open(encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            text = guard(row["text"]).text
            urgent = shipped().is_urgent(shipped().score(text), bool(danger_words(text)))
            called[row["urgent"]].append(urgent)
    assert sum(called[True]) >= 40
    assert sum(called[False]) <= 4


@pytest.mark.long
@pytest.mark.parametrize(
    ("words", "word_of_danger", "least"),
    [(19, False, 0.5), (20, False, 0.3), (19, True, 0.1), (20, True, 0.1)],
)
def test_of_few_words_more_is_asked_before_they_alone_are_a_danger(
    words: int, word_of_danger: bool, least: float
) -> None:
    marks = {"urgent": 0.5, "urgent_in_many_words": 0.3, "urgent_with_word": 0.1}
    model = replace(shipped(), thresholds={**shipped().thresholds, **marks})
    scores = model.score(" ".join(["nhà"] * words))
    assert model.is_urgent(replace(scores, urgent=least), word_of_danger)
    assert not model.is_urgent(replace(scores, urgent=least - 0.01), word_of_danger)


def test_what_people_answer_second_beside_the_first_stands_behind_it_and_never_before() -> None:
    beside = np.array([[0, 0.5, 0, 0.2], [0.5, 0, 0, 0], [0, 0, 0, 0], [0.2, 0, 0, 0]], dtype=np.float32)
    model = replace(shipped(), subfields=("a", "b", "c", "d"), beside=beside)
    raised = model.raised(np.array([0.4, -0.3, 0.1, 0.3], dtype=np.float32))
    assert raised == pytest.approx([0.4, 0.2, 0.1, 0.399])  # the last as much as it can be
    untold = np.array([0.1, 0.0, 0.3, 0.2], dtype=np.float32)
    assert model.raised(untold) == pytest.approx(untold)


def test_names_that_the_subfield_alone_knows_leave_a_danger_as_great_as_it_was() -> None:
    model = shipped()
    alone = [name for name, shared in zip(model.names, model.shared, strict=True) if not shared]
    assert (len(model.names), len(alone)) == (KEPT_TERMS, KEPT_TERMS - SHARED_TERMS)
    cut = len(model.subfields)
    assert not model.weights[~model.shared, cut:].any()
    name = next(one for one in alone if " " not in one and not one.startswith(FOLDED) and len(one) > 4)
    plain, named = model.score("cháy"), model.score(f"cháy {name}")
    assert set(model.names) & {f"cháy {name}", f"{FOLDED}cháy {name}"} == set()
    assert named.urgent == pytest.approx(plain.urgent, abs=1e-4)
    assert named.law == pytest.approx(plain.law, abs=1e-4)


def test_the_shipped_model_knows_what_is_answered_second() -> None:
    """Of every sub-field as much in all as of another, and each of a pair beside the other."""
    beside = shipped().beside
    assert beside.shape == (124, 124)
    assert beside.sum(axis=1) == pytest.approx(np.full(124, Recipe().beside), abs=1e-4)
    assert not beside.diagonal().any()
    assert ((beside > 0) == (beside.T > 0)).all()


def test_hardly_a_complaint_or_denunciation_is_neither_suspected_nor_asked_about() -> None:
    model = shipped()
    at_law = [e for file in (DEV, AUDITED) for e in from_file(file) if e.kind in AT_LAW]
    scores = [model.score(guard(example.text).text) for example in at_law]
    heard = sum(model.kind(score) in AT_LAW or model.doubtful(score) for score in scores)
    assert heard >= 0.99 * len(at_law)


@pytest.mark.parametrize(
    "harm", ["weights cut", "weights gone", "card gone", "card no json", "card of another"]
)
def test_a_broken_model_says_so(tmp_path: Path, harm: str) -> None:
    folder = tmp_path / "model"
    shutil.copytree(SHIPPED, folder)
    card, weights = folder / "model.json", folder / "weights.npz"
    match harm:
        case "weights cut":
            weights.write_bytes(weights.read_bytes()[:1000])
        case "weights gone":
            weights.unlink()
        case "card gone":
            card.unlink()
        case "card no json":
            card.write_text("{")
        case "card of another":
            card.write_text(
                card.read_text(encoding="utf-8").replace('"sha256": "', '"sha256": "0'), encoding="utf-8"
            )
    with pytest.raises(BrokenModelError):
        load(folder)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(4))
def test_a_text_is_learnt_plain_beside_its_letter(seed: int) -> None:
    from classifier.training import Recipe, _copies

    copies = list(_copies(FEW[1], seed, Recipe()))
    assert copies[0] == (FEW[1].text, 1.0)
    letter = framed(FEW[1].text, seed)
    assert copies[1] == ((strip(letter), 1.0) if seed % 2 else (letter, Recipe().letters))
    assert list(_copies(FEW[1], seed, Recipe(copies=False))) == copies[:1]


@pytest.mark.long  # the learning library takes seconds to load
def test_training_learns_and_the_same_examples_give_the_same_bytes(tmp_path: Path) -> None:
    report = train(FEW, tmp_path / "a")
    train(FEW, tmp_path / "b")
    assert isinstance(report, Report)
    assert (tmp_path / "a" / "weights.npz").read_bytes() == (tmp_path / "b" / "weights.npz").read_bytes()
    model = load(tmp_path / "a")
    assert model.subfields == ("power.off", "road.hole", "road.wall")
    assert model.subfields[int(model.score("nắp hố ga").subfields.argmax())] == "road.hole"
    assert model.subfields[int(model.score("xóm mat dien").subfields.argmax())] == "power.off"


def test_a_text_with_other_diacritics_than_those_learnt_still_speaks(tmp_path: Path) -> None:
    train(FEW, tmp_path / "a")
    model = load(tmp_path / "a")
    for text in ("Hô gá mãt nap", "HO GA mat nắp"):
        assert model.subfields[int(model.score(guard(text).text).subfields.argmax())] == "road.hole"


BESIDE = [
    Example("xã bác hồ sơ của tôi, tôi không chịu", "land.paper", kind="complaint", near=True),
    Example("xã bác đơn của nhà tôi vô lý", "land.paper", kind="complaint", near=True),
    Example("cán bộ xã nhận tiền của dân", "land.paper", kind="denunciation", near=True),
    Example("xã sửa đường của nhà tôi chậm", "road.hole", near=True),
    Example("cán bộ xã làm đường, dân cảm ơn", "road.hole", kind="praise", near=True),
]


def test_the_kind_stands_on_the_side_of_the_law_on_which_the_text_lies(tmp_path: Path) -> None:
    train([*FEW, *BESIDE], tmp_path / "a")
    model = load(tmp_path / "a")
    assert model.kind(model.score("xã bác hồ sơ của nhà tôi vô lý")) == "complaint"
    assert model.kind(model.score("mất điện cả xóm")) not in AT_LAW
    for threshold, at_law in ((-99.0, True), (99.0, False)):
        moved = replace(model, thresholds={**model.thresholds, "law": threshold})
        assert all((moved.kind(moved.score(text)) in AT_LAW) is at_law for text in ("mất điện", "xã bác đơn"))


def test_what_lies_between_both_thresholds_of_the_law_is_doubtful() -> None:
    scores = shipped().score(guard("Trưởng thôn thu tiền hộ nghèo mà không ghi biên lai").text)
    near = shipped().nearness_to_law(scores)
    for law, law_doubt, suspected, doubtful in (
        (near, near - 1, True, False),
        (near + 0.1, near, False, True),
        (near + 0.2, near + 0.1, False, False),
    ):
        moved = replace(shipped(), thresholds={**shipped().thresholds, "law": law, "law_doubt": law_doubt})
        assert (moved.kind(scores) in AT_LAW, moved.doubtful(scores)) == (suspected, doubtful)


@pytest.mark.long
def test_nothing_to_learn_from_is_an_error_and_writes_nothing(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="hai tiểu lĩnh vực"):
        train(FEW[:1], tmp_path / "none")
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize(
    ("lacking", "said"),
    [
        ({"kind": "report"}, "hai loại đơn"),
        ({"urgent": False}, "khẩn và không khẩn"),
        ({"urgent": True}, "khẩn"),
    ],
)
def test_of_one_kind_or_one_urgency_alone_nothing_is_learnt(lacking: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        learn([replace(example, **lacking) for example in FEW])


def test_noise_is_the_same_each_time_and_leaves_words_standing() -> None:
    text = "Không được đổ rác ở đường Lê Lợi, phường Hải Châu, người dân bức xúc lắm rồi"
    assert strip("Đường NGẬP") == "Duong NGAP"
    assert teencode(text, 1) == teencode(text, 1) != text
    assert typos(text, 1, share=1.0) == typos(text, 1, share=1.0) != text
    assert typos(text, 1, share=0.0) == text
    assert len(typos(text, 3).split()) == len(text.split())
