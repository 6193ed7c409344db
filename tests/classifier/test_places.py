"""Finding and resolving places, over the shipped gazetteer. Codes are today's (QĐ 19/2025/QĐ-TTg)."""

import csv
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifier import everyday, places
from classifier.gazetteer import from_tables
from classifier.places import BrokenGazetteerError, PlaceMention, PlaceRow, Resolved, build, load, resolve
from classifier.places.everyday import BARE as EVERYDAY_NAMES
from classifier.places.everyday import SHIPPED as EVERYDAY
from classifier.places.misspelt import Misspelt
from classifier.places.words import split_type
from classifier.text import fold

Form = Literal["NFC", "NFD"]
ROOT = Path(__file__).parents[2]


def found(text: str, home: str = "") -> list[tuple[str, str, tuple[str, ...], bool]]:
    return [(m.text, m.level, m.codes, m.is_old) for m in places.shipped().find(text, home=home)]


def resolved(text: str, home: str = "") -> Resolved:
    return resolve(places.shipped().find(text, home=home), home=home)


@pytest.mark.parametrize(
    ("text", "code", "old"),
    [
        ("Rác ở phường Hải Châu, Đà Nẵng", "20242", False),
        ("rac o phuong hai chau, da nang", "20242", False),
        ("P. Hải Châu, TP Đà Nẵng", "20242", False),
        ("đặc khu Phú Quốc", "31078", False),
        ("Xã Ea H'Leo", "24184", False),
        ("xa ea hleo", "24184", False),
        ("xã Hoà Tiến, huyện Hoà Vang", "20332", False),
        ("P.12, Q.5", "27343", True),
        ("p12 q5 tphcm", "27343", True),
        ("P05, Q.03", "27154", True),
        ("Phường Bến Nghé, quận 1", "26740", True),
        ("phường Bình Trưng Tây, Q.2", "27097", True),
        ("Hiệp Bình Phước, Thủ Đức", "26809", True),
        ("xã Bình Minh, TP Tây Ninh", "25480", True),
        ("X. Đại Đồng, H. Thạch Thất", "09955", True),
        ("phường 4, Tân An, Long An", "27694", True),
    ],
)
def test_one_commune_of_today_is_found(text: str, code: str, old: bool) -> None:
    place = resolved(text)
    assert (place.codes, place.level, place.basis_old) == ((code,), "commune", old)


@pytest.mark.parametrize(
    ("text", "province", "old"),
    [
        ("TP.HCM", "79", False),
        ("Sài Gòn kẹt xe", "79", False),
        ("ở Huế", "46", False),
        ("tỉnh Bình Dương cũ", "79", True),
        ("Bà Rịa - Vũng Tàu", "79", True),
        ("người Hà Tây", "01", True),
        ("HN mưa to", "01", False),
    ],
)
def test_a_province_alone_is_a_province(text: str, province: str, old: bool) -> None:
    assert resolved(text) == Resolved((province,), province, old, "province")


@pytest.mark.parametrize(
    "text",
    [
        "đường Hòa Bình hư",
        "phố Điện Biên Phủ",
        "trường Nguyễn Trãi thu tiền",
        "sông Đồng Nai cạn",
        "cầu vượt Bình Phước",
        "cầu Bình Lợi kẹt xe",
        "chợ Tân Bình bẩn",
        "tôi mong hòa bình và thống nhất",
        "xa quá, phương tiện ít",
        "Văn bản của sở yêu cầu giấy phép con",
        "Hòa Bình Green City chậm sổ hồng",
        "ông Lê Thái Bình",
        "Xa lộ Hà Nội kẹt xe mỗi sáng",
        "Quốc lộ Hà Nội hỏng",
        "đề nghị sửa hai đường hẻm này",
        "de nghi sua hai duong hem nay",
    ],
)
def test_streets_schools_rivers_people_and_plain_words_are_no_units(text: str) -> None:
    assert found(text) == []


def test_a_street_that_bears_the_name_of_a_commune_hides_no_real_one() -> None:
    place = resolved("Đường Nguyễn Trãi, phường Hải Châu, Đà Nẵng")
    assert place.codes == ("20242",)


@pytest.mark.parametrize("street", ["45 Điện Biên Phủ", "Điện Biên Phủ", "đường Điện Biên Phủ"])
def test_a_street_after_the_ward_hides_it_as_little_as_one_before(street: str) -> None:
    for address in (f"Phường Thanh Khê, {street}", f"{street}, phường Thanh Khê"):
        assert resolved(address).codes == ("20209",)


def test_a_ward_split_over_two_communes_gives_both() -> None:
    assert resolved("phường Thành Phước, thị xã Bình Minh").codes == ("29770", "29771")


def test_a_district_gives_every_commune_that_took_its_wards() -> None:
    place = resolved("quận 5")
    assert (place.codes, place.level, place.province) == (("27301", "27316", "27343"), "district", "79")


def test_a_name_of_today_and_of_before_is_told_twice_todays_first() -> None:
    mentions = found("phường Khương Đình, Hà Nội")[:2]
    assert [(m[0], m[3]) for m in mentions] == [("phường Khương Đình", False), ("phường Khương Đình", True)]
    assert len(mentions[0][2]) == 1


@pytest.mark.parametrize(
    "text",
    [
        "phường Tây Mỗ, quận Nam Từ Liêm",
        "phuong tay mo, quan nam tu liem",
        "PHƯỜNG TÂY MỖ, QUẬN NAM TỪ LIÊM, HÀ NỘI",
        "Nam Từ Liêm, phường Tây Mỗ",
        "Ở Tây Mỗ, Nam Từ Liêm đường hư",
        "Phường Tây Mỗ\nNam Từ Liêm\nHà Nội",
        "Nam Từ Liêm.\r\nPhường Tây Mỗ: đường hư",
        "Phường Tây Mỗ đường hư. Trước gửi quận Nam Từ Liêm không ai trả lời",
        "phường Tây Mỗ cũ",
        "PHƯỜNG TÂY MỖ CŨ",
    ],
)
def test_beside_its_former_district_a_name_means_the_unit_of_before(text: str) -> None:
    place = resolved(text, home="01")
    assert (place.codes, place.basis_old) == (("00622", "00634"), True)


def test_a_unit_of_before_that_went_elsewhere_whole_is_not_its_namesake_of_today() -> None:
    assert resolved("xã Sam Mứn, huyện Điện Biên", home="11").codes == ("03352",)
    assert resolved("xã Sam Mứn, tỉnh Điện Biên", home="11").codes == ("03356",)


