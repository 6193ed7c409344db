"""What the machine read day by day, how often officials changed it, whether people write of other things."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Post, Role, User
from feedback import drift
from feedback.models import Outcome, Petition, Prediction, ReadingDay, Training
from feedback.steps import take
from tests import make
from tests.feedback.test_corrections import LIGHT

pytestmark = pytest.mark.django_db

YESTERDAY = timezone.localdate() - dt.timedelta(days=1)


def reading(petition: Petition, subfield: str = make.SIDEWALK, **fields: object) -> Prediction:
    at = timezone.make_aware(dt.datetime.combine(YESTERDAY, dt.time(9)))
    return Prediction.objects.create(
        petition=petition, at=at, model="thử-1", confidence=0.6, kind="report", decision="subfield",
        subfield=subfield, candidates=[{"subfield": subfield, "p": 0.6}],
        routes=[{"subfield": subfield, "agency": make.HAI_CHAU}], **fields,
    )  # fmt: skip


def counted() -> list[tuple[object, ...]]:
    return list(ReadingDay.objects.values_list("day", "field", "agency", "read", "confirmed", "changed"))


def test_a_day_is_counted_by_field_and_agency_and_twice_gives_the_same() -> None:
    changed, confirmed, sealed = (make.petition("submitted") for _ in range(3))
    for petition in (changed, confirmed, sealed):
        reading(petition)
    reading(make.petition("submitted"), LIGHT, guarded=False)
    take(changed, "reclassify", by=make.focal_point(), subfield=LIGHT, why="Là đèn")
    Petition.objects.filter(pk=confirmed.pk).update(subfield=make.SIDEWALK)  # as the machine read it
    take(confirmed, "receive", by=make.focal_point())
    Petition.objects.filter(pk=sealed.pk).update(sealed=True)
    drift.count()
    drift.count()
    assert counted() == [(YESTERDAY, "urban-infrastructure", make.HAI_CHAU, 3, 2, 1)]


def test_what_is_erased_later_stays_counted() -> None:
    old = YESTERDAY - dt.timedelta(days=60)
    ReadingDay.objects.create(day=old, field="health", agency="", read=4, confirmed=2, changed=1)
    drift.count()
    assert counted() == [(old, "health", "", 4, 2, 1)]


def test_other_matters_than_before_raise_the_index() -> None:
    before = {"health": 500, "environment": 500}
    assert drift.stability_index(before, before) == pytest.approx(0)
    assert drift.stability_index({"health": 490, "environment": 510}, before) < 0.01  # type: ignore[operator]
    # (.9 - .5) ln(.9 / .5) + (.1 - .5) ln(.1 / .5) = .879
    assert drift.stability_index({"health": 900, "environment": 100}, before) == pytest.approx(
        0.879, abs=0.01
    )
    assert drift.stability_index({"land": 1000}, before) > drift.ALARM  # type: ignore[operator]
    assert drift.stability_index({"health": 199}, before) is None


@pytest.mark.long
def test_the_administrator_sees_shares_overrides_and_the_alarm() -> None:
    ReadingDay.objects.create(
        day=YESTERDAY, field="health", agency=make.HAI_CHAU, read=300, confirmed=200, changed=50
    )
    ReadingDay.objects.create(
        day=YESTERDAY - dt.timedelta(days=60), field="environment", read=300, confirmed=0, changed=0
    )
    Training.objects.create(
        at=timezone.now(), outcome=Outcome.REFUSED, version="", against="linear-1", reason="lĩnh vực y tế",
        figures={"old": {"clean": {"sub1": 0.75}}, "new": {"clean": {"sub1": 0.5}}},
    )  # fmt: skip
    administrator = User.objects.create(username="quantri", is_staff=True, is_superuser=True)
    Post.objects.create(user=administrator, role=Role.ADMINISTRATOR)
    desk = Client()
    desk.force_login(administrator)
    page = desk.get("/quan-tri/feedback/readingday/").content.decode()
    assert "Người dân viết về chuyện khác trước" in page
    assert "<td>0,25</td>" in page  # 50 of 200
    assert "Ủy ban nhân dân phường Hải Châu" in page or "UBND phường Hải Châu" in page
    assert "Bị từ chối" in desk.get("/quan-tri/feedback/training/").content.decode()
    row = desk.get(f"/quan-tri/feedback/training/{Training.objects.get().pk}/change/").content.decode()
    assert "0,750" in row
    assert "0,500" in row
    assert desk.get("/quan-tri/feedback/training/add/").status_code == 403


def test_the_administrator_sees_what_of_a_reading_is_changed() -> None:
    petition, sealed = make.petition("received"), make.petition("received")
    for one in (petition, sealed):
        reading(one)
        take(one, "reclassify", by=make.focal_point(), subfield=LIGHT, why="Là đèn")
    take(petition, "reclassify", by=make.focal_point(), subfield=make.SIDEWALK, why="Nhìn nhầm")
    take(petition, "assign", by=make.focal_point(), agency=make.CONSTRUCTION)
    Petition.objects.filter(pk=sealed.pk).update(sealed=True)
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    assert drift.watch(tomorrow).corrected == {"subfield": 1, "kind": 0, "commune": 0, "agency": 1}
    assert drift.watch(timezone.localdate()).corrected["subfield"] == 0  # today is not over
