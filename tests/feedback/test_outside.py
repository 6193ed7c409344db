"""Where a citizen is sent from the desk: to a body that the house knows, or one that is typed."""

from __future__ import annotations

import pytest

from feedback.forms.receiving import RedirectForm
from feedback.models import Petition
from feedback.steps import take
from routing.models import OutsideBody
from tests import make
from tests.pages import at

pytestmark = pytest.mark.django_db


def redirected(petition: Petition, **typed: str) -> dict[str, str]:
    """The words of the step."""
    at(make.officer()).post(f"/xu-ly/{petition.code}/redirect/", typed)
    step = petition.steps.get(action="redirect")
    return {name: str(value) for name, value in step.said.items()}


def test_a_known_body_tells_its_address_telephone_and_what_to_bring() -> None:
    OutsideBody.objects.create(
        slug="court", province_id="48", name="Tòa án nhân dân khu vực 1", address="374 Núi Thành",
        phone="0236 3621 345", bring="giấy triệu tập",
    )  # fmt: skip
    petition = make.petition("received", anew=True)
    told = redirected(petition, known="court")
    assert told["body"] == "Tòa án nhân dân khu vực 1"
    assert told["address"] == "374 Núi Thành; điện thoại 0236 3621 345; mang theo: giấy triệu tập"


def test_where_nobody_knows_a_telephone_it_says_whom_to_ask() -> None:
    told = redirected(make.petition("received", anew=True), known="party-inspection")
    assert "; số điện thoại: hỏi tổng đài 1022 (nơi có)" in told["address"]
    assert "; mang theo: đơn ghi rõ họ tên" in told["address"]


def test_above_the_province_is_proposed_where_its_committee_is_complained_of() -> None:
    petition = make.petition("received", anew=True)
    accused = {"agency_type": "provincial-people-committee", "unit_code": "48", "role": "unit"}
    take(petition, "reclassify", by=make.officer(), why="x", against=accused)
    assert RedirectForm(petition=petition).initial == {"known": "above-the-province"}
    told = redirected(petition, known="above-the-province")
    assert told["body"] == "Thủ tướng Chính phủ, Thanh tra Chính phủ"


def test_what_is_typed_goes_before_what_is_known() -> None:
    petition = make.petition("received", anew=True)
    told = redirected(petition, known="court", body="Tòa án quân sự", address="Số 1 Duy Tân")
    assert (told["body"], told["address"]) == ("Tòa án quân sự", "Số 1 Duy Tân")


def test_the_body_that_the_rows_name_is_chosen_beforehand() -> None:
    petition = make.petition("received", subfield="justice-community.civil-judgment")
    assert RedirectForm(petition=petition).initial == {"known": "judgment-enforcement"}
    assert RedirectForm(petition=make.petition("received")).initial == {"known": ""}


def test_nothing_chosen_and_nothing_typed_is_asked_for() -> None:
    petition = make.petition("received", anew=True)
    answer = at(make.officer()).post(f"/xu-ly/{petition.code}/redirect/", {"known": ""})
    assert answer.status_code == 400
    assert "Xin ghi tên nơi có thẩm quyền." in answer.content.decode()