def test_a_unit_that_kept_its_name_and_its_land_is_one_of_today_beside_its_district_too() -> None:
    assert resolved("phường An Khê, quận Thanh Khê", home="48") == Resolved(
        ("20305",), "48", False, "commune"
    )


def test_a_landmark_called_after_a_district_farther_off_makes_no_ward_an_older_one() -> None:
    place = resolved("Phường Tân An có cây cầu sắt rỉ hết, gần chợ nổi Ninh Kiều.", home="92")
    assert (len(place.codes), place.basis_old) == (1, False)


def test_the_same_name_in_many_provinces_stays_open_until_the_home_province_is_known() -> None:
    anywhere, at_home = resolved("xã Tân Thành"), resolved("xã Tân Thành", home="96")
    assert len(anywhere.codes) > 5
    assert anywhere.province == ""
    assert (len(at_home.codes), at_home.province) == (1, "96")


def test_a_province_named_far_off_still_decides() -> None:
    far = "Kính gửi UBND tỉnh Cà Mau. " + "Chúng tôi chờ đã lâu. " * 5 + "Nhà ở xã Tân Thành."
    assert resolved(far).province == "96"


def test_the_finest_confirmed_place_wins_over_others_in_the_text() -> None:
    text = "Sở Tư pháp Đồng Tháp bảo về phường, phường 6 Tân Bình bảo về Cao Lãnh, hồ sơ chuyển TP.HCM"
    assert resolved(text).province == "79"
    assert resolved(text).level == "commune"


def test_a_writer_who_uses_marks_means_them() -> None:
    assert found("Tôi ở xã hội này") == []
    assert found("huyện Mỹ Đức")[0][1] == "district"
    assert found("huyện Mỹ Dức, tỉnh Hà Nam") == [("tỉnh Hà Nam", "province", ("37",), True)]


def test_offsets_are_those_of_the_text_as_given() -> None:
    given = unicodedata.normalize("NFD", "Ở\x00 phường Hải Châu, quận Hải Châu ngập")
    mention = places.shipped().find(given)[0]
    assert unicodedata.normalize("NFC", given[mention.start : mention.end]) == "phường Hải Châu"


LINES = (
    "Rác ở P.12Q.5",
    "xã Hoà Tiến, H. Hòa Vang",
    "chợ Bến Thành",
    "p13tb",
    "phường Hải Chậu, Đà Nẵng",
    "xãHòaTiến",
)


@given(
    st.lists(
        st.one_of(st.sampled_from(LINES), st.text(max_size=20), st.sampled_from("😀\r\n\x00\u0301!")),
        max_size=8,
    ),
    st.sampled_from(["NFC", "NFD"]),
)
@settings(deadline=None, max_examples=150)
@pytest.mark.long
def test_a_mention_is_the_very_stretch_of_the_text_as_given(parts: list[str], form: Form) -> None:
    text = unicodedata.normalize(form, "".join(parts))
    for mention in places.shipped().find(text, home="48"):
        assert text[mention.start : mention.end] == mention.text


@pytest.mark.parametrize(
    ("text", "home", "code"),
    [
        ("p12q5 kẹt xe", "79", "27343"),
        ("q5p11 có đám", "79", "27343"),
        ("hẻm sau p13tb bị đào", "79", "27004"),
        ("p11 PN ngập", "79", "27073"),
        ("phuonghaichau ngap", "48", "20242"),
        ("xãHòaTiến,tpĐàNẵng", "48", "20332"),
        ("tpvinh.phườngTrườngVinh", "40", "16690"),
        ("P.RạchGiá_AG", "91", "30742"),
        ("tổ3phườngthanhkhê", "48", "20209"),
        ("đặckhuPhúQuốc", "91", "31078"),
        ("q7p.tânquy", "79", "27475"),
        ("p7 tpvt", "79", "26526"),
    ],
)
def test_what_is_glued_is_cut_at_known_names(text: str, home: str, code: str) -> None:
    assert resolved(text, home).codes == (code,)


@pytest.mark.parametrize(
    "text", ["xahoi bất công", "phuongtien ít", "dotphá", "quanly kém", "http://hocduong.vn"]
)
def test_glued_words_that_are_no_names_stay_whole(text: str) -> None:
    assert found(text, "79") == []


@pytest.mark.parametrize(
    ("text", "home", "code"),
    [
        ("phường Hải Chậu", "48", "20242"),
        ("phường Sơn Chà", "48", "20263"),
        ("Phường Xa Đéc", "82", "29905"),
        ("xã Giầu Giây", "75", "26326"),
        ("phường Thanh Khuê", "48", "20209"),
        ("Xã Bến Lứt", "80", "27991"),
        ("Phường Long Xiên", "91", "30307"),
        ("phường long xiên", "91", "30307"),
        ("phuờng hòa cuờng", "48", "20257"),
        ("Phường Kỳ Lừ", "20", "06187"),
    ],
)
def test_a_misspelt_name_behind_its_type_is_the_nearest_at_home(text: str, home: str, code: str) -> None:
    assert resolved(text, home).codes == (code,)
    assert code not in resolved(text).codes  # with no home and no neighbour nothing tells which


@pytest.mark.parametrize(
    "text",
    [
        "Phường tôi ở",
        "xã hội đen",
        "quận tôi",
        "phuong phap moi",
        "thi xa hoi",
        "xã thu phí mặt nước",
        "xã vẫn tính tiền",
    ],
)
def test_a_type_before_other_words_guesses_nothing(text: str) -> None:
    assert found(text, "79") == found(text, "01") == []


def test_a_full_name_behind_a_type_is_no_misspelt_ward() -> None:
    assert found("công an xã Trần Văn Minh bao che", "48") == []


@pytest.mark.parametrize("text", ["Rác ở Thạc Dán, Thanh Khê", "Rác ở Thạc Gián, quận Thanh Khê"])
def test_a_misspelt_name_without_its_type_counts_beside_the_district_that_holds_it(text: str) -> None:
    assert resolved(text).codes == ("20209",)


@pytest.mark.parametrize("text", ["12 Thạc Dán, Thanh Khê", "đường Thạc Dán, Thanh Khê", "Thạc Dán đẹp quá"])
def test_a_misspelt_street_is_none(text: str) -> None:
    assert resolved(text).codes != ("20209",)


def test_a_unit_that_changed_its_type_is_found_by_the_older_one_beside_its_district() -> None:
    assert resolved("xã Kỳ Long, thị xã Kỳ Anh").codes == ("18823",)


