"""Where an official says otherwise than the machine read, a row keeps both; words stay where they were."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from feedback.models import Correction, Petition, Prediction
from feedback.steps import take
from tests import make

pytestmark = pytest.mark.django_db

LIGHT = "urban-infrastructure.street-lighting"
THANH_KHE = "20209"
HA_NOI = "00367"


def read(petition: Petition, subfield: str = make.SIDEWALK, agency: str = make.HAI_CHAU) -> None:
    Prediction.objects.create(
        petition=petition, at=petition.submitted_at, model="thử-1", confidence=0.61, kind="report",
        decision="subfield", subfield=subfield, routes=[{"subfield": subfield, "agency": agency}],
    )  # fmt: skip


def test_a_corrected_field_and_place_are_kept_beside_what_was_read() -> None:
    petition, focal = make.petition("received"), make.focal_point()
    read(petition)
    step = take(petition, "reclassify", by=focal, subfield=LIGHT, commune=THANH_KHE, why="Là đèn")
    kept = Correction.objects.get()
    assert (kept.read_subfield, kept.said_subfield) == (make.SIDEWALK, LIGHT)
    assert (kept.said_commune, kept.said_kind) == (THANH_KHE, "report")
    assert (kept.model, kept.confidence, kept.step) == ("thử-1", 0.61, step)
    assert Petition.objects.get().commune_id == THANH_KHE


def test_another_agency_than_the_proposed_one_is_an_example_and_the_same_is_none() -> None:
    petition, focal = make.petition("received"), make.focal_point()
    read(petition)
    take(petition, "assign", by=focal, agency=make.HAI_CHAU)
    assert not Correction.objects.exists()
    take(petition, "transfer", by=focal, agency=make.CONSTRUCTION, reason="Đường đô thị")
    kept = Correction.objects.get()
    assert (kept.read_agency, kept.said_agency) == (make.HAI_CHAU, make.CONSTRUCTION)


def test_what_nothing_was_read_of_teaches_nothing() -> None:
    petition = make.petition("received")
    take(petition, "reclassify", by=make.focal_point(), subfield=LIGHT, why="Là đèn")
    assert not Correction.objects.exists()


@pytest.mark.parametrize(
    ("commune", "sentence"), [("99999", "Không có xã, phường nào"), (HA_NOI, "tỉnh, thành phố khác")]
)
def test_a_place_is_mended_within_its_province(commune: str, sentence: str) -> None:
    petition = make.petition("received")
    with pytest.raises(ValidationError, match=sentence):
        take(petition, "reclassify", by=make.focal_point(), commune=commune, why="Nhầm nơi")
    assert Petition.objects.get().commune_id == "20242"
