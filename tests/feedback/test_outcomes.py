"""What becomes of a rule is an answer to whoever asked about rules, and to nobody else."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from feedback.models.reply import NOT_ABOUT_RULES
from feedback.steps import take
from tests import make
from tests.pages import at, words

pytestmark = pytest.mark.django_db

OF_RULES = ("amend", "repeal", "propose", "issue", "pool")
RULES = "policy-regulation.unreasonable-regulation"
ANSWER: dict[str, Any] = {"outcome": "amend", "text": "Quy định sẽ được sửa."}


def offered(page: str) -> set[str]:
    return {outcome for outcome in (*OF_RULES, "resolved") if f'<option value="{outcome}"' in page}


@pytest.mark.long
def test_a_hole_in_the_pavement_is_not_answered_by_amending_a_rule() -> None:
    petition, handler = make.petition("in_progress"), make.handler()
    assert offered(words(at(handler).get(f"/xu-ly/{petition.code}/"))) == {"resolved"}
    with pytest.raises(ValidationError) as refused:
        take(petition, "draft_reply", by=handler, **ANSWER)
    assert refused.value.message_dict == {"outcome": [str(NOT_ABOUT_RULES)]}
    answer = at(handler).post(f"/xu-ly/{petition.code}/draft_reply/", ANSWER)
    assert answer.status_code == 400
    assert (str(NOT_ABOUT_RULES) in words(answer), ANSWER["text"] in words(answer)) == (True, True)


def test_what_is_filed_under_rules_is_offered_what_becomes_of_them() -> None:
    petition = make.petition("in_progress", subfield=RULES)
    page = words(at(make.handler()).get(f"/xu-ly/{petition.code}/"))
    assert offered(page) == {*OF_RULES, "resolved"}


def test_a_proposal_on_anything_may_be_answered_by_a_rule() -> None:
    petition, handler = make.petition("in_progress"), make.handler()
    take(petition, "reclassify", by=handler, kind="proposal", why="Là kiến nghị")
    take(petition, "draft_reply", by=handler, **ANSWER)
    assert petition.replies.get().outcome == "amend"