@pytest.mark.parametrize(
    "text",
    [
        "Tôi ở phường Thanh Khê, đi qua xã Hòa Tiến thấy mương sạt",
        "Mương xã Hòa Tiến sạt, còn nhà tôi ở phường Thanh Khê",
        "Từ phường Thanh Khê chạy xuống xã Hòa Tiến, đường sạt",
    ],
)
def test_where_the_writer_lives_is_not_where_it_happened(text: str) -> None:
    assert resolved(text, home="48").codes == ("20332",)


@pytest.mark.parametrize(
    "text",
    [
        "Hộ khẩu phường Thanh Khê, tạm trú xã Hòa Tiến, chưa được cấp giấy",
        "Không phải phường Thanh Khê mà là xã Hòa Tiến",
        "Xã Hòa Tiến, giáp phường Thanh Khê, mương sạt",
    ],
)
def test_what_is_less_aside_wins(text: str) -> None:
    assert resolved(text, home="48").codes == ("20332",)


@pytest.mark.parametrize(
    "text",
    [
        "Tui dân phường Thanh Khê, xuống xã Hòa Tiến bị xe rác đổ lên gánh",
        "Ra sống với con trai ở phường Thanh Khê, về xã Hòa Tiến thấy mộ bị lấp",
        "Ở xã Hòa Tiến đường nát, chứ phường Thanh Khê thì không",
    ],
)
def test_who_the_writer_is_and_lives_with_is_not_where_it_happened(text: str) -> None:
    assert resolved(text, home="48").codes == ("20332",)


def test_an_uncle_is_no_contrast() -> None:
    assert [m.aside for m in places.shipped().find("nhờ mấy chú phường Tam Hiệp xuống coi")] == [0]


@pytest.mark.parametrize(
    ("text", "home", "code"),
    [
        ("Phường An Khê có con đập xả nước, phía Gia Lai", "48", "23617"),
        ("Phường An Hải ngoài Hải Phòng", "48", "11617"),
        ("Phường Phú Mỹ chỗ thành phố mới Bình Dương", "79", "25760"),
    ],
)
def test_a_province_named_far_off_counts_more_than_the_home(text: str, home: str, code: str) -> None:
    assert resolved(text, home).codes == (code,)


def test_what_is_called_the_former_is_the_older_unit_of_that_name() -> None:
    assert resolved("phường Hà Huy Tập cũ, thành phố Hà Tĩnh", home="42").codes == ("18073",)
    assert resolved("phuong Duong Noi. Cu khoang 22h la mui khet", home="01").codes == ("09886",)


@pytest.mark.parametrize("text", ["p hải châu có rác", "TĐ, p Hải Châu có rác"])
def test_a_small_letter_is_a_type_before_a_name(text: str) -> None:
    assert resolved(text, home="48").codes == ("20242",)


def test_a_street_that_bears_the_name_of_a_landmark_is_not_the_landmark() -> None:
    assert found("phố Chùa Láng") == []
    assert resolved("chùa Láng", home="01").level == "landmark"


def test_an_old_name_and_what_it_is_now_agree() -> None:
    assert resolved("phường Thành Phước cũ, nay là phường Cái Vồn").codes == ("29770",)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("phường Cống Vị cũ, nay là phường Ngọc Hà", {"00008"}),
        ("phường Cống Vị, quận Ba Đình cũ, nay thuộc phường Ngọc Hà", {"00008"}),
        ("phường Ngọc Hà (phường Cống Vị cũ)", {"00008"}),
        ("phường Ngọc Hà, trước đây là phường Cống Vị", {"00008"}),
        ("Đường từ phường Cống Vị đến phường Vĩnh Phúc hỏng", {"00008", "00025"}),
        ("phường Cống Vị, phường Vĩnh Phúc đều mất nước", {"00008", "00025"}),
        ("phường Cống Vị này, phường Ngọc Hà cũng mất nước", {"00008", "00025"}),
        ("phường Cống Vị cũ và phường Ngọc Hà mất nước", {"00008", "00025"}),
        ("các phường Cống Vị, Vĩnh Phúc và Kim Mã cũ mất nước", {"00004", "00008", "00025"}),
    ],
)
def test_two_units_are_one_place_only_where_the_text_says_so(text: str, codes: set[str]) -> None:
    assert set(resolved(text, home="01").codes) == codes


@pytest.mark.parametrize(
    "joined", ["{} - {}", "{} và {}", "{}, {}", "từ {} đến {}", "{} với {}", "{} tới {}"]
)
@pytest.mark.parametrize(
    ("one", "other"),
    [("quận Ba Đình", "quận Long Biên"), ("Cầu Giấy", "Hà Đông"), ("Long Biên", "quận Hoàn Kiếm")],
)
def test_two_former_districts_that_share_a_commune_are_asked(joined: str, one: str, other: str) -> None:
    found = resolved(f"Kẹt xe {joined.format(one, other)} cả tuần", home="01").codes
    assert set(found) == {*resolved(one, home="01").codes, *resolved(other, home="01").codes}


def units_of_before(level: str) -> list[PlaceRow]:
    rows = from_tables(ROOT / "routing" / "data")
    return [row for row in rows if row.level == level and row.is_old and row.code and row.province]


def beside_each_other(units: list[PlaceRow]) -> Iterator[tuple[PlaceRow, PlaceRow]]:
    """All ordered pairs that share a commune of today and are more than it."""
    took: dict[str, list[PlaceRow]] = defaultdict(list)
    for unit in units:
        for code in unit.codes:
            took[code].append(unit)
    for one in units:
        others = {other.code: other for code in one.codes for other in took[code]}
        yield from ((one, other) for other in others.values() if {*one.codes, *other.codes} != {one.codes[0]})


@pytest.mark.long
@pytest.mark.parametrize("joined", ["{} - {}", "{} và {}", "{}, {}", "từ {} đến {}"])
@pytest.mark.parametrize("typed", [True, False])
def test_no_two_districts_that_share_a_commune_are_taken_for_it(joined: str, typed: bool) -> None:
    pairs = [(a, b) for a, b in beside_each_other(units_of_before("district")) if a.code != b.code]
    assert len(pairs) > 400
    for one, other in pairs:
        names = [unit.name if typed else split_type(unit.name)[1] for unit in (one, other)]
        if "Hải Dương" not in names and not names[0].isdigit():  # a province as well, and no name
            text = f"Kẹt xe {joined.format(*names)}"
            assert len(resolved(text, home=one.province).codes) > 1, text


