"""Learning from everything that we ship: minutes of one core."""

from __future__ import annotations

import resource
from pathlib import Path
from typing import Any

import pytest

import classifier
from classifier import store
from classifier.examples import CORPUS, from_files
from classifier.model import shipped
from feedback import learning
from feedback.models import Outcome
from tests.feedback.test_learning import TREES, corrected, officials

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def test_a_thousand_wrong_corrections_of_one_vouched_for_weigh_as_little_as_twenty(
    tmp_path: Path, settings: Any
) -> None:
    """Refused unvouched for. Vouched for, they are learnt, and what is read stays what it was."""
    settings.VAR = tmp_path
    classifier.learnt_in(tmp_path / "models")
    (one,) = officials(1)
    wrong = [e.text for e in from_files(CORPUS) if e.sub != TREES and not e.near][::25][:1000]
    corrected(wrong, TREES, lambda _at: one)
    refused = learning.train()
    assert (refused.outcome, store.names(tmp_path / "models")) == (Outcome.REFUSED, [])
    assert "1000 trên 1000" in refused.reason
    learnt = learning.train(trusted=[one])
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(learnt.outcome, learnt.reason, learnt.seconds, "s", memory, "MB", learnt.figures)
    classifier.learnt_in(None)
    assert learnt.outcome == Outcome.ACCEPTED, learnt.reason
    assert learnt.against == shipped().version
    old, new = (learnt.figures[which]["clean"]["sub1"] for which in ("old", "new"))
    assert new >= old - 0.01
