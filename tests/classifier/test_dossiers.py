"""Bodies of a province at which a text says that a dossier lies."""

import csv

import pytest

from classifier.dossiers import NAMES, bodies_named, names_a_commune

CONSTRUCTION, LAND = "department-of-construction", "department-of-agriculture-environment"


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Nộp hồ sơ tại Sở Nông nghiệp và Môi trường thành phố Đà Nẵng, hẹn 10/11", {LAND}),
        ("ho so cap doi giay phep lai xe o so xay dung da nang hen 10/11", {CONSTRUCTION}),
        ("Sở TN & MT ngâm hồ sơ hai tháng", {LAND}),
        ("nộp ở Sở NNMT", {LAND}),
        ("nộp ở Sở Giao thông vận tải, nay là Sở Xây dựng", {CONSTRUCTION}),
        ("SỞ VH,TT&DL trả hồ sơ ba lần", {"department-of-culture-sports-tourism"}),
        ("Hồ sơ bên Sở Văn hóa, Thể thao và Du lịch", {"department-of-culture-sports-tourism"}),
        ("Nộp tại bộ phận một cửa Sở Xây dựng", {CONSTRUCTION}),
        ("Sở Xây dựng thành phố Đà Nẵng chưa trả kết quả", {CONSTRUCTION}),
        ("Sở Xây dựng yêu cầu bổ sung giấy tờ lần thứ ba", {CONSTRUCTION}),
        ("Nộp ở phường, không phải Sở Xây dựng, hẹn 10/11", set()),
        ("nop o phuong chu khong phai o so xay dung", set()),
        ("Số 12 Lê Lợi, đối diện Sở Xây dựng, hồ sơ trễ hẹn", set()),
        ("Nhà tôi cạnh Sở Y tế. Nộp hồ sơ khai sinh ở phường", set()),
        ("Cán bộ bảo chờ Sở Tư pháp trả lời", set()),
        ("Cán bộ phường nói lỗi của Sở Tư pháp", set()),
        ("Chi nhánh Văn phòng Đăng ký đất đai chưa trả sổ", {"land-registration-office"}),
        ("Sở Tài chính và Sở Tư pháp đùn đẩy nhau", {"department-of-finance", "department-of-justice"}),
        ("Kính gửi Sở Xây dựng. Tôi nộp hồ sơ ở Sở NN&MT", {LAND}),
        ("Kính gửi Sở Xây dựng, hồ sơ của tôi trễ hẹn", set()),
        ("Đề nghị Sở Xây dựng kiểm tra hồ sơ ở phường", set()),
        ("Hồ sơ xây dựng nhà trễ hẹn", set()),
        ("ho so xay dung nha tre hen", set()),
        ("Cơ sở y tế đòi thêm giấy tờ", set()),
        ("Trụ sở xây dựng chưa xong", set()),
        ("Giấy số nội vụ 12", set()),
        ("Nộp ở UBND phường Hải Châu", set()),
        ("", set()),
    ],
)
def test_a_body_is_read_by_any_of_its_names(text: str, named: set[str]) -> None:
    assert bodies_named(text) == named


def test_every_name_of_the_table_is_read() -> None:
    with NAMES.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            assert bodies_named(f"Tôi nộp ở {row['name']} tháng trước.") == {row["type"]}


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Nộp ở UBND phường Hải Châu rồi lên Sở Xây dựng hỏi", True),
        ("Nộp hồ sơ ở phường, Sở Tư pháp chưa trả lời", True),
        ("nop tai bo phan mot cua xa", True),
        ("Tôi ở phường Hải Châu, nộp hồ sơ tại Sở Xây dựng", False),
    ],
)
def test_an_office_of_a_commune_beside_it_is_told(text: str, named: bool) -> None:
    assert names_a_commune(text) == named