@pytest.mark.long
@pytest.mark.parametrize("joined", ["{} - {}", "{} và {}", "từ {} đến {}"])
@pytest.mark.parametrize("told", ["neither", "last", "both"])
def test_no_two_wards_that_share_a_commune_are_taken_for_it(joined: str, told: str) -> None:
    rows = list(from_tables(ROOT / "routing" / "data"))
    districts = {row.code: row.name for row in rows if row.level == "district"}
    today = {place_name(row) for row in rows if row.level == "commune" and not row.is_old}
    wards = [ward for ward in units_of_before("commune") if place_name(ward) not in today]
    pairs = [(a, b) for a, b in beside_each_other(wards) if a.code != b.code]
    assert len(pairs) > 1_900
    for one, other in pairs:
        if told == "last" and one.district != other.district:
            continue
        first = f"{one.name}, {districts[one.district]}" if told == "both" else one.name
        last = other.name if told == "neither" else f"{other.name}, {districts[other.district]}"
        text = f"Kẹt xe {joined.format(first, last)}"
        assert len(resolved(text, home=one.province).codes) > 1, text


def place_name(row: PlaceRow) -> str:
    """Folded, without its type, of one made of two without the hyphen."""
    return " ".join(fold(split_type(row.name)[1]).replace("-", " ").split())


@pytest.mark.parametrize("text", ["phường 25, Q. B.Thạnh", "P.25 Bthạnh", "p25 q.b.thanh"])
def test_a_district_cut_short_is_one(text: str) -> None:
    assert resolved(text, home="79").codes == ("26956",)


def test_initials_of_a_district_are_asked_and_those_of_a_ward_need_it() -> None:
    assert resolved("Q. BT ngập", home="79").level == "district"
    assert found("P. GD chậm trả lời", home="79") == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("phường 7, Gò Vấp", "26890"),
        ("phường Quỳnh Lôi, Hai Bà Trưng", "00292"),
        ("thị xã Cửa Lò", "16732"),
        ("xã Xuân Phương, huyện Từ Liêm", "00622"),
    ],
)
def test_a_unit_abolished_before_2025_leads_to_today(text: str, code: str) -> None:
    place = resolved(text)
    assert (place.codes, place.basis_old) == ((code,), True)


def test_where_the_writer_lives_counts_where_nothing_else_is_named() -> None:
    assert resolved("Tôi ở phường Thanh Khê, rác đầy", home="48").codes == ("20209",)


def test_a_landmark_tells_the_commune_where_no_commune_is_named() -> None:
    assert resolved("chợ Bến Thành bẩn", home="79") == Resolved(("26743",), "79", False, "landmark")
    assert resolved("chợ Bến Thành, phường Hải Châu, Đà Nẵng").codes == ("20242",)
    assert resolved("Sân bay Tân Sơn Nhất, Hà Nội").codes == ("01",)


def test_a_numbered_ward_that_its_district_lacks_leaves_the_district() -> None:
    place = resolved("phường 29, Gò Vấp", home="79")
    assert (place.level, len(place.codes) > 3) == ("district", True)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Gia Hòa 1, huyện Mỹ Xuyên", "31708"),
        ("Gia Hoà 01, Mỹ Xuyên", "31708"),
        ("Gia Hòa1, Mỹ Xuyên", "31708"),
        ("xã Gia Hòa1, Mỹ Xuyên", "31708"),
        ("Rác ở An Thạnh 2, Cù Lao Dung", "31633"),
        ("Các xã An Thạnh 2 và An Thạnh 3, huyện Cù Lao Dung", "31633"),
        ("Vị Thanh 1, TP Cần Thơ", "31465"),
        ("VỊ THANH 1, TP CẦN THƠ", "31465"),
    ],
)
def test_a_numbered_name_is_not_its_namesake_without_the_number(text: str, code: str) -> None:
    assert resolved(text, home="92").codes == (code,)


@pytest.mark.parametrize(
    ("text", "home", "code"),
    [
        ("Ở Tây Hồ rác đầy đường", "48", "20380"),  # quận Tây Hồ was in Hà Nội
        ("o tay ho rac day duong", "48", "20380"),
        ("Ở TÂY HỒ RÁC ĐẦY ĐƯỜNG", "48", "20380"),
        ("Ở An Khê rác đầy đường", "48", "20305"),
        ("Ở Cô Tô rác đầy đường", "91", "30580"),
        ("Ở Văn Miếu rác đầy đường", "25", "08611"),
        ("Ở Thái Bình rác đầy đường", "08", "02494"),
        ("Ở Vị Thanh 1 rác đầy đường", "92", "31465"),
        ("Tây Hồ rác đầy đường. Kính gửi UBND TP Đà Nẵng", "48", "20380"),
    ],
)
def test_a_bare_name_is_asked_as_a_commune_of_the_home_province(text: str, home: str, code: str) -> None:
    assert resolved(text, home) == Resolved((code,), home, False, "name")


@pytest.mark.parametrize(
    ("text", "home", "province"),
    [
        ("Ở Tây Hồ rác đầy đường", "79", "01"),  # none in Ho Chi Minh City is called so
        ("Ở Tây Hồ rác đầy đường", "", "01"),
        ("Ở Tây Hồ, Hà Nội rác đầy đường", "48", "01"),
        ("Tôi ở Hà Nội, ra Tây Hồ thấy rác", "48", "01"),
        ("Ở quận Tây Hồ rác đầy đường", "48", "01"),
        ("Ở Tây Hồ cũ rác đầy đường", "48", "01"),
        ("Dân Hòa Bình cũ làm ăn xa", "79", "25"),
    ],
)
def test_elsewhere_is_meant_where_it_is_told_or_nothing_at_home_is_called_so(
    text: str, home: str, province: str
) -> None:
    place = resolved(text, home)
    assert (place.province, place.level in ("district", "province")) == (province, True)


@pytest.mark.parametrize(
    ("text", "home", "code", "old"),
    [
        ("Ở Tây Hồ, Đà Nẵng rác đầy đường", "01", "20380", False),
        ("tổ dân phố 7, Nghĩa Lộ, Quảng Ngãi", "48", "21028", False),
        ("Thanh Hà, Hội An", "48", "20401", True),
    ],
)
def test_a_bare_name_before_what_holds_a_commune_of_that_name_is_an_address(
    text: str, home: str, code: str, old: bool
) -> None:
    assert resolved(text, home) == Resolved((code,), resolved(text, home).province, old, "commune")


def test_a_bare_name_of_a_district_that_does_not_hold_its_namesake_is_asked_with_it() -> None:
    for text in ("Ở Mường Chà rác đầy đường", "Ở Mường Chà, Điện Biên"):
        codes = resolved(text, home="11").codes
        assert {"03166", "03151"} < set(codes)


