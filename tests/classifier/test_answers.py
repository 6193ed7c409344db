"""Answers that say nothing, and those that only look so: what is warned of, and what is left alone."""

from __future__ import annotations

import time

import pytest

from classifier.answers import CHECKS, Case, emptiness
from classifier.answers.deeds import Deed, deeds
from classifier.answers.letter import Letter

POTHOLE = "Đường Trần Cao Vân trước số 48 có ổ gà lớn, tối qua hai xe máy ngã. Đề nghị vá gấp."
LAMP = "Đèn đường kiệt 31 Hải Phòng tắt cả tuần, con gái tôi đi học thêm về rất sợ."
DUST = "Xưởng gỗ Minh Tín sát nhà tôi bụi mù, máy cưa kêu tới 9 giờ đêm. Xin xử lý cả bụi lẫn tiếng ồn."
PENSION = "Tôi đóng bảo hiểm xã hội 16 năm, năm nay 61 tuổi, hỏi có được lãnh lương hưu không?"
PERMIT = "Tôi nộp hồ sơ xin phép sửa nhà ngày 5/9, hẹn 20/9 mà tới nay chưa có, hỏi vướng chỗ nào?"
DOG = "Chó nhà hàng xóm thả rông cắn cháu tôi, đề nghị phường bắt phạt."


def warned(petition: str, answer: str, outcome: str = "explained", **more: object) -> tuple[str, ...]:
    return emptiness(Case(petition, answer, outcome, **more))  # type: ignore[arg-type]


GENERAL = [
    (
        POTHOLE,
        "UBND phường đã tiếp nhận ý kiến của ông/bà và sẽ xem xét, giải quyết theo quy định. Trân trọng.",
    ),
    (LAMP, "Đơn vị ghi nhận phản ánh, giao bộ phận chuyên môn kiểm tra, xử lý trong thời gian sớm nhất."),
    (DUST, "Địa phương thường xuyên tuyên truyền, nhắc nhở các cơ sở chấp hành quy định về môi trường."),
    (PERMIT, "Việc cấp phép được thực hiện đúng trình tự, thủ tục. Mong ông/bà thông cảm và chia sẻ."),
    (DOG, "Phuong da nam duoc thong tin, se phoi hop cac co quan chuc nang xu ly nghiem theo quy dinh."),
    (
        PENSION,
        "Chế độ hưu trí thực hiện theo Luật Bảo hiểm xã hội. Đề nghị ông liên hệ cơ quan bảo hiểm để "
        "được hướng dẫn.",
    ),
]
PARTICULAR = [
    (POTHOLE, "Đã vá hai ổ gà trước số 48 lúc 22 giờ ngày 12/11."),
    (LAMP, "Điện lực thay 3 bóng và một cầu chì ở kiệt 31, tối qua đèn sáng lại."),
    (
        DUST,
        "Chủ xưởng Minh Tín đã lắp máy hút bụi, nghỉ cưa sau 18 giờ; tổ trưởng kiểm tra hai tối không "
        "còn ồn.",
    ),
    (PERMIT, "Hồ sơ thiếu bản vẽ mặt bằng. Ông bổ sung, bộ phận một cửa trả giấy phép sau 5 ngày."),
    (DOG, "Da phat chu cho 1.500.000 dong, tiem phong dai va buoc xich cho ngay 3/11."),
    (
        PENSION,
        "Ông đủ 15 năm đóng và đủ tuổi nên được hưởng lương hưu 40%, nộp đơn mẫu 14-HSB tại BHXH khu vực 2.",
    ),
]


@pytest.mark.parametrize(("petition", "answer"), GENERAL)
def test_what_could_be_sent_to_anybody_is_too_general(petition: str, answer: str) -> None:
    assert "too_general" in warned(petition, answer, "noted")


@pytest.mark.parametrize(("petition", "answer"), PARTICULAR)
def test_a_short_answer_that_tells_what_was_done_is_full(petition: str, answer: str) -> None:
    assert warned(petition, answer, "resolved", evidence="Biên bản 12/BB") == ()


