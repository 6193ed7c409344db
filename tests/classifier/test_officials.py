"""Heads and deputies that a text speaks of; not whom it writes to, asks or thanks."""

import pytest

from classifier import bears_office, officials


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Chủ tịch UBND phường Hải Châu quát mắng dân", "Chủ tịch UBND"),
        ("Ông Nguyễn Văn Tám, chủ tịch UBND phường, la mắng", "chủ tịch UBND"),
        ("Bí thư, chủ tịch phường Hải Châu không tiếp dân", "chủ tịch phường"),
        ("Phó chủ tịch phường nói năng thiếu tôn trọng", "Phó chủ tịch phường"),
        ("chu tich phuong hai chau do trom xa ban", "chu tich phuong"),
        ("PCT xã Nậm Cắn bao che", "PCT xã"),
        ("Ông chủ tịch cho người nhà lấn chiếm vỉa hè", "Ông chủ tịch"),
        ("trưởng công an phường ép dân", "trưởng công an phường"),
        ("Trưởng phòng kinh tế xã nhũng nhiễu", "Trưởng phòng kinh tế xã"),
        ("Lãnh đạo Sở Xây dựng làm ngơ", "Lãnh đạo Sở"),
        ("Tôi xin phản ánh chủ tịch phường lấn vỉa hè", "chủ tịch phường"),
        ("Đề nghị xử lý chủ tịch phường lấn vỉa hè", "chủ tịch phường"),
        ("Đề nghị làm rõ trách nhiệm chủ tịch UBND xã", "chủ tịch UBND"),
        ("Mong cấp trên kỷ luật phó chủ tịch phường", "phó chủ tịch phường"),
        ("Dân đã đề nghị nhưng chủ tịch phường làm ngơ", "chủ tịch phường"),
        ("xin noi thang la chu tich phuong bao che", "chu tich phuong"),
        ("Kính gửi cơ quan chức năng về việc chủ tịch phường bán đất", "chủ tịch phường"),
        ("GĐ Sở Xây dựng làm ngơ", "GĐ Sở"),
        ("Chi cục trưởng quản lý thị trường nhận quà", "Chi cục trưởng quản lý thị trường"),
        ("Đội trưởng cảnh sát giao thông vòi tiền", "Đội trưởng cảnh sát"),
        ("Quan chức phường ăn chặn", "Quan chức phường"),
        ("Kính gửi Chủ tịch UBND phường. Chính chủ tịch phường lấn vỉa hè", "chủ tịch phường"),
        ("Kính gửi UBND thành phố\nChủ tịch phường cho người nhà lấn vỉa hè bán hàng", "Chủ tịch phường"),
        ("Kính thưa quý cơ quan, chủ tịch phường bảo kê quán nhậu suốt đêm", "chủ tịch phường"),
        ("Mong các cấp các ngành\nông chủ tịch xã nhận tiền rồi làm ngơ", "ông chủ tịch"),
        (
            "Kính gửi Thanh tra thành phố - phó chủ tịch phường xây nhà trái phép lấn ra đường",
            "phó chủ tịch phường",
        ),
        ("Được chủ tịch chống lưng nên quán lấn đường", "chủ tịch"),
        ("Các sếp phường nhận tiền của quán", "sếp phường"),
        ("Trưởng đồn công an Hải Châu ép dân", "Trưởng đồn công an"),
    ],
)
def test_who_is_spoken_of_is_found(text: str, found: str) -> None:
    assert officials(text) == (found,)


@pytest.mark.parametrize(
    "text",
    [
        "Kính gửi Chủ tịch UBND phường Phú Lợi. Gạch vỉa hè bong",
        "Kính gửi đồng chí Bí thư, Chủ tịch UBND xã Tiên Yên. Cống tắc",
        "Đề nghị lãnh đạo phường xem xét",
        "Nhờ lãnh đạo phường xem giúp cái cống",
        "Kính đề nghị các cấp, lãnh đạo UBND xã sớm sửa đường",
        "Trân trọng gửi đến ông chủ tịch phường",
        "Cảm ơn bác chủ tịch phường đã sửa đèn",
        "Kính gửi UBND tỉnh, ông Chủ tịch UBND xã. Cống trước nhà tắc",
        "Chủ tịch hội đồng quản trị chung cư không bầu lại",
        "Đường Chủ tịch Hồ Chí Minh, phường 1, ngập",
        "Giám đốc công ty nước phường 3 hẹn mãi",
        "vườn vô cớ bị thu thuế, giám đốc đổi số điện thoại",
        "cấp trên báo lãnh đạo sửa hồ sơ",
        "",
    ],
)
def test_who_is_written_to_or_is_no_public_head_is_not(text: str) -> None:
    assert officials(text) == ()


def test_a_megabyte_of_anything_is_no_burden() -> None:
    assert officials("chủ tịch " * 120_000) == ("chủ tịch",)


@pytest.mark.parametrize(
    ("text", "name", "told"),
    [
        ("Tố cáo ông Nguyễn Văn An, Chủ tịch UBND phường, nhận tiền", "Nguyễn Văn An", True),
        ("Cán bộ địa chính Lê Hoàng Nam vòi tiền tôi", "Lê Hoàng Nam", True),
        ("Quyết định của Chủ tịch UBND phường Hải Châu ông Nguyễn Văn An, vì tôi", "Nguyễn Văn An", True),
        ("ba pham thi hoa truong phong tu phap gay kho de", "pham thi hoa", True),
        ("ông Trần Văn Hùng hiện là Trưởng công an xã", "Trần Văn Hùng", True),
        ("Tôi là Trần Thị Lan, cán bộ hưu trí", "Trần Thị Lan", False),
        ("Công an phường mời tôi là Trần Thị Lan lên", "Trần Thị Lan", False),
        ("Chủ tịch phường làm ngơ. Trần Thị Lan, số nhà 12", "Trần Thị Lan", False),
        ("Hàng xóm tôi là Nguyễn Văn An đổ rác", "Nguyễn Văn An", False),
    ],
)
def test_whoever_is_named_with_an_office_is_told_of_and_does_not_tell(
    text: str, name: str, told: bool
) -> None:
    start = text.index(name)
    assert bears_office(text, start, start + len(name)) is told