@pytest.mark.parametrize("text", ["hẻm 79 Thống Nhất, Biên Hòa", "12 Tây Hồ, Đà Nẵng"])
def test_a_bare_name_with_a_house_number_is_no_commune_without_a_question(text: str) -> None:
    assert resolved(text, home="48").level != "commune"


def test_a_question_about_a_name_gives_way_to_a_commune_that_is_named() -> None:
    assert resolved("Quê Tây Hồ, rác ở phường Hải Châu", home="48").codes == ("20242",)


def test_a_name_told_in_short_before_the_commune_says_nothing_of_another_province() -> None:
    text = "Mái chợ gần sân vận động An Khê dột, thuộc phường An Khê."  # a former town of Gia Lai too
    assert resolved(text, home="48").codes == ("20305",)
    assert resolved(text, home="52").codes == ("23617",)
    assert resolved("Chợ An Khê, Gia Lai: rác đầy phường An Khê", home="48").codes == ("23617",)


@pytest.mark.long
@pytest.mark.parametrize(
    "told",
    [
        "Ở {short} rác đầy đường",
        "Mái chợ gần sân vận động {short} dột, thuộc {name}.",
        "Ở {short} rác đầy, {name} phải dọn",
    ],
)
def test_no_commune_of_the_home_province_is_taken_for_another_provinces_by_its_bare_name(told: str) -> None:
    with (ROOT / "routing" / "data" / "vn_communes_2026.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    strange = []
    for row in rows:
        name = row["name"][:1].lower() + row["name"][1:]
        place = resolved(told.format(short=row["short_name"], name=name), home=row["province_code"])
        if place.codes and place.province != row["province_code"]:
            strange.append((row["name"], place))
    assert (len(rows), strange) == (3321, [])


def test_nothing_named_is_nothing_resolved() -> None:
    assert resolve([]) == Resolved()


def test_mentions_made_elsewhere_resolve_too() -> None:
    ward = PlaceMention(0, 4, "P.12", ("27343", "26882"), "commune", True)
    district = PlaceMention(6, 9, "Q.5", ("27301", "27316", "27343"), "district", True)
    assert resolve([ward, district]) == Resolved(("27343",), "79", True, "commune")


def test_the_same_rows_build_the_same_file_and_it_reads_back(tmp_path: Path) -> None:
    rows = [
        PlaceRow("Tỉnh Thử", "province", "99", "99", ("99",), False),
        PlaceRow("Xã Một", "commune", "90001", "99", ("90001",), False),
        PlaceRow("Xã Hai", "commune", "90002", "99", ("90001",), True),
    ]
    build(rows, tmp_path / "a.gz")
    build(reversed(rows), tmp_path / "b.gz")
    assert (tmp_path / "a.gz").read_bytes() == (tmp_path / "b.gz").read_bytes()
    mentions = load(tmp_path / "a.gz").find("xã Hai, tỉnh Thử")
    assert [(m.text, m.codes, m.is_old) for m in mentions] == [
        ("xã Hai", ("90001",), True),
        ("tỉnh Thử", ("99",), False),
    ]


def test_a_broken_gazetteer_says_so(tmp_path: Path) -> None:
    (tmp_path / "broken.gz").write_bytes(places.SHIPPED.read_bytes()[:1000])
    with pytest.raises(BrokenGazetteerError):
        load(tmp_path / "broken.gz")


@pytest.mark.long
def test_the_shipped_gazetteer_is_what_the_tables_give(tmp_path: Path) -> None:
    build(from_tables(ROOT / "routing" / "data"), tmp_path / "again.gz")
    assert (tmp_path / "again.gz").read_bytes() == places.SHIPPED.read_bytes()


def test_a_commune_elsewhere_is_found_by_its_name_alone_only_where_nothing_else_was_called_so() -> None:
    asked = resolved("phường Quang Trung", home="48")
    assert "14818" in asked.codes
    assert asked.province == "", "once there was one in every second town"
    assert resolved("phường Quang Trung, Thanh Hóa", home="48").codes == ("14818",)
    assert resolved("phường Quang Trung", home="38").codes == ("14818",)
    assert resolved("xã Bát Tràng", home="48").codes == ("00577",)


@pytest.mark.parametrize(
    "text",
    [
        "dao duong ho xuan huong dat ong xong lap qua loa",
        "Đào đường Hồ Xuân Hương đặt ống",
        "duong tran phu, den do dem nguoc sai",
        "ba nguyen thi tan phu o doi dien",
        "Bà Nguyễn Thị Tân Phú ở đối diện",
    ],
)
def test_a_street_a_lamp_and_a_person_are_no_place(text: str) -> None:
    assert found(text, home="48") == []


def test_a_lake_in_its_own_province_needs_no_marks() -> None:
    assert resolved("ho xuan huong nhieu rac", home="68").level == "landmark"


@pytest.mark.parametrize("before", ["👩\u200d👩\u200d👧 ", "👩\u200d👩\u200d👧\r\n", "“…” – ", "😡😡😡 "])
def test_emoji_are_no_marks_of_a_writer(before: str) -> None:
    assert resolved(f"{before}tpthuduc phuong linh trung", home="79").codes == ("26800",)
    assert resolved(f"{before}Vung Tau phuong 12", home="79").codes == ("26542",)


def test_a_place_with_other_spaces_in_it_is_found_as_given() -> None:
    (place,) = found("ở phường\u00a0Hòa\u200b\u2009Xuân bị ngập", home="48")
    assert place[0] == "phường\u00a0Hòa\u200b\u2009Xuân"


@pytest.mark.parametrize("text", ["p. BTĐ B q BTan", "p. BTD B q BTan", "p. btd b q btan", "p.btđ b q.btan"])
def test_initials_that_a_letter_goes_on_with_are_asked(text: str) -> None:
    assert len(resolved(text, home="79").codes) > 1


@pytest.mark.parametrize(
    ("text", "home", "codes"),
    [
        ("tam xa dong anh", "01", ("00454", "00508")),
        ("rac o tam xa dong anh ha noi boc mui", "01", ("00454", "00508")),
        ("tam xa dong anh", "", ("00454", "00508")),
        ("Tân Xã Thạch Thất", "01", ("09955", "09982", "09988")),
        ("binh xa dinh lap", "20", ("06613", "06625")),
    ],
)
def test_a_type_that_ends_the_name_of_a_ward_of_that_district_is_none(
    text: str, home: str, codes: tuple[str, ...]
) -> None:
    assert resolved(text, home).codes == codes


@pytest.mark.parametrize(
    "text",
    [
        "Chị Phương Hải Châu gọi lên báo mất nước",
        "Cô Phượng Hải Châu gọi lên báo mất nước",
        "Nhà hàng Phương Đông gây ồn cả đêm",
        "Bệnh viện Phương Đông thu phí cao",
        "Em Phương Sài Gòn chuyển rác ra đường",
        "Chị Phương 3 lần gọi lên báo mất nước",
        "Phương Hoà Cường không ai dọn rác",
        "Phương Hải Châu, Đà Nẵng bị ngập",
        "Chính quyền địa phương Hoà Cường làm ngơ",
    ],
)
@pytest.mark.parametrize("home", ["", "48", "79"])
def test_phuong_is_a_name_where_marks_are_written(text: str, home: str) -> None:
    place = resolved(text, home)
    assert place.level != "commune", place


@pytest.mark.parametrize(
    ("text", "home", "codes", "level"),
    [
        ("Đường ở Phương Hoà Cường bị hư", "48", ("20257",), "name"),  # a typing error costs a question
        ("Rác ở phương Hoà Cường", "48", ("20257",), "name"),
        ("Tôi ở Phương Bến Nghé, quận 1", "79", ("26740",), "commune"),
        ("Phương 5, Gò Vấp ngập nước", "79", ("26876",), "commune"),
        ("phương 5 quận 3 ngập nước", "79", ("27154",), "commune"),
        ("Phưòng Hải Châu bị ngập", "48", ("20242",), "commune"),
        ("Phuong Hải Châu bị ngập", "48", ("20242",), "commune"),
        ("phuong hai chau bi ngap", "48", ("20242",), "commune"),
        ("CHI PHUONG HAI CHAU BAO NGAP", "48", ("20242",), "commune"),
    ],
)
def test_a_ward_with_a_mark_forgotten_is_asked_or_confirmed(
    text: str, home: str, codes: tuple[str, ...], level: str
) -> None:
    place = resolved(text, home)
    assert (place.codes, place.level) == (codes, level)


@pytest.mark.parametrize(
    ("text", "home", "codes"),
    [
        ("phuong bo de long bien", "01", ("00097", "00118", "00145")),
        ("rac o phuong xuan dinh bac tu liem", "01", ("00091", "00602", "00611")),
        ("phuong tan dinh ben cat", "79", ("25849",)),
    ],
)
def test_the_end_of_a_wards_name_makes_no_dyke_of_the_district_behind(
    text: str, home: str, codes: tuple[str, ...]
) -> None:
    assert resolved(text, home).codes == codes


@pytest.mark.parametrize(
    "text",
    [
        "phường Phước Lý ngập",  # elsewhere a xã is called so
        "phường Tuyên Sơn ngập",
        "phường Hòa Khánh Đông bị ngập",  # a xã of before, elsewhere
        "Đường ở phường Thanh Lộc Đán hư",  # no Thanh Lộc
    ],
)
def test_a_name_of_another_type_or_one_that_goes_on_is_no_unit_of_another_province(text: str) -> None:
    assert resolved(text, home="48") == Resolved()
    assert resolved(text.replace("phường", "xã").replace(" Đán", ""), home="48") != Resolved()


def test_at_home_and_beside_its_province_another_type_will_do() -> None:
    assert resolved("xã Hải Châu", home="48").codes == ("20242",)
    assert resolved("phường Phước Lý, tỉnh Tây Ninh", home="48").codes == ("28165",)
    assert resolved("Phường Tân An Cần Thơ ngập", home="79").province == "92"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Xã Mỹ Thạnh Tây Ninh ngập", "28051"),
        ("rac o xa tan hoa tay ninh", "25531"),
        ("rac o xa tay tien hai hung yen", "13039"),
    ],
)
def test_a_province_right_behind_is_no_part_of_the_name(text: str, code: str) -> None:
    assert resolved(text, home="48").codes == (code,)


