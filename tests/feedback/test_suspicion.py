"""What is said after filing is read for complaints and denunciations too: the intake is asked."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from feedback import followups
from feedback.intake import receive
from feedback.models import FollowUp, Petition
from feedback.steps import take
from tests import make
from tests.feedback.test_doubt import listed

pytestmark = pytest.mark.django_db

BRIBE = "Tôi tố cáo hiệu trưởng nhận hối lộ 20 triệu của phụ huynh, đề nghị xác minh."
FINE = "Tôi muốn khiếu nại quyết định xử phạt số 12 của UBND phường."
DISAGREES = "Không đồng ý, đề nghị xem xét lại."


def after_all(petition: Petition) -> Petition:
    FollowUp.objects.filter(done_at__isnull=True).update(next_try_at=timezone.now())
    followups.catch_up()
    return Petition.objects.get(pk=petition.pk)


SAID = [
    ("submitted", "inform", {"text": BRIBE}, True),
    ("needs_info", "inform", {"text": FINE}, True),
    ("in_progress", "inform", {"text": BRIBE}, True),
    ("answered", "inform", {"text": FINE}, True),
    ("merged", "inform", {"text": BRIBE}, True),
    ("in_progress", "inform", {"text": "Ba nhà mất điện từ tối qua."}, False),
    ("rejected", "contest", {"text": BRIBE}, True),
    ("rejected", "contest", {"text": DISAGREES}, False),  # it is what contesting says
    ("answered", "reopen", {"reason": BRIBE}, True),
    ("answered", "reopen", {"reason": DISAGREES}, False),
]


@pytest.mark.long
@pytest.mark.parametrize(("state", "action", "told", "asked"), SAID)
def test_what_is_surely_one_is_asked_about_and_nothing_else_moves(
    state: str, action: str, told: dict[str, Any], asked: bool
) -> None:
    petition = make.petition(state)
    FollowUp.objects.all().delete()  # unread, so that the first words say nothing
    step = take(petition, action, by=make.holder(petition), **told)
    after = after_all(petition)
    assert (after.law_doubt_at is not None) is asked
    assert (after.state, after.lead_id, after.sealed, after.kind) == (
        step.after, step.petition.lead_id, False, "report"
    )  # fmt: skip
    if asked:
        assert after.law_doubt_at == step.at
        assert listed(make.officer(), after) is (state != "merged")


@pytest.mark.long
def test_told_beside_the_place_it_is_still_asked_about_once_the_place_has_led_it_to_an_agency() -> None:
    text = "Đèn đường trước nhà không sáng ba đêm nay, tối quá."
    petition = receive(make.submission(text=text, commune="")).petition
    after_all(petition)
    take(petition, "inform", by=make.holder(petition), commune="20242", text=f"Phường Hải Châu. {BRIBE}")
    after = after_all(petition)
    assert after.predictions.count() == 2
    assert after.law_doubt_at is not None


@pytest.mark.long
def test_it_is_asked_anew_where_the_first_words_were_answered() -> None:
    petition = make.petition("in_progress")
    FollowUp.objects.all().delete()
    Petition.objects.filter(pk=petition.pk).update(law_doubt_at=petition.submitted_at)
    take(petition, "clear_doubt", by=make.officer())
    take(petition, "inform", by=make.holder(petition), text=BRIBE)
    assert after_all(petition).law_doubt_at is not None


@pytest.mark.long
def test_of_what_is_sealed_nobody_is_asked() -> None:
    petition = make.petition("in_progress")
    FollowUp.objects.all().delete()
    take(petition, "seal", by=make.officer(), kind="complaint")
    take(petition, "inform", by=make.holder(petition), text=BRIBE)
    assert after_all(petition).law_doubt_at is None
