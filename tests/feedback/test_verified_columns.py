"""Every column of what people rely on is held by `verify`, or docs/operating.md says that it is not."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.conf import settings
from django.db import IntegrityError, models, transaction

from feedback import enclosures, guards
from feedback.models import (
    Attachment,
    Clock,
    Coordination,
    Exclusion,
    Petition,
    PublicPetition,
    Reply,
    Step,
    StepText,
)
from feedback.steps import take
from feedback.verification import verify
from tests import make
from tests.feedback.test_verification import sent, told_everywhere

pytestmark = [pytest.mark.django_db, pytest.mark.long]

MODELS: tuple[type[models.Model], ...] = (
    *(Petition, PublicPetition, Step, StepText, Reply, Clock, Coordination, Exclusion, Attachment),
)


def columns() -> list[tuple[type[models.Model], Any]]:
    return [
        (model, field) for model in MODELS for field in model._meta.concrete_fields if not field.primary_key
    ]


def name_of(model: type[models.Model], field: Any) -> str:
    return f"{model.__name__}.{field.name}"


def said_to_be_open() -> set[str]:
    """`Model`: `column`, `column` under the heading of docs/operating.md."""
    text = (settings.BASE_DIR / "docs" / "operating.md").read_text()
    listed = text.split("### Not held against the steps", 1)[1].split("\n## ", 1)[0]
    lines = re.findall(r"^- `(\w+)`: (.+)$", listed, re.M)
    return {f"{model}.{column}" for model, names in lines for column in re.findall(r"`(\w+)`", names)}


def altered(field: Any, value: Any) -> Any:
    """Another value that the column can hold."""
    if field.is_relation:
        others = field.related_model._default_manager.values_list(field.target_field.attname, flat=True)
        return next(other for other in others if other != value)
    if isinstance(field, models.BooleanField):
        return not value
    if isinstance(field, models.IntegerField | models.FloatField):
        return (value or 0) + 1
    if isinstance(field, models.DateTimeField):
        return (value or dt.datetime(2026, 1, 5, tzinfo=dt.UTC)) + dt.timedelta(days=1)
    if isinstance(field, models.DateField):
        return (value or dt.date(2026, 1, 5)) + dt.timedelta(days=1)
    if isinstance(field, models.JSONField):
        return [*value, "x"] if isinstance(value, list) else {"x": 1}
    return f"{value or ''}x"[: field.max_length or None][::-1]


def is_found(model: type[models.Model], field: Any) -> bool:
    """Whether a change of this column behind the steps is told; of a row where it says something, if any."""
    rows = model._default_manager.order_by("-pk")
    telling = rows.exclude(**{field.name: field.get_default()}).exclude(**{field.attname: None})
    row = telling.first() or rows.first()
    assert row, f"no row of {model.__name__} to alter"
    old = row.__dict__[field.attname]
    new = altered(field, old)
    assert new not in (old, None), f"{name_of(model, field)} was not altered"
    try:
        with transaction.atomic():
            model._default_manager.filter(pk=row.pk).update(**{field.attname: new})
            found = verify().bad != []
            transaction.set_rollback(True)
        return found
    except IntegrityError:
        return True  # the database itself refuses


def everything_that_can_be_said() -> None:
    """Answered and published, with files, with other agencies asked, and one that accuses an agency."""
    told_everywhere()
    Attachment.objects.all().delete()  # no step told it
    petition = make.petition("in_progress")
    enclosures.take(petition, "inform", by=make.holder(petition), files=[sent()], text="Ảnh đây")
    enclosures.take(petition, "draft_reply", by=make.handler(), files=[sent()], **make.ANSWER)
    take(petition, "approve", by=make.approver())
    accused = {"agency_type": "commune-people-committee", "unit_code": "20242", "role": "unit"}
    told: dict[str, Any] = {"against": accused, "reason": "Tố cáo phường"}
    accusing = make.petition("in_progress", anew=True)
    take(accusing, "seal", by=make.focal_point(), kind="denunciation")
    take(accusing, "lift", by=make.officer(), agency=make.CONSTRUCTION, **told)


# Told of some rows and not of others: of an ended resolve clock, of a reply that was sent.
BY_ROW = {"Clock.petition", "Clock.step", "Reply.petition"}


def test_each_column_is_held_or_said_to_be_open() -> None:
    everything_that_can_be_said()
    guards.drop()
    assert verify().bad == []
    found = {name_of(model, field) for model, field in columns() if is_found(model, field)}
    known = {name_of(model, field) for model, field in columns()}
    assert said_to_be_open() <= known
    assert sorted(known - found - said_to_be_open()) == []
    assert sorted(said_to_be_open() & found - BY_ROW) == []