@pytest.mark.long
@pytest.mark.parametrize("address", ["{} {}", "{}, {}"])
@pytest.mark.parametrize("written", [str, fold])
def test_every_commune_is_found_with_its_province_behind_it(
    address: str, written: Callable[[str], str]
) -> None:
    """With the one space between them too; who writes no marks may have to be asked, but is never misled."""
    data = ROOT / "routing" / "data"
    with (data / "vn_provinces_2026.csv").open(encoding="utf-8") as rows:
        provinces = {row["code"]: row["short_name"] for row in csv.DictReader(rows)}
    with (data / "vn_communes_2026.csv").open(encoding="utf-8") as rows:
        communes = list(csv.DictReader(rows))
    missed = []
    for row in communes:
        text = written(f"Rác ở {address.format(row['name'], provinces[row['province_code']])}")
        found = resolved(text, home="48" if row["province_code"] != "48" else "01")
        if found.codes != (row["code"],):
            missed.append(text)
            assert found.level != "commune" or len(found.codes) > 1, text
    assert len(communes) == 3_321
    assert len(missed) <= (1 if written is str else 20)


@pytest.mark.parametrize("text", ["xã Hải Ninh, Quảng Ninh", "Rác ở Vạn Ninh, Quảng Ninh"])
def test_a_province_called_like_a_former_district_of_the_house_is_asked(text: str) -> None:
    asked = resolved(text, home="44")
    assert (asked.level, asked.province) == ("name", "")
    assert {code[:2] for code in asked.codes} == {"06", "19"}
    assert resolved(text, home="48").province == "22"


def test_that_district_or_that_province_told_by_its_type_is_not_asked() -> None:
    assert resolved("xã Hải Ninh, huyện Quảng Ninh", home="44").codes == ("19225",)
    assert resolved("xã Hải Ninh, tỉnh Quảng Ninh", home="44").codes == ("06733",)


def test_what_a_misspelt_name_may_mean_is_told_in_one_order_whatever_the_process() -> None:
    names = [f"long {first}uyen" for first in "bcdhmptvx"]
    assert [name for _wrong, name in Misspelt(names).alike("long guyen")] == sorted(names)


@pytest.mark.parametrize("home", ["48", "79", "01"])
@pytest.mark.parametrize(
    "text",
    [
        "UBND xã ba tháng nay không trả lời đơn của tôi",
        "Cán bộ xã tư vấn sai thủ tục",
        "Cán bộ xã thanh toán chậm tiền hỗ trợ bão",
        "Trạm y tế xã đông người, chờ cả buổi",
        "can bo xa tu choi nhan don",
        "phuong ho tro cham tien covid",
        "phuong buoi sang khong lam viec",
        "can bo phuong lang phi tien",
        "PHƯỜNG TƯ PHÁP KHÔNG GIẢI QUYẾT ĐƠN",
        "UBND PHƯỜNG TƯ GHI SAI TÊN",
        "UBND PHUONG TU CHOI NHAN DON",
        "PHUONG DANG KIEM TRA",
    ],
)
def test_behind_an_office_a_small_syllable_is_a_word(text: str, home: str) -> None:
    assert found(text, home) == []


