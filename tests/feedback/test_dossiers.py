"""A late dossier at a department that the words name is the department's, and no ward is asked for it."""

from __future__ import annotations

import pytest
from django.test import Client

from classifier.dossiers import NAMES
from feedback import followups
from feedback.forms.choices import routes_of
from feedback.models import Petition
from feedback.verification import verify
from routing.models import AgencyType, CompetenceRule
from tests import make
from tests.pages import at, opened, words

pytestmark = pytest.mark.django_db

LATE = (
    "Tôi nộp hồ sơ đổi giấy phép lái xe ở Sở Xây dựng Đà Nẵng, giấy hẹn trả ngày 10/11 mà nay vẫn chưa có "
    "kết quả, đến hỏi thì bảo chờ."
)
NOWHERE = LATE.replace(" Đà Nẵng", "")


def filed(text: str, **fields: str) -> Petition:
    assert Client().post("/gui/", {"text": text} | fields).status_code == 303
    followups.catch_up()
    return Petition.objects.get()


@pytest.mark.long
@pytest.mark.parametrize(
    ("text", "commune"), [(LATE, ""), (LATE, "20242"), (NOWHERE, "")], ids=["named", "with-ward", "nowhere"]
)
def test_it_goes_to_that_department_and_no_ward_is_asked(text: str, commune: str) -> None:
    petition = filed(text, commune=commune)
    assert (petition.state, petition.provisional, petition.lead_id) == ("assigned", True, make.CONSTRUCTION)
    assert (petition.commune_id, petition.province_id) == (commune or None, "48")
    assert "người gửi cho biết hồ sơ đang ở cơ quan này" in petition.route_reason
    assert "Chuyện xảy ra ở đâu?" not in words(opened(petition).get(f"/tra-cuu/{petition.code}/"))
    assert verify().bad == []


def test_the_form_and_the_receipt_ask_for_no_ward() -> None:
    told = words(Client().post("/gui/doc-thu/", {"text": LATE}))
    assert "Sở Xây dựng" in told
    assert "Chưa rõ xã, phường nào" not in told
    client = Client()
    client.post("/gui/", {"text": LATE})
    receipt = words(client.get(f"/bien-nhan/{Petition.objects.get().code}/"))
    assert "Chúng tôi hiểu là:" in receipt
    assert "Chưa rõ xã, phường nào" not in receipt


@pytest.mark.long
def test_where_an_official_looks_first_the_department_is_proposed_and_no_ward_is_asked() -> None:
    petition = filed(f"{LATE} Giám đốc Sở có biết không?")  # of whom it speaks, a person reads
    assert petition.state == "submitted"
    assert "Chuyện xảy ra ở đâu?" not in words(opened(petition).get(f"/tra-cuu/{petition.code}/"))
    page = words(at(make.focal_point()).get(f"/xu-ly/{petition.code}/"))
    assert [route["agency"] for route in routes_of(petition)][:1] == [make.CONSTRUCTION]
    assert "cần biết xã, phường" not in page


@pytest.mark.long
def test_of_no_body_or_of_two_the_ward_is_asked_as_before() -> None:
    nobody = filed(LATE.replace("Sở Xây dựng Đà Nẵng", "Đà Nẵng"))
    assert "Chuyện xảy ra ở đâu?" in words(opened(nobody).get(f"/tra-cuu/{nobody.code}/"))
    told = words(Client().post("/gui/doc-thu/", {"text": f"{LATE} Sở Tư pháp cũng không trả lời."}))
    assert "Chưa rõ xã, phường nào" in told


def test_the_row_knows_every_body_that_is_read() -> None:
    known = set(CompetenceRule.objects.get(slug="dossier-at-department").facts["dossier_at"])
    rows = NAMES.read_text(encoding="utf-8").splitlines()[1:]
    assert {row.partition(",")[0] for row in rows} == known
    assert known <= set(AgencyType.objects.values_list("slug", flat=True))
