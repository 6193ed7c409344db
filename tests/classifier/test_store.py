"""Versions that a house has learnt: swapped whole, noticed, refused when a byte is wrong."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import classifier
from classifier import store
from classifier.examples import Example
from classifier.model import BrokenModelError, Model, load, shipped

FEW = [
    Example("hố ga mất nắp trước nhà", "road.hole"),
    Example("nắp hố ga bị vỡ", "road.hole", urgent=True),
    Example("cảm ơn các anh đã sửa điện", "power.off", kind="praise"),
    Example("mất điện cả xóm", "power.off"),
]


@pytest.fixture(scope="module")
def learnt() -> Model:
    from classifier.training import learn  # the learning library takes seconds to load

    return learn(FEW)


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A house's folder, and a process that reads with what lies in it, looking at every reading."""
    patience, store.LOOK_S = store.LOOK_S, 0.0
    classifier.learnt_in(tmp_path / "models")
    yield tmp_path / "models"
    classifier.learnt_in(None)
    store.LOOK_S = patience


def version(model: Model, folder: Path, number: int = 0) -> str:
    """Another version of the same model: its name comes from what it learnt from."""
    examples = [*FEW, Example(f"thêm {number}", "road.hole")]
    return store.put(replace(model, card={}), examples, {"new": {"sub1": 1.0}}, folder)


def read_by() -> str:
    return classifier.read("nắp hố ga bị vỡ").model


@pytest.mark.long
def test_a_version_reads_once_it_is_chosen_and_the_process_goes_on(learnt: Model, folder: Path) -> None:
    assert read_by() == shipped().version
    name = version(learnt, folder)
    assert read_by() == shipped().version
    store.choose(name, folder)
    reading = classifier.read("nắp hố ga bị vỡ")
    assert (reading.model, reading.candidates[0].subfield) == (name, "road.hole")
    assert (folder / name / "figures.json").exists()


@pytest.mark.long
def test_the_name_says_data_and_code_and_the_same_data_give_the_same_name(
    learnt: Model, folder: Path
) -> None:
    name = version(learnt, folder)
    assert name.startswith(f"learnt-{store.data_digest([*FEW, Example('thêm 0', 'road.hole')])[:8]}-")
    assert store.learning_code()[:8] in name
    assert version(learnt, folder) == name != version(learnt, folder, 1)
    assert load(folder / name).card["examples"] == 5


@pytest.mark.long
def test_the_last_five_are_kept_and_back_leads_through_them_to_the_shipped_one(
    learnt: Model, folder: Path
) -> None:
    made = [version(learnt, folder, 0)]
    store.choose(made[0], folder)
    for number in range(1, 6):
        made.append(version(learnt, folder, number))
        store.choose(made[-1], folder)
    assert store.names(folder) == made[:0:-1]
    assert {path.name for path in folder.iterdir() if path.is_dir()} == set(made[1:])
    for expected in [*made[4:0:-1], ""]:
        assert store.back(folder) == expected
        assert read_by() == (expected or shipped().version)
    with pytest.raises(LookupError):
        store.back(folder)


@pytest.mark.long
def test_a_version_without_what_this_release_reads_says_what_to_do(learnt: Model, folder: Path) -> None:
    place = folder / version(learnt, folder)
    with np.load(place / "weights.npz") as parts:
        kept = {name: parts[name] for name in parts.files if name != "shared"}
    np.savez_compressed(place / "weights.npz", **kept)
    card = json.loads((place / "model.json").read_text(encoding="utf-8"))
    card["sha256"] = hashlib.sha256((place / "weights.npz").read_bytes()).hexdigest()
    (place / "model.json").write_text(json.dumps(card), encoding="utf-8")
    with pytest.raises(BrokenModelError, match=r"thiếu phần “shared”.*cần học lại"):
        load(place)


@pytest.mark.long
@pytest.mark.parametrize("file", ["weights.npz", "model.json"])
def test_a_flipped_byte_is_refused_with_words_and_the_version_before_reads(
    file: str, learnt: Model, folder: Path
) -> None:
    store.choose(old := version(learnt, folder), folder)
    store.choose(new := version(learnt, folder, 1), folder)
    harmed = folder / new / file
    content = bytearray(harmed.read_bytes())
    content[-30] ^= 1
    harmed.write_bytes(content)
    with pytest.raises(BrokenModelError, match=r"mã băm|thẻ|Expecting|Invalid"):
        store.opened(folder, new)
    assert read_by() == old
    assert store.trouble()
    shutil.rmtree(folder / old)
    classifier.learnt_in(folder)
    assert read_by() == shipped().version


def test_the_code_that_reads_is_all_that_a_model_imports() -> None:
    here = Path(store.__file__).parent
    found, left = set(), {"model.py"}
    while left:
        found.add(name := left.pop())
        imports = re.findall(r"^from \.(\w+) import", (here / name).read_text(encoding="utf-8"), re.M)
        left |= {f"{one}.py" for one in imports} - found
    assert set(store._READING) == found


@pytest.mark.long
def test_what_other_code_learnt_waits_to_be_learnt_anew(learnt: Model, folder: Path) -> None:
    name = version(learnt, folder)
    card = folder / name / "model.json"
    card.write_text(card.read_text(encoding="utf-8").replace(store.reading_code(), "0" * 64), "utf-8")
    other = load(folder / name).version
    (folder / name).rename(folder / other)
    with pytest.raises(BrokenModelError, match="bản phát hành khác"):
        store.opened(folder, other)


@pytest.mark.long
def test_what_was_cut_off_while_writing_is_no_version_and_is_cleared_away(
    learnt: Model, folder: Path
) -> None:
    name = version(learnt, folder)
    store.choose(name, folder)
    (folder / ".new-1").mkdir()
    (folder / ".new-1" / "weights.npz").write_bytes(b"half")
    assert read_by() == name
    store.choose(version(learnt, folder, 1), folder)
    assert not (folder / ".new-1").exists()


def test_a_name_that_leads_elsewhere_is_no_version(folder: Path) -> None:
    folder.mkdir()
    (folder / "current").write_text("../../../etc\n/tmp\n", encoding="ascii")
    assert store.names(folder) == []
    (folder / "current").write_bytes(b"\xff\xfe")
    assert store.names(folder) == []
    assert read_by() == shipped().version


@pytest.mark.long
def test_who_reads_while_another_loads_a_new_version_does_not_wait(learnt: Model, folder: Path) -> None:
    store.choose(version(learnt, folder), folder)
    reader = store.Reader(folder)
    before = reader.model()
    store.choose(version(learnt, folder, 1), folder)
    with reader._looking:  # another thread is at it
        found: list[Model] = []
        one = threading.Thread(target=lambda: found.append(reader.model()))
        one.start()
        one.join(timeout=5)
        assert found == [before]
    assert reader.model().version != before.version


def test_personal_data_is_gone_from_what_is_learnt() -> None:
    said = classifier.without_people("Tôi là Nguyễn Văn Hùng, 0912345678, hố ga mất nắp")
    assert "0912345678" not in said
    assert "Hùng" not in said
    assert said.endswith("hố ga mất nắp")
    assert classifier.without_people("") == ""
    assert len(classifier.without_people("đường hỏng " * 2000)) <= 4000
