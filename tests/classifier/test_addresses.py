"""What a bare province, city or former district behind a commune says of it.

Codes are those of `vn_legacy_ward_map_2025.csv` and `vn_communes_2026.csv`.
"""

import pytest

from classifier import places
from classifier.places import Resolved, resolve


def resolved(text: str, home: str) -> Resolved:
    return resolve(places.shipped().find(text, home=home), home=home)


CONFIRMED = """
Rác ở phường Xuân Hương, Đà Lạt chất đống|68|24781
Rác ở phường Xuân Hương, Lâm Đồng chất đống|68|24781
P. Xuân Hương, Đà Lạt||24781
P.Xuân Hương - Đà Lạt|24|24781
phuong xuan huong, da lat|48|24781
phuong xuan huong, lam dong|24|24781
p xuan huong da lat ngap|79|24781
phường xuân hương, đà lạt ngập|01|24781
PHƯỜNG XUÂN HƯƠNG, ĐÀ LẠT|48|24781
P. XH, Đà Lạt|68|24781
phường Xuân Hươg, Đà Lạt|48|24781
Đèn tắt ở phường Cam Ly, Đà Lạt, Lâm Đồng|48|24787
Phường Lâm Viên (Đà Lạt)|01|24778
phường Xuân Trường, Đà Lạt|37|24805
phuong lang biang, da lat|79|24846
xã Xuân Hương, Lạng Giang|68|07420
xã Xuân Hương, Bắc Giang|68|07420
xã Chân Mây, Huế|01|20137
xã Lăng Cô, Phú Lộc|01|20137
phường Văn Miếu, Hà Nội|48|00226
phường Văn Miếu, Nam Định|01|13777
P. Bến Nghé, SG|48|26740
phường Bến Nghé, TPHCM|68|26740
phường Hàng Bạc, Hoàn Kiếm, HN|79|00070
phuong thac gian, thanh khe, da nang||20209
P. Thạc Gián, ĐÀ NẴNG|46|20209
phường Vỹ Dạ, Huế|01|19777
phường An Cựu - Huế|48|19815
phường Minh An, Hội An|01|20410
phường Minh An, Quảng Nam|79|20410
phường Lộc Thọ, Nha Trang|48|22366
phường Mỹ Bình, Long Xuyên|79|30307
P. Thắng Tam, Vũng Tàu|48|26506
phường Trần Phú, Quảng Ngãi|48|21028
phường Quang Trung, Quy Nhơn|48|21592
phuong quang trung, thai nguyen|48|05443
phường Bến Thủy, Vinh|01|16690
phường Trường Thi, Vinh|37|16690
phuong truong thi, vinh|37|16690
phuong vy da, hue|01|19777
phường Trường Thi, Thanh Hóa|40|14797
phường Tự An, BMT|79|24133
phuong hoi thuong, pleiku|48|23575
phường Phú Cường, Bình Dương|75|25747
xã Hòa Tiến, Hòa Vang|01|20332
phường Phước Mỹ, Phan Rang|48|22741
"""

ELSEWHERE = """
Rác ở phường Thạc Gián, Huế|68|46
phường Thạc Gián ở Huế|48|46
P. Thac Gian, Hue|48|46
phuong thac gian, hue|48|46
p thac gian, hn. rac nhieu|48|01
phuong ben nghe, thai binh|79|33
PHƯỜNG THẠC GIÁN, HUẾ|48|46
phường thạc gián, tphcm|48|79
phường Khuê Mỹ, Đà Lạt|68|68
phường Khuê Mỹ, Lâm Đồng|48|68
phường Khuê Mỹ (Đà Lạt)|48|68
phường Bến Nghé, Đà Nẵng|48|48
phuong ben nghe, da nang||48
P. Bến Nghé - Đà Nẵng|79|48
phường Bến Nghé thuộc Đà Nẵng|79|48
phường Bến Nghé, Đồng Nai|79|75
phường Bến Nghé, quận 1, Hà Nội|79|01
P. Bến Nghé, HN|01|01
phường Vỹ Dạ, Hà Nội|46|01
P. Mỹ An, Nha Trang|48|56
phường Phú Hội, Quy Nhơn|46|52
xã Hòa Tiến, Cần Thơ|48|92
phường Lộc Thọ, Vũng Tàu|56|79
phường Ninh Kiều, Cà Mau|92|96
phường Hàng Bạc, Hải Phòng|01|31
phuong minh an, quang ngai|48|51
phường Tự An, Pleiku|66|52
phường Khuê Mỹ, Hòa Vang|48|48
"""

