"""What comes along in the statement that reads a petition is what each table holds, to the last column."""

from __future__ import annotations

from typing import Any

import pytest
from django.db.models import Model
from django.utils import timezone

from accounts.models import Role
from bench.statements import cost_of
from feedback import followups, watch, whole
from feedback.models import Coordination, Exclusion, Objection, Petition, Prediction, ReplyDraft, Withheld
from feedback.steps import take
from tests import make

pytestmark = pytest.mark.django_db


def columns(rows: Any) -> list[dict[str, Any]]:
    return [_columns(row) for row in sorted(rows, key=lambda row: row.pk)]


def _columns(row: Model) -> dict[str, Any]:
    return {one.attname: getattr(row, one.attname) for one in row._meta.concrete_fields}


def hung_with_everything() -> Petition:
    petition, now, officer = make.petition("answered"), timezone.now(), make.officer()
    told = {"petition": petition, "agency_id": make.CONSTRUCTION}
    Coordination.objects.create(**told, question="Ai quản lý?", due_on=now.date(), asked_at=now)
    Exclusion.objects.create(**told)
    ReplyDraft.objects.create(petition=petition, person=officer, text="Đang soạn.", updated_at=now)
    make.attachment(petition)
    Withheld.objects.create(petition=petition, by=officer, at=now, reason="Tên người")
    Objection.objects.create(petition=petition, ground="child", at=now)
    Prediction.objects.create(
        petition=petition, at=now, model="m", confidence=0.25, decision="person", kind="report",
        candidates=[{"subfield": make.SIDEWALK, "p": 0.25}], words=["vỉa hè"],
    )  # fmt: skip
    return Petition.objects.get(pk=petition.pk)


def test_all_that_came_along_is_what_the_tables_hold(reference_data: None) -> None:
    petition = hung_with_everything()
    person = make.officer()
    read = whole.with_all(Petition.objects.visible_to(person), person).get(pk=petition.pk)
    whole.unpack(read, person)
    assert cost_of(lambda: list(read.attachments.all())).statements == 0
    for name in ("coordinations", "exclusions", "drafts", "attachments", "withheld", "objections"):
        kept = getattr(petition, name).all()
        assert columns(getattr(read, name).all()) == columns(kept) != []
        assert all(row.petition is read for row in getattr(read, name).all())
    assert columns(read.all_clocks()) == columns(petition.clocks.all()) != []
    assert read.reading
    assert _columns(read.reading) == _columns(petition.predictions.get())
    assert read.last_reply
    assert _columns(read.last_reply) == _columns(petition.replies.get())
    assert read.last_reply.drafted_by == petition.replies.get().drafted_by
    assert columns(read.history()) == columns(petition.history()) != []
    assert [step.said for step in read.history()] == [step.said for step in petition.history()]
    assert [step.person for step in read.history()] == [step.person for step in petition.history()]
    assert read.withheld.all()[0].by == petition.withheld.get().by
    assert read.asked_agencies() == {make.CONSTRUCTION}


@pytest.mark.long
def test_who_was_told_comes_along_for_whoever_watches(reference_data: None) -> None:
    petition, person = make.petition("in_progress"), make.user(Role.SUPERVISOR, "", "48")
    take(petition, "remind", by=person)
    followups.catch_up()
    read = whole.with_all(Petition.objects.visible_to(person), person).get(pk=petition.pk)
    whole.unpack(read, person)
    plain = watch.told(Petition.objects.get(pk=petition.pk))
    assert [(one.pk, one.user, one.created_at) for one in watch.told(read)] == [
        (one.pk, one.user, one.created_at) for one in plain
    ]


def test_nothing_comes_along_where_nothing_hangs_on_it(reference_data: None) -> None:
    petition, person = make.petition(), make.focal_point()
    read = whole.with_all(Petition.objects.visible_to(person), person).get(pk=petition.pk)
    whole.unpack(read, person)
    assert (read.reading, read.last_reply, list(read.drafts.all()), read.asked_agencies()) == (
        (None, None, [], set())
    )


def test_a_whole_asks_no_more_the_more_parts_it_has(reference_data: None) -> None:
    asked = []
    for texts in (["Hai."], ["Hai.", "Ba.", "Bốn.", "Năm."]):
        whole = make.petition("received", anew=True, text="Một. Hai. Ba. Bốn. Năm.")
        take(whole, "split", by=make.focal_point(), texts=texts)
        asked.append(cost_of(lambda: list(Petition.objects.get(pk=whole.pk).all_parts())).statements)  # noqa: B023  asked here
    assert asked[0] == asked[1]
