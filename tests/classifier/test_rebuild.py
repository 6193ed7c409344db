"""What is shipped to read with is what its data and code give."""

import json
from pathlib import Path

import pytest

from classifier.model import SHIPPED
from classifier.personal import tagger

ROOT = Path(__file__).parents[2]


@pytest.mark.slow
def test_the_same_data_and_code_give_the_shipped_model(tmp_path: Path) -> None:
    from classifier.training import main  # the learning library takes seconds to load

    assert main(["--into", str(tmp_path), "--taxonomy", str(ROOT / "routing/data/taxonomy.yaml")]) == 0
    rebuilt, committed = (
        json.loads((folder / "model.json").read_text(encoding="utf-8")) for folder in (tmp_path, SHIPPED)
    )
    assert rebuilt == committed


@pytest.mark.slow
def test_the_same_data_and_code_give_the_shipped_tagger_of_names(tmp_path: Path) -> None:
    from classifier.personal.learning import main

    assert main(["--into", str(tmp_path)]) == 0
    for name in ("names.json", "weights.npz"):
        assert (tmp_path / name).read_bytes() == (tagger.SHIPPED / name).read_bytes(), name
