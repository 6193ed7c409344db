"""What is said about rules and procedures: its class, its pool, and what an answer says of the rule."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from feedback import inbox, pakn, papers
from feedback.emptiness import WARNINGS
from feedback.forms.receiving import ReceiveForm
from feedback.forms.replying import ReplyForm
from feedback.forms.sorting import ReclassifyForm
from feedback.models import Petition
from feedback.papers import Case
from feedback.steps import take
from tests import make
from tests.pages import at

pytestmark = pytest.mark.django_db
RULE, CENTRAL = "policy-regulation.initiative", "policy-regulation.unreasonable-regulation"
STAFF = "admin-services.staff-attitude"


@pytest.mark.parametrize(
    ("subfield", "expected"),
    [(RULE, "own_rule"), (CENTRAL, "other_rule"), (STAFF, "staff"), (make.SIDEWALK, "")],
)
def test_the_field_speaks_for_a_class_and_a_hole_in_the_road_has_none(subfield: str, expected: str) -> None:
    petition = make.petition("received", subfield=subfield)
    assert pakn.proposed(petition) == expected
    form = ReclassifyForm(petition=petition, by=make.focal_point())
    assert ("pakn_class" in form.fields) is bool(expected)


def test_whoever_takes_it_in_says_the_class_and_a_refused_one_is_not_accepted() -> None:
    petition = make.petition("submitted")
    Petition.objects.filter(pk=petition.pk).update(subfield=RULE)
    petition = Petition.objects.get(pk=petition.pk)
    assert ReceiveForm(petition=petition, by=make.focal_point()).initial["pakn_class"] == "own_rule"
    told: dict[str, Any] = {"subfield": RULE, "kind": "proposal", "pakn_class": "other_rule"}
    assert at(make.focal_point()).post(f"/xu-ly/{petition.code}/receive/", told).status_code == 302
    petition = Petition.objects.get(pk=petition.pk)
    assert pakn.class_of(petition) == "other_rule"
    assert petition.steps.get(action="receive").facts["pakn_class"] == "other_rule"
    take(petition, "propose_refusal", by=make.focal_point(), ground="out_of_scope", reason="Việc riêng")
    take(petition, "confirm_refusal", by=make.officer())
    assert pakn.class_of(Petition.objects.get(pk=petition.pk)) == "not_accepted"


def test_the_class_alone_is_a_correction_and_not_accepted_is_said_by_refusing() -> None:
    petition = make.petition("received", subfield=RULE)
    take(petition, "reclassify", by=make.focal_point(), pakn_class="own_rule", why="Quy định của tỉnh")
    assert Petition.objects.get(pk=petition.pk).pakn_class == "own_rule"
    with pytest.raises(ValidationError):
        take(petition, "reclassify", by=make.focal_point(), pakn_class="not_accepted", why="Thử")


@pytest.mark.parametrize(("said", "may"), [("own_rule", True), ("other_rule", True), ("staff", False)])
def test_what_an_official_classed_as_about_a_rule_is_answered_so(said: str, may: bool) -> None:
    petition, handler = make.petition("in_progress", subfield=STAFF), make.handler()
    take(petition, "reclassify", by=make.focal_point(), pakn_class=said, why="Nói về quy định")
    petition = Petition.objects.get(pk=petition.pk)
    form: Any = ReplyForm(petition=petition, by=handler)
    offered = dict(form.fields["outcome"].choices)
    assert ("amend" in offered, petition.concerns_rules, pakn.class_of(petition)) == (may, may, said)
    if may:
        take(petition, "draft_reply", by=handler, outcome="amend", text="Sẽ sửa quy định.")


def test_a_class_goes_with_the_field_of_which_it_was_said() -> None:
    petition = make.petition("received", subfield=RULE)
    take(petition, "reclassify", by=make.focal_point(), pakn_class="own_rule", why="Quy định của tỉnh")
    take(petition, "reclassify", by=make.focal_point(), subfield=make.SIDEWALK, why="Chuyện vỉa hè")
    assert Petition.objects.get(pk=petition.pk).pakn_class == ""


@pytest.mark.long
def test_what_is_pooled_stands_in_a_list_until_it_goes_on() -> None:
    petition, handler = make.petition("in_progress", subfield=RULE), make.handler()
    pool = next(drawer for drawer in inbox.DRAWERS if drawer.slug == "tap-hop")

    def pooled() -> list[int]:
        seen = Petition.objects.visible_to(handler)
        return [one.pk for one in pool.of(seen, handler, timezone.now())]

    take(petition, "suspend", by=make.approver(), reason="Chờ giám định")
    assert pooled() == []
    take(petition, "resume", by=make.approver(), reason="Có kết quả")
    take(petition, "suspend", by=make.approver(), reason="pooled")
    assert pooled() == [petition.pk]
    take(petition, "resume", by=make.approver(), reason="Đã đủ ý kiến")
    assert pooled() == []
    take(petition, "draft_reply", by=handler, outcome="pool", text="Tiếp tục tập hợp")
    take(petition, "approve", by=make.approver())
    assert pooled() == [petition.pk]


@pytest.mark.long
def test_an_answer_about_a_rule_says_what_the_rule_misses() -> None:
    petition, handler = make.petition("in_progress", subfield=RULE), make.handler()
    assert "criteria" in ReplyForm(petition=petition, by=handler).fields
    assert "criteria" not in ReplyForm(petition=make.petition("in_progress"), by=handler).fields
    told: dict[str, Any] = {"outcome": "amend", "text": "Sẽ sửa Điều 5.", "criteria": ["simple", "feasible"]}
    told["warned"] = " ".join(WARNINGS)  # another test's matter
    assert at(handler).post(f"/xu-ly/{petition.code}/draft_reply/", told).status_code == 302
    petition = Petition.objects.get(pk=petition.pk)
    assert petition.steps.get(action="draft_reply").facts["criteria"] == ["simple", "feasible"]
    page = at(make.approver()).get(f"/xu-ly/{petition.code}/").content.decode()
    assert "tính đơn giản, dễ hiểu, tính khả thi" in page
    letter = papers.write(papers.papers().forms["cong-van-tra-loi"], Case(petition, handler, {}))
    assert any("tính đơn giản, dễ hiểu, tính khả thi" in words for words in letter.body)
    with pytest.raises(ValidationError):
        take(petition, "send_back", by=make.approver(), words="Sai", criteria=["khác"])
