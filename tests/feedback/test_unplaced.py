"""Where nobody knows the commune the next step asks for it, and what is named after one suggests it."""

import datetime as dt

import pytest
from django.test import Client

from feedback import followups
from feedback.models import Petition
from feedback.verification import verify
from routing.places import hinted
from tests import make
from tests.pages import at, opened, words

pytestmark = pytest.mark.django_db

HOA_KHANH = "20200"
MARKET = "Rác tràn ở chợ Hòa Khánh, mùi hôi cả tuần nay không ai dọn."


def unplaced(text: str = MARKET) -> Petition:
    petition = make.petition("submitted", text=text, commune="")
    Petition.objects.filter(pk=petition.pk).update(commune=None, province=None)
    return petition


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("Rác ở chợ Hòa Khánh", (HOA_KHANH,)),
        ("rac o cho hoa khanh", (HOA_KHANH,)),
        ("Đường Hòa Khánh hỏng", ()),
        ("chợ Hòa Khánhh", ()),
        ("Trường tiểu học An Khê và chợ Hòa Khánh", ("20305", HOA_KHANH)),
        ("", ()),
    ],
)
def test_what_is_called_after_a_commune_of_the_province_suggests_it(
    said: str, found: tuple[str, ...]
) -> None:
    assert hinted(said, "48", on=dt.date(2026, 11, 27)) == found


@pytest.mark.long
def test_the_form_that_takes_it_in_asks_for_the_commune_and_files_it_there() -> None:
    petition, focal = unplaced("Đèn đường hỏng cả tháng nay, tối đi nguy hiểm."), make.focal_point()
    page = words(at(focal).get(f"/xu-ly/{petition.code}/"))
    assert 'id="receive_commune"' in page
    told = {"subfield": make.SIDEWALK, "kind": "report", "commune": HOA_KHANH}
    assert at(focal).post(f"/xu-ly/{petition.code}/receive/", told).status_code == 302
    filed = Petition.objects.get(pk=petition.pk)
    assert (filed.state, filed.commune_id, filed.province_id) == ("received", HOA_KHANH, "48")
    assert verify().bad == []


def test_a_known_commune_is_not_asked_for_again() -> None:
    petition = make.petition("submitted")
    assert 'id="receive_commune"' not in words(at(make.focal_point()).get(f"/xu-ly/{petition.code}/"))


@pytest.mark.long
def test_the_desk_suggests_and_one_press_confirms() -> None:
    petition, focal = unplaced(), make.focal_point()
    assert "Ở Phường Hòa Khánh?" in words(at(focal).get(f"/xu-ly/{petition.code}/"))
    assert Petition.objects.get(pk=petition.pk).commune_id is None
    told = {"subfield": make.SIDEWALK, "kind": "report", "commune": "", "pick": f"commune:{HOA_KHANH}"}
    assert at(focal).post(f"/xu-ly/{petition.code}/receive/", told).status_code == 302
    assert Petition.objects.get(pk=petition.pk).commune_id == HOA_KHANH


def test_whoever_only_insults_is_not_asked_where_it_happened() -> None:
    Client().post("/gui/", {"text": "Mấy ông cán bộ toàn lũ ăn hại, ngu như chó, cút hết đi"})
    followups.catch_up()
    petition = Petition.objects.get()
    assert (petition.kind, petition.commune_id) == ("spam", None)
    page = words(opened(petition).get(f"/tra-cuu/{petition.code}/"))
    assert "Chuyện xảy ra ở đâu?" not in page


def test_a_commune_of_another_province_is_refused() -> None:
    petition, focal = unplaced(), make.focal_point()
    answer = at(focal).post(f"/xu-ly/{petition.code}/receive/", {"commune": "00367"})
    assert (answer.status_code, "thuộc tỉnh, thành phố khác" in words(answer)) == (400, True)


def test_the_filing_page_suggests_it_while_one_types() -> None:
    page = words(Client().post("/gui/doc-thu/", {"text": MARKET}))
    assert ("Có phải ở đây không?" in page, f'data-commune="{HOA_KHANH}"' in page) == (True, True)