STREETS = """
Phường Thanh Khê, Điện Biên Phủ|48|20209
Phường Thanh Khê, 45 Điện Biên Phủ|48|20209
phường Bến Nghé, Hai Bà Trưng|79|26740
phường Bến Nghé, 12 Hai Bà Trưng, TPHCM|79|26740
phuong ben nghe, hai ba trung|79|26740
phường Hải Châu, Đống Đa|48|20242
Hai Bà Trưng, phường Bến Nghé|79|26740
phường Hải Châu, đường Hà Nội|48|20242
phuong hai chau, hn mua ngap|48|20242
Phường Hải Châu, Sài Gòn Tower chưa tháo dỡ|48|20242
"""


def rows(table: str) -> list[list[str]]:
    return [line.split("|") for line in table.strip().splitlines()]


@pytest.mark.parametrize(("text", "home", "code"), rows(CONFIRMED))
def test_a_commune_is_the_one_that_lies_in_what_is_named_behind_it(text: str, home: str, code: str) -> None:
    assert resolved(text, home).codes == (code,)


@pytest.mark.parametrize(("text", "home", "province"), rows(ELSEWHERE))
def test_a_commune_that_lies_elsewhere_is_asked_in_the_province_named_behind_it(
    text: str, home: str, province: str
) -> None:
    place = resolved(text, home)
    assert place.province == province
    assert place.level == "province" or len(place.codes) > 1


@pytest.mark.parametrize(("text", "home", "code"), rows(STREETS))
def test_a_street_named_behind_a_commune_denies_it_as_little_as_one_before_it(
    text: str, home: str, code: str
) -> None:
    assert resolved(text, home).codes == (code,)


@pytest.mark.parametrize(
    ("text", "home", "code"),
    [
        ("phường Xuân Hương", "68", "24781"),
        ("phuong cam ly", "68", "24787"),
        ("phường Lâm Viên", "68", "24778"),
        ("phường Văn Miếu", "01", "00226"),
        ("phường Văn Miếu", "37", "13777"),
        ("phường Xuân Trường", "68", "24805"),
        ("xã Xuân Hương", "24", "07420"),
    ],
)
def test_alone_a_name_is_the_one_at_home_also_by_the_first_of_two_that_it_joins(
    text: str, home: str, code: str
) -> None:
    assert resolved(text, home).codes == (code,)


def test_a_commune_that_its_district_lacks_is_asked_with_those_of_the_district() -> None:
    for text in ("phường Khuê Mỹ, quận Sơn Trà", "phường Khuê Mỹ, TP Đà Nẵng, quận Sơn Trà"):
        assert resolved(text, "48").codes == ("20285", "20263", "20275")


@pytest.mark.parametrize(
    "text",
    [
        "Mương từ phường Hải Châu sang phường Sơn Trà bị lấp",
        "Xe buýt từ phường Hải Châu qua phường Sơn Trà bỏ khách",
        "Từ phường Hải Châu, Đà Nẵng sang phường Sơn Trà đèn tắt",
        "duong tu phuong hai chau sang phuong son tra ngap",
    ],
)
def test_two_places_between_which_it_runs_are_both_asked(text: str) -> None:
    assert resolved(text, "48").codes == ("20242", "20263")


def test_who_moved_is_where_he_moved_to() -> None:
    assert resolved("Tôi chuyển từ phường Hải Châu sang phường Sơn Trà", "48").codes == ("20263",)
