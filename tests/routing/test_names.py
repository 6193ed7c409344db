"""Lists of names stand as a Vietnamese dictionary has them, whatever the database."""

from __future__ import annotations

import random
import unicodedata
from typing import Literal

import pytest

from routing.models import Commune
from routing.names import alphabetical, in_sentence

IN_ORDER = [
    "An Giang, Ân Thi, Bắc Ninh, Cà Mau, Cao Bằng, Cần Thơ, Dĩ An, Đà Nẵng, Đắk Lắk, Ea Súp",
    "Hà Nội, Hạ Long, Hải Châu, Hoà Bình, Hồ Chí Minh, Huế, Hưng Yên",
    "Tân An, Tân Bình, Tấn An, Tây Ninh, Thái Nguyên, Thanh Hóa, Tuyên Quang, Ưng Hòa, Vĩnh Long",
    "Phường 2, Phường 10, Phường An Khê, Xã Đông Anh",
    "ma, mà, mả, mã, má, mạ, man",
]


@pytest.mark.parametrize("names", IN_ORDER)
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_names_stand_as_in_a_dictionary(names: str, form: Literal["NFC", "NFD"]) -> None:
    written = unicodedata.normalize(form, names).split(", ")
    shuffled = random.Random(7).sample(written, len(written))
    assert sorted(shuffled, key=alphabetical) == written


@pytest.mark.django_db
def test_communes_stand_by_their_name_alone(reference_data: None) -> None:
    names = [name for _code, name in Commune.objects.filter(province="48").listed()]
    alone = [name.removeprefix("Phường ").removeprefix("Xã ").removeprefix("Đặc khu ") for name in names]
    assert len(names) > 90
    assert alone == sorted(alone, key=alphabetical)
    assert names.index("Xã Duy Xuyên") < names.index("Phường Điện Bàn") < names.index("Xã Gò Nổi")


def test_a_unit_inside_a_sentence() -> None:
    assert in_sentence("Thành phố Đà Nẵng") == "TP Đà Nẵng"
    assert in_sentence("Phường Hải Châu") == "phường Hải Châu"