@pytest.mark.parametrize(
    ("text", "home", "code"),
    [
        ("xã Ba, huyện Đông Giang bị ngập", "48", "20485"),
        ("xa ba dong giang", "48", "20485"),
        ("xã tư huyện đông giang", "48", "20485"),
        ("ở xã Tư đường hỏng", "48", "20485"),
        ("rac phuong buoi tay ho", "01", "00103"),
        ("ubnd xa ba thang khong tra loi, toi o xa hoa tien", "48", "20332"),
        ("phuong pleiku cay thong bi cua trom", "52", "23575"),
    ],
)
def test_told_with_a_capital_or_beside_its_district_it_is_a_name(text: str, home: str, code: str) -> None:
    assert resolved(text, home).codes == (code,)


@pytest.mark.long
def test_no_commune_of_one_syllable_swallows_an_everyday_word() -> None:
    going_on = ("tháng nay chưa xong", "chối nhận đơn", "toán chậm tiền", "người chờ cả buổi", "trợ chậm")
    for name in ("ba", "tư", "thanh", "thuận", "đông", "trang", "lăng", "dang", "hiếu", "phan", "hồ", "bưởi"):
        for office in ("UBND xã", "cán bộ xã", "công an phường"):
            for rest in going_on:
                for text in (f"{office} {name} {rest}", fold(f"{office} {name} {rest}".lower())):
                    communes = [one[0] for one in found(text, "48") if one[1] == "commune"]
                    assert not [said for said in communes if len(said.split()) == 2], text


HOUSES = ("48", "79", "01", "20", "25", "52", "75")


@pytest.mark.parametrize("home", HOUSES)
@pytest.mark.parametrize(
    "text",
    [
        "Xã đã có biên bản nhưng chưa xử lý",
        "UBND xã thành lập tổ công tác",
        "UBND xã ký hợp đồng với doanh nghiệp",
        "Cán bộ xã đồng ý cho xây nhà",
        "UBND XÃ ĐỒNG Ý CHO XÂY NHÀ",
        "Xã hợp nhất xong không ai tiếp dân",
        "Nhà văn hóa xã trung tâm đóng cửa",
        "Đường ra xã biên giới hư",
        "xã an toàn mà trộm cắp đầy đường",
        "phường tiên phong chuyển đổi số",
        "phường láng giềng làm rồi",
        "Trả lời của phường: “Đồng ý cho xây”",
        "phuong chua giai quyet don cua toi",
        "PHUONG CHUA GIAI QUYET DON CUA TOI",
        "ubnd xa da lam viec voi toi",
        "phuong bao cho nguoi dan",
        "phuong cong nhan khu pho",
        "phuong hach dich",
        "phuong lam le khai giang",
    ],
)
def test_everyday_words_behind_a_type_are_never_a_commune_without_a_question(text: str, home: str) -> None:
    assert resolved(text, home).level != "commune", found(text, home)


@pytest.mark.parametrize("home", ["", "48", "79", "20"])
@pytest.mark.parametrize(
    "text",
    [
        "Tôi ở xã Hòa Tiến, Đà Nẵng. Xã đã có biên bản nhưng chưa xử lý",
        "Tôi ở xã Hòa Tiến, Đà Nẵng. Cán bộ xã đồng ý rồi lại thôi",
        "Tôi ở xã Hòa Tiến, Đà Nẵng. Xã thiết kế sai, phường tiên phong thì khác",
    ],
)
def test_nor_do_they_stand_before_the_commune_that_is_named(text: str, home: str) -> None:
    assert resolved(text, home).codes == ("20332",)


@pytest.mark.parametrize("home", ["48", "79", "52", "82"])
@pytest.mark.parametrize(
    "text",
    [
        "Nhà ở xã hội An Trung 2 xuống cấp",
        "Chung cư nhà ở xã hội An Dương Vương thang máy hỏng",
        "nhà ở xã hội Xuân Hòa xuống cấp",
        "Trật tự an toàn xã hội An ninh kém",
        "mạng xã hội an toàn cho trẻ",
        "te nan xa hoi hoanh hanh",
        "bao hiem xa hoi an khe cham tra",
    ],
)
def test_society_is_one_word_and_no_type(text: str, home: str) -> None:
    assert not [one for one in found(text, home) if one[1] == "commune"]


@pytest.mark.parametrize(
    ("text", "home", "codes", "level"),
    [
        ("Đường vào Xã Hội An hư", "91", ("30673",), "commune"),
        ("xa hoi an, huyen cho moi bi ngap", "91", ("30673",), "commune"),
        ("bao hiem xa hoi an giang cham tra", "48", ("91",), "province"),
        ("bao hiem xa hoi an giang cham tra", "91", ("91",), "province"),
        ("xa hoi hoan bi ngap", "20", ("06151",), "name"),
        ("xã An Toàn chưa có điện", "52", ("21622",), "commune"),
        ("xa an toan, an lao chua co dien", "52", ("21622",), "commune"),
        ("xã an toàn chưa có điện", "52", ("21622",), "name"),  # asked
        ("phuong hoa cuon bi ngap", "48", ("20257",), "name"),  # misspelt
        ("phuong hoa cuon, hai chau bi ngap", "48", ("20257",), "commune"),
        ("o xa hoa tien duong hu", "48", ("20332",), "commune"),
        ("phuong hai van ngap", "48", ("20194",), "commune"),
        ("xa bat trang bi ngap", "48", ("00145", "00565", "00577", "11635"), "name"),  # small, and elsewhere
        ("xa bat trang, ha noi bi ngap", "48", ("00577",), "commune"),
    ],
)
def test_small_words_are_a_commune_where_nothing_else_is_as_likely(
    text: str, home: str, codes: tuple[str, ...], level: str
) -> None:
    place = resolved(text, home)
    assert (place.codes, place.level) == (codes, level)


@pytest.mark.long
def test_everyday_words_are_those_of_the_corpus(tmp_path: Path) -> None:
    everyday.build(tmp_path / "again.csv", tmp_path / "names.csv")
    assert (tmp_path / "again.csv").read_bytes() == EVERYDAY.read_bytes()
    assert (tmp_path / "names.csv").read_bytes() == EVERYDAY_NAMES.read_bytes()