NO_OUTCOME = [
    (POTHOLE, "Ngày 5/11 đoàn gồm ba cán bộ đã xuống hiện trường, đo đạc, chụp 8 ảnh và lập biên bản "
        "ghi nhận hiện trạng."),
    (DUST, "Theo Nghị định 45/2022/NĐ-CP, cơ sở gây tiếng ồn vượt quy chuẩn bị phạt tiền đến 160 triệu "
        "đồng và có thể bị "
     "đình chỉ hoạt động. Phường rất trân trọng ý kiến của bà."),
    (PERMIT, "Phòng đã có văn bản gửi Sở Xây dựng xin ý kiến, đồng thời báo cáo lãnh đạo phường xem "
        "xét, chỉ đạo."),
    (PENSION, "Luật Bảo hiểm xã hội 2024 quy định người lao động đủ tuổi nghỉ hưu và có từ 15 năm đóng "
        "thì được hưởng lương "
     "hưu hằng tháng. Kính chúc bác sức khỏe."),
    (LAMP, "Tổ quản lý đã kiểm tra tuyến, xác định đèn thuộc hệ thống chiếu sáng ngõ hẻm, đang tham mưu "
        "kế hoạch duy tu."),
]  # fmt: skip
TOLD = [
    (POTHOLE, "Sẽ thảm lại cả đoạn, nhà thầu khởi công ngày 20/11, xong trước 5/12."),
    (DUST, "Đã kiểm tra: tiếng ồn 62 dBA, trong giới hạn cho phép, nên không có cơ sở xử phạt."),
    (
        PERMIT,
        "Chưa cấp phép được vì thửa đất nằm trong chỉ giới mở đường; ông có quyền khiếu nại trong 90 ngày.",
    ),
    (
        PENSION,
        "Theo Luật Bảo hiểm xã hội 2024, cần từ 15 năm đóng. Ông đóng 16 năm nên được hưởng, nộp hồ sơ "
        "tại bưu cục.",
    ),
    (LAMP, "Đèn này thuộc chung cư, không thuộc phường; ban quản trị hứa thay trước chủ nhật này."),
    (DOG, "Theo quy định, chó thả rông bị phạt. Chủ chó đã bị phạt 1 triệu đồng và xích chó lại."),
]


@pytest.mark.parametrize(("petition", "answer"), NO_OUTCOME)
def test_procedure_and_law_are_no_outcome(petition: str, answer: str) -> None:
    assert "no_outcome" in warned(petition, answer)


@pytest.mark.parametrize(("petition", "answer"), TOLD)
def test_done_promised_by_a_day_or_refused_with_a_reason_is_an_outcome(petition: str, answer: str) -> None:
    assert "no_outcome" not in warned(petition, answer)


def test_a_day_beside_the_text_makes_a_plan_an_outcome_but_no_formula() -> None:
    plan, formula = "Phường sẽ thay nắp cống mới.", "Phường sẽ xem xét theo quy định."
    assert "no_outcome" in warned(POTHOLE, plan)
    assert warned(POTHOLE, plan, "planned", promised=True) == ()
    assert "no_outcome" in warned(POTHOLE, formula, "planned", promised=True)


@pytest.mark.parametrize(
    ("answer", "evidence", "lacks"),
    [
        ("Đơn vị đã khắc phục xong tình trạng nêu trên, đường đi lại êm thuận.", "", True),
        ("Đơn vị đã khắc phục xong tình trạng nêu trên, đường đi lại êm thuận.", "đã xong", True),
        ("Đơn vị đã khắc phục xong tình trạng nêu trên, đường đi lại êm thuận.", "anh-1.jpg", False),
        ("Nhận được phản ánh ngày 3/11, đơn vị đã vá xong ổ gà.", "", True),
        ("Đã vá xong ổ gà ngày 4/11.", "", False),
        ("Đã vá xong ổ gà, tổ trưởng ký biên bản nghiệm thu.", "", False),
        ("Đã phạt chủ xe theo Quyết định số 214/QĐ-XPHC.", "", False),
        ("Đã xử phạt theo Nghị định 100/2019/NĐ-CP.", "", True),
    ],
)
def test_what_is_called_resolved_names_something_to_see_it_by(
    answer: str, evidence: str, lacks: bool
) -> None:
    told = warned(POTHOLE, answer, "resolved", evidence=evidence)
    assert ("no_evidence" in told) is lacks
    assert "no_evidence" not in warned(POTHOLE, answer, "explained", evidence=evidence)


LONG = (
    "Kính gửi ông Nguyễn Văn Bảy. Qua kiểm tra ngày 3/11, tổ trật tự đô thị phường đã nhắc nhở các hộ "
    "kinh doanh trên "
    "tuyến, yêu cầu ký cam kết không lấn chiếm vỉa hè, đồng thời tăng cường tuần tra vào giờ cao điểm. "
    "Phường mong ông "
    "tiếp tục phản ánh. Trân trọng."
)


