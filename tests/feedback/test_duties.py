"""What the law wants done beside the answer: until when it is owed, who is told, and how it ends."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from accounts.models import User
from feedback.forms.at_law import DeclareForm
from feedback.models import Clock, Petition
from feedback.steps import NotNow, take
from feedback.sweep import sweep
from feedback.verification import verify
from tests import make
from tests.feedback.test_at_law import IN_WRITING, moment

pytestmark = [pytest.mark.django_db, pytest.mark.long]
POLICE = "provincial-police:48"


def with_signs(now: dt.datetime, officer: User) -> Petition:
    """A denunciation by letter of which signs of a crime are on record."""
    petition = make.petition("received", now=now, channel="letter")
    take(petition, "seal", by=officer, now=now, kind="denunciation")
    take(petition, "declare", by=officer, now=now, circumstance="crime_signs", **IN_WRITING)
    return petition


@pytest.mark.parametrize(("agency", "result"), [(make.HAI_CHAU, ""), (POLICE, "on_time")])
def test_a_crime_is_handed_on_to_whoever_investigates_and_by_no_other_hand(agency: str, result: str) -> None:
    now, officer = moment("2026-08-04"), make.officer()
    petition = with_signs(now, officer)
    take(petition, "assign", by=officer, now=now + dt.timedelta(hours=2), agency=agency)
    assert Clock.objects.get(step="crime").result == result
    assert bool(Petition.objects.get().crime_handed_at) == bool(result)


def test_the_file_goes_to_the_investigators_while_the_rest_is_worked_on() -> None:
    now, officer = moment("2026-08-04"), make.officer()
    petition = with_signs(now, officer)
    told: dict[str, Any] = {"circumstance": "crime_handed", "reason": "Phiếu chuyển số 12, ngày 4/8/2026"}
    take(petition, "accept_for_handling", by=officer, now=now, decision_number="1", signed_on=now.date())
    offered = DeclareForm(petition=Petition.objects.get(), by=officer)
    assert offered.proposed() == {"circumstance": "crime_handed"}
    take(petition, "declare", by=officer, now=now + dt.timedelta(hours=3), **told)
    assert Clock.objects.get(step="crime").result == "on_time"
    with pytest.raises(ValidationError):
        take(petition, "declare", by=officer, now=now + dt.timedelta(hours=4), **told)
    assert not [fault for fault in verify().bad if fault.code]


def test_a_crime_that_nobody_hands_on_is_told_and_recorded_as_late_even_after_the_answer() -> None:
    now, officer = moment("2026-08-04"), make.officer()
    petition = with_signs(now, officer)
    midnight = Clock.objects.get(step="crime").due_at
    assert Petition.objects.get().duty_due_at == midnight
    said = sweep(now=midnight + dt.timedelta(minutes=1))
    assert "duty" in {one.rung for one in said}
    later = moment("2026-08-05T10:00")
    take(petition, "accept_for_handling", by=officer, now=later, decision_number="1", signed_on=later.date())
    take(petition, "draft_reply", by=officer, now=later, **make.ANSWER)
    take(petition, "approve", by=make.approver(make.FOCAL_POINT), now=later)
    with pytest.raises(ValidationError):
        take(petition, "declare", by=officer, now=later, circumstance="withdrawal", **IN_WRITING)
    take(petition, "declare", by=officer, now=later, circumstance="crime_handed", **IN_WRITING)
    assert Clock.objects.get(step="crime").result == "late"
    with pytest.raises(NotNow):
        take(petition, "declare", by=officer, now=later, circumstance="crime_handed", **IN_WRITING)


def test_a_crime_that_was_late_stays_late_when_the_denunciation_is_withdrawn() -> None:
    now, officer = moment("2026-08-04"), make.officer()
    petition = with_signs(now, officer)
    take(petition, "withdraw", by=officer, now=moment("2026-08-06"), signed_form=True)
    assert Clock.objects.get(step="crime").result == "late"
