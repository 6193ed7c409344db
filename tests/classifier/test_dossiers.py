"""Bodies of a province at which a text says that a dossier lies."""

import csv

import pytest

from classifier.dossiers import NAMES, bodies_named

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
        ("Sở Văn hóa, Thể thao và Du lịch", {"department-of-culture-sports-tourism"}),
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