@pytest.mark.parametrize("home", ["48", "01", "79", "15", "46"])
@pytest.mark.parametrize(
    "text",
    [
        "đi chợ hôm qua bị móc túi",
        "Đi chợ hôm trước bị móc túi",
        "di cho hom nay bi moc tui",
        "cha toi di cho hom kia",
        "da bac co den nhung chua sang",
        "xin cho con toi di hoc",
        "cho don vi xu ly",
        "ubnd tra loi bang van ban",
        "VAN BAN TRA LOI DAU",
        "chua thay ai xuong",
        "bưu điện thành phố gửi thư chậm",
        "bãi sao thu tiền xe",
        "dat do da lan chiem",
        "lo duong con co den do",
    ],
)
def test_everyday_words_that_a_place_is_called_like_are_none_by_themselves(text: str, home: str) -> None:
    assert found(text, home) == []


@pytest.mark.parametrize(
    ("text", "home", "level"),
    [
        ("Đi chợ Hôm bị móc túi", "01", "landmark"),
        ("đi chợ hôm, hai bà trưng bị móc túi", "01", "landmark"),
        ("van ban, lao cai nhieu rac", "01", "district"),
        ("huyen van ban nhieu rac", "01", "district"),
        ("o van ban nhieu rac", "15", "district"),
        ("Ở Văn Bàn nhiều rác", "01", "district"),
        ("hai chau nhieu rac", "48", "district"),  # oftener a place there
        ("hai chau toi di hoc", "79", ""),
    ],
)
def test_told_as_a_name_or_beside_its_province_they_are_one(text: str, home: str, level: str) -> None:
    assert resolved(text, home).level == level


@pytest.mark.parametrize(
    "text",
    [
        "Hòa Khánh - Hòa Minh ngập",
        "Tuyến đường Hòa Khánh – Hòa Minh hư",
        "hòa khánh - hòa minh ngập",
        "hoa khanh - hoa minh ngap",
        "Hòa Khánh-Hòa Minh ngập",
    ],
)
def test_no_name_is_read_across_a_dash_between_two(text: str) -> None:
    assert "56" not in resolved(text, "48").codes
    assert not [one for one in found(text, "48") if "-" in one[0] or "–" in one[0]]


@pytest.mark.parametrize(
    ("text", "home", "codes"),
    [
        ("Hòa Sơn - Hòa Vang ngập", "48", ("20200",)),
        ("Đường Tân Xã - Ninh Sở hỏng", "01", ()),
        ("ĐƯỜNG TÂN XÃ - NINH SỞ HỎNG", "01", ()),
        ("Bà Rịa - Vũng Tàu ngập", "48", ("79",)),
        ("Phường Xuân Hương - Đà Lạt, Lâm Đồng", "48", ("24781",)),
        ("phường Hòa-Xuân ngập", "48", ("20314",)),
    ],
)
def test_one_that_has_a_dash_of_its_own_is(text: str, home: str, codes: tuple[str, ...]) -> None:
    assert resolved(text, home).codes == codes


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Phường: Hòa Xuân", "20314"),
        ("Xã: Hòa Tiến", "20332"),
        ("- Xã: Hòa Tiến\n- Huyện: Hòa Vang", "20332"),
        ("Xã/Phường: Hải Vân", "20194"),
        ("Phường (xã): Hòa Xuân", "20314"),
        ('Phường "Hòa Xuân" ngập', "20314"),
        ("phường “Hòa Xuân” ngập", "20314"),
        ("phường **Hòa Xuân** ngập", "20314"),
        ("phuong: hoa xuan", "20314"),
        ("Thị trấn - Lăng Cô ngập", "20137"),
        ("Tôi ở Thị trấn – Lăng Cô", "20137"),
        ("Ở Xã - Hòa Tiến ngập", "20332"),
        ("Kính gửi UBND Xã - Hòa Tiến", "20332"),
        ("UBND XÃ - HÒA TIẾN NGẬP", "20332"),
    ],
)
def test_signs_between_a_type_and_its_name_are_passed_over(text: str, code: str) -> None:
    assert resolved(text, "48").codes == (code,)


@pytest.mark.parametrize("types", ["Phường/xã", "Xã/phường", "Phường (xã)", "Xã/Phường/Thị trấn"])
def test_of_two_types_either_is_meant(types: str) -> None:
    assert resolved(f"{types}: Thanh Trì; Quận/huyện: Hoàng Mai. Ngập", "01").codes == ("00301", "00328")


@pytest.mark.parametrize("home", ["48", "01"])
@pytest.mark.parametrize(
    "text",
    [
        "Cao tốc Hà Nội - Hải Phòng ngập",
        "CAO TỐC HÀ NỘI - HẢI PHÒNG NGẬP",
        "cao toc ha noi - hai phong ngap",
        "cao toc noi bai - lao cai ngap",
        "Cao tốc TP.HCM - Long Thành - Dầu Giây kẹt",
        "tuyến Đà Nẵng – Hội An kẹt xe",
        "Quốc lộ 14B Đà Nẵng - Quảng Nam hư",
        "Tàu SE1 Hà Nội - Vinh trễ giờ",
        "xe khách Phương Trang Sài Gòn - Đà Lạt - Nha Trang chạy ẩu",
        "xe khách tuyến TP.HCM - Cà Mau bỏ khách",
        "tuyến buýt Bến Thành - Suối Tiên trễ",
        "Tôi đi xe khách từ Đà Nẵng đi Huế",
    ],
)
def test_what_rides_or_leads_between_two_places_happened_at_neither(text: str, home: str) -> None:
    assert found(text, home) == []


@pytest.mark.parametrize(
    ("text", "home", "codes"),
    [
        ("Cao tốc Hà Nội - Hải Phòng qua xã Gia Lộc, Hải Phòng ngập", "01", ("10999",)),
        ("Đường sắt Hà Nội - Lạng Sơn qua phường Kỳ Lừa hỏng rào", "20", ("06187",)),
        ("tuyến phường Hòa Khánh - phường Hòa Minh ngập", "48", ("20200",)),
        ("tuyến Điện Biên Phủ - Thanh Khê ngập", "48", ("20209", "20305")),
        ("Bến xe khách Đà Nẵng - Liên Chiểu bẩn", "48", ("20194", "20197", "20200")),
    ],
)
def test_a_place_told_beside_a_line_and_an_address_with_dashes_stay(
    text: str, home: str, codes: tuple[str, ...]
) -> None:
    assert resolved(text, home).codes == codes
