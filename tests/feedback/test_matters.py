"""A text that tells of two matters: what the sender and whoever may split it are told."""

from __future__ import annotations

import pytest
from django.test import Client

from feedback import followups
from feedback.forms.handing import SplitForm
from feedback.models import Petition
from feedback.steps import take
from tests import make
from tests.pages import at, opened, words

pytestmark = pytest.mark.django_db

RUBBISH = "Rác trước chợ Hoà Khánh ba ngày chưa ai gom, hôi thối."
LAMP = "Ngoài ra đèn đường trong kiệt 32 tắt cả tuần nay, tối đi làm về rất sợ."
BOTH = f"{RUBBISH} {LAMP}"
SAYS = "Có vẻ là hai việc: Môi trường, vệ sinh; Hạ tầng kỹ thuật đô thị"
ASKS = "Máy ngờ đơn nói hai việc: Môi trường, vệ sinh; Hạ tầng kỹ thuật đô thị"


def test_who_types_is_told_that_it_seems_two_and_what_he_may_do() -> None:
    page = words(Client().post("/gui/doc-thu/", {"text": BOTH}))
    assert SAYS in page
    assert "Ngoài ra đèn đường" in page
    assert "Gửi thành hai đơn" in page
    assert "hai việc" not in words(Client().post("/gui/doc-thu/", {"text": RUBBISH}))


@pytest.mark.long
def test_the_machine_gives_it_to_nobody_until_it_is_split() -> None:
    assert Client().post("/gui/", {"text": BOTH, "commune": "20242"}).status_code == 303
    followups.catch_up()
    both = Petition.objects.get()
    assert (both.state, both.provisional) == ("submitted", False)
    clerk = make.focal_point()
    assert ASKS in words(at(clerk).get(both.get_absolute_url()))
    take(both, "split", by=clerk, texts=[LAMP])
    followups.catch_up()
    lamp = Petition.objects.exclude(pk=both.pk).get()
    assert (lamp.state, lamp.provisional, lamp.lead_id) == ("assigned", True, make.CONSTRUCTION)


@pytest.mark.long
def test_danger_waits_for_nobody_to_split_it() -> None:
    told = f"Dây điện đứt rơi xuống đường, tia lửa bắn ra trước trường học, rất nguy hiểm. Ngoài ra {RUBBISH}"
    assert Client().post("/gui/", {"text": told, "commune": "20242"}).status_code == 303
    followups.catch_up()
    petition = Petition.objects.get()
    assert (petition.urgent, petition.state, petition.provisional) == (True, "assigned", True)
    assert "hai việc" in words(at(make.focal_point()).get(petition.get_absolute_url()))


@pytest.mark.long
def test_after_filing_it_stands_on_the_receipt_until_it_is_split() -> None:
    assert Client().post("/gui/", {"text": BOTH, "commune": "20242"}).status_code == 303
    petition = Petition.objects.get()
    for _when in ("before it is read", "after"):
        page = words(opened(petition).get(f"/bien-nhan/{petition.code}/"))
        assert SAYS in page
        assert "Cán bộ sẽ xem có cần tách thành đơn riêng không." in page
        followups.catch_up()
        petition = Petition.objects.get()
    take(petition, "split", by=make.focal_point(), texts=[LAMP])
    assert "hai việc" not in words(opened(petition).get(f"/bien-nhan/{petition.code}/"))


def test_whoever_may_split_it_is_told_and_finds_the_second_in_the_box() -> None:
    petition, clerk = make.petition("received", text=BOTH), make.focal_point()
    page = words(at(clerk).get(petition.get_absolute_url()))
    assert ASKS in page
    assert SplitForm(petition=petition, by=clerk).proposed() == {"texts": LAMP}
    form = words(at(clerk).get(f"{petition.get_absolute_url()}?lam=split"))
    assert "Phần tách ra" in form
    assert ASKS not in form
    take(petition, "split", by=clerk, texts=[LAMP])
    assert ASKS not in words(at(clerk).get(petition.get_absolute_url()))
    part = Petition.objects.exclude(pk=petition.pk).get()
    assert part.text == LAMP
    assert "hai việc" not in words(at(clerk).get(part.get_absolute_url()))


@pytest.mark.parametrize("state", ["assigned", "in_progress", "answered"])
def test_who_works_on_it_is_not_told_what_he_knows(state: str) -> None:
    petition = make.petition(state, text=BOTH)
    for person in (make.focal_point(), make.handler()):
        assert "hai việc" not in words(at(person).get(petition.get_absolute_url()))
