"""An agency that was renamed: what happened keeps the name of its day, lists say today's."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from feedback import story
from feedback.models import Petition
from feedback.steps import take
from routing.called import called
from routing.models import Agency, AgencyName
from tests import make
from tests.pages import at, words

pytestmark = pytest.mark.django_db

OLD, NEW = "Sở Xây dựng TP Đà Nẵng", "Sở Xây dựng và Hạ tầng TP Đà Nẵng"


def renamed_on(day: dt.date) -> Agency:
    """It has the new name from that day."""
    agency = Agency.objects.get(code=make.CONSTRUCTION)
    assert agency.name == OLD
    agency.name = NEW
    agency.save()
    AgencyName.objects.create(
        agency=agency, name=OLD, valid_from=dt.date(2025, 7, 1), valid_to=day - dt.timedelta(days=1)
    )
    return agency


@pytest.mark.long
def test_an_old_step_keeps_the_name_of_its_day_and_a_new_one_has_todays() -> None:
    petition = make.petition("assigned", lead=make.CONSTRUCTION)
    later = timezone.now() + dt.timedelta(days=1)
    renamed_on(timezone.localdate(later))
    handler = make.handler(make.CONSTRUCTION)
    take(petition, "accept", by=handler, now=later)
    petition = Petition.objects.get(pk=petition.pk)
    for told in (
        story.to_petitioner(petition, later)[1:],
        story.to_officials(petition, later, by=handler),
    ):
        said = [event.said for event in told]
        assert said[0] == f"{NEW} nhận xử lý"
        assert f"Chuyển đến {OLD}" in said
    assert story.present(petition, later).said == f"{NEW} đang xử lý"
    page = words(at(make.focal_point()).get(f"/xu-ly/{petition.code}/?lam=transfer"))
    assert NEW in page


def test_each_day_has_its_name() -> None:
    agency = renamed_on(dt.date(2026, 3, 1))
    days = [dt.date(2025, 6, 30), dt.date(2025, 7, 1), dt.date(2026, 2, 28), dt.date(2026, 3, 1), None]
    assert [called(agency, day) for day in days] == [NEW, OLD, OLD, NEW, NEW]
    late = dt.datetime(2026, 2, 28, 17, 30, tzinfo=dt.UTC)  # 00:30 of the next day here
    assert called(agency, late) == NEW


def test_two_names_of_one_day_and_a_former_name_without_an_end_are_refused() -> None:
    agency = renamed_on(dt.date(2026, 3, 1))
    for since, until, said in (
        (dt.date(2026, 2, 1), dt.date(2026, 4, 1), "Có hai tên"),
        (dt.date(2026, 5, 1), None, "ngày cuối"),
        (dt.date(2026, 5, 2), dt.date(2026, 5, 1), "phải sau ngày bắt đầu"),
    ):
        with pytest.raises(ValidationError, match=said):
            AgencyName(agency=agency, name="Sở X", valid_from=since, valid_to=until).clean()
