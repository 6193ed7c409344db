"""Personal data: what must be hidden, and what looks like it and is no one's."""

import unicodedata

import pytest

from classifier import personal, places
from classifier.text import guard


def hidden(text: str) -> list[tuple[str, str]]:
    clean = guard(text)
    return [(text[s.start : s.end], s.kind) for s in personal.find(clean, places.shipped().find(clean))]


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("gọi tôi 0905123456", [("0905123456", "phone")]),
        ("sđt 0905 123 456 nhé", [("0905 123 456", "phone")]),
        ("+84 912.345.678", [("+84 912.345.678", "phone")]),
        ("máy bàn (028) 38251234", [("(028) 38251234", "phone")]),
        ("sdt 0236.3822.123", [("0236.3822.123", "phone")]),
        ("thư an.nv+1@gmail.com", [("an.nv+1@gmail.com", "email")]),
        ("CCCD 048085001234", [("048085001234", "cccd")]),
        ("so dinh danh 048 085 001 234", [("048 085 001 234", "cccd")]),
        ("mã BHXH 7912345678", [("7912345678", "cccd")]),
        ("cmnd 201234567", [("201234567", "cmnd")]),
        ("xe 43A-123.45 lấn làn", [("43A-123.45", "plate")]),
        ("biển số 59x1 23456", [("59x1 23456", "plate")]),
        ("51F 12345 đỗ sai", [("51F 12345", "plate")]),
        ("STK 0071000123456 Vietcombank", [("0071000123456", "bank_account")]),
        ("chuyen khoan vao tk 19036789012345", [("19036789012345", "bank_account")]),
        ("MST 0101234567-001", [("0101234567-001", "tax_code")]),
        ("hộ chiếu B1234567", [("B1234567", "passport")]),
        ("số nhà 15 ngõ 20 đường Láng", [("số nhà 15 ngõ 20 đường Láng", "address")]),
        ("Tôi là Nguyễn Văn An", [("Nguyễn Văn An", "person")]),
        ("toi ten la nguyen van an", [("nguyen van an", "person")]),
        ("Ông Trần Văn Bình lấn vỉa hè đường Nguyễn Trãi", [("Trần Văn Bình", "person")]),
        ("Bé Nguyễn Ngọc Bảo Anh bị ngã", [("Nguyễn Ngọc Bảo Anh", "person")]),
        ("chị Hoa tổ trưởng", [("Hoa", "person")]),
        ("Người gửi - Lê Thị Mai", [("Lê Thị Mai", "person")]),
        (
            "Địa chỉ: tổ 5 khu phố 2, phường Hải Châu",
            [("Địa chỉ: tổ 5 khu phố 2, phường Hải Châu", "address")],
        ),
        ("ông Phạm Văn Đồng hàng xóm", [("Phạm Văn Đồng", "person")]),
        ("Nguyễn Thị Bích Ngọc kính đơn", [("Nguyễn Thị Bích Ngọc", "person")]),
    ],
)
def test_personal_data_is_found(text: str, spans: list[tuple[str, str]]) -> None:
    assert hidden(text) == spans


@pytest.mark.parametrize(
    "text",
    [
        "hồ sơ H29.23-210305-0012 nộp 12/03/2025",
        "công văn 1234/UBND-VX, Nghị định 155/2026/NĐ-CP",
        "mất 1000000000 đồng và 942,7m2 đất",
        "tổng đài 19001006, 1022, 113",
        "tọa độ 10.762622,106.660172",
        "mã hồ sơ: 202611260001",
        "Trường THPT Nguyễn Trãi thu tiền",
        "Phường Nguyễn Thái Bình, Quận 1",
        "Nguyễn Chí Thanh P.12 Q.5",
        "hẻm 338 Âu Cơ",
        "kẹt xe trên Phạm Văn Đồng hướng ra cầu",
        "cầu Ông Lãnh, phố Bà Triệu, chợ Bà Chiểu",
        "đăng ký thường trú 3 lần bị trả",
        "Người đứng tên hộ chăn nuôi, em không biết tên là gì",
        "kính gửi ông Chủ tịch UBND",
        "Nhà em ở gần chợ",
        "bà con Bà Rịa",
        "từ 0 giờ ngày 24 tháng 12 năm 2025",
        "xe buýt 50 và tuyến 58",
    ],
)
def test_what_is_no_ones_stays(text: str) -> None:
    assert hidden(text) == []


def test_several_kinds_in_one_text_come_in_its_order() -> None:
    text = "Tôi là Nguyễn Văn An, CCCD 048085001234, sđt 0905 123 456, thư an@gmail.com, xe 43A-123.45"
    assert [kind for _, kind in hidden(text)] == ["person", "cccd", "phone", "email", "plate"]


def test_a_nine_digit_number_without_a_word_for_it_is_only_a_number() -> None:
    assert hidden("lô hàng 201234567") == []


def test_twelve_digits_that_no_card_can_have_need_the_word() -> None:
    assert hidden("lô 999985001234") == []
    assert hidden("CCCD 999985001234") == [("999985001234", "cccd")]


def test_offsets_are_those_of_a_decomposed_text_as_given() -> None:
    given = unicodedata.normalize("NFD", "Tôi là Nguyễn Văn An, sđt 0905123456")
    assert [(unicodedata.normalize("NFC", text), kind) for text, kind in hidden(given)] == [
        ("Nguyễn Văn An", "person"),
        ("0905123456", "phone"),
    ]


@pytest.mark.parametrize("unit", ["0 ", "0.", "a@", "1/", "Nguyễn ", "số nhà 1/", "29A-", "stk 1", "ông A"])
def test_hostile_repetition_is_read_to_its_end(unit: str) -> None:
    clean = guard(unit * 5_000)
    for span in personal.find(clean):
        assert 0 <= span.start < span.end <= len(unit) * 5_000