def test_a_letter_with_another_name_day_and_code_is_the_same_letter() -> None:
    other = (
        LONG.replace("ông Nguyễn Văn Bảy", "bà Lê Thị Sáu").replace("3/11", "17/10").replace("ông\n", "bà ")
    )
    assert "equal_to_earlier" in warned(DOG, LONG, earlier=[DUST, other])
    assert "equal_to_earlier" not in warned(DOG, LONG, earlier=[DUST, POTHOLE])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            "Kính gửi bà. Đội đã vá bốn ổ gà trên đường Lê Độ bằng nhựa nóng, rào chắn đã dỡ, xe đi lại "
            "được. Trân trọng.",
            "Kính gửi bà. Đội đã vá bốn ổ gà trên đường Kỳ Đồng bằng nhựa nóng, rào chắn đã dỡ, xe đi "
            "lại được. Trân trọng.",
        ),
        (
            "Kính gửi ông. Phường cảm ơn ông. Cây xà cừ mục gốc đã được đốn hạ, gốc đã đào, vỉa hè lát "
            "lại. Trân trọng.",
            "Kính gửi ông. Phường cảm ơn ông. Loa của quán đã bị thu, chủ quán nộp phạt hai triệu đồng. "
            "Trân trọng.",
        ),
    ],
)
def test_the_same_manners_or_the_same_work_elsewhere_is_honest(one: str, other: str) -> None:
    assert "equal_to_earlier" not in warned(POTHOLE, one, earlier=[other])


ANOTHER = [
    (POTHOLE, "Đội đã vá xong các ổ gà trên đường Nguyễn Tri Phương trong đêm 12/11."),
    (LAMP, "Công ty đã thay 3 bóng đèn ở kiệt 13 Hải Phòng tối 12/11."),
    (DUST, "Cửa hàng gà rán Hoa Sen đã treo bảng giá, kê khai thuế quý III và nộp đủ tiền thuê mặt bằng "
        "ngày 2/11."),
    (PENSION, "Phường đã nạo vét 40 mét cống thoát nước trước chợ, gom 3 khối bùn ngày 2/11, nước rút "
        "nhanh sau mỗi trận mưa lớn."),
    ("Hai việc: một là rác đổ trộm ở bãi đất trống, hai là cột điện nghiêng trước trường.",
     "Phường đã dọn 3 xe rác ở bãi đất trống ngày 4/11 và rào lại."),
]  # fmt: skip
SAME = [
    (
        "duong ngo quyen doan gan cau co o ga to qua",
        "Đã vá ổ gà trên đường Ngô Quyền, đoạn gần cầu, đêm 12/11.",
    ),
    ("Đường NVL trước trạm xăng ngập sâu", "Đã thông cống đường Nguyễn Văn Linh, hết ngập từ 3/11."),
    ("Đường 2/9 có hố sâu trước siêu thị", "Hố trên đường Hai Tháng Chín đã được lấp ngày 3/11."),
    (
        "Đường Ng. Hữu Thọ đèn tắt từ tuần trước",
        "Đèn trên đường Nguyễn Hữu Thọ sáng lại từ tối 5/11, thay 4 bóng.",
    ),
    (LAMP, "Đèn sáng lại từ tối qua."),
    (PENSION, "Được. Ông đủ 15 năm đóng nên hưởng lương hưu 40%."),
]


@pytest.mark.parametrize(("petition", "answer"), ANOTHER)
def test_another_street_another_thing_or_half_of_it_is_another_matter(petition: str, answer: str) -> None:
    assert "another_matter" in warned(petition, answer)


@pytest.mark.parametrize(("petition", "answer"), SAME)
def test_the_same_street_otherwise_written_is_the_same_matter(petition: str, answer: str) -> None:
    assert "another_matter" not in warned(petition, answer)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Đã vá ổ gà.", [Deed.DONE]),
        ("Đã yêu cầu nhà thầu vá ổ gà.", [Deed.ORDERED]),
        ("Sẽ vá ổ gà.", [Deed.COMING]),
        ("Nếu có kinh phí sẽ vá ổ gà.", [Deed.COMING]),
        ("Chưa vá ổ gà.", []),
        ("Đường không thuộc phường quản lý.", [Deed.REFUSED]),
        ("Da thay nap cong.", [Deed.DONE]),
        ("Theo quy định, chủ nhà phải vá vỉa hè.", []),
    ],
)
def test_deeds_are_told_apart(text: str, told: list[Deed]) -> None:
    assert [one.deed for one in deeds(Letter(text))] == told


@pytest.mark.parametrize(
    "text",
    ["", " ", "\0", "\ud800", "ạ" * 20_000, "A." * 10_000, "ngày 1/1 " * 3_000, "theo luật " * 3_000, "😀"],
)
def test_no_text_breaks_a_check_or_takes_long(text: str) -> None:
    started = time.process_time()
    for petition, answer in ((text, text), (POTHOLE, text), (text, LONG)):
        assert set(warned(petition, answer, "resolved", earlier=[text, LONG])) <= set(CHECKS)
    assert time.process_time() - started < 2
