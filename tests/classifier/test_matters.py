"""Where a text goes over to another matter."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path

import pytest

from classifier import matters_in
from classifier.gate import AUDITED
from classifier.noise import strip
from classifier.text import ANALYSED

EXAM = Path(__file__).parent / "exam_matters.jsonl"
LISTS = Path(__file__).parent / "exam_lists.jsonl"
TWO = [
    ("Rác trước chợ ba ngày chưa ai gom, hôi thối. ", "Ngoài ra đèn đường trong kiệt 32 tắt cả tuần nay."),
    ("Đường có ổ gà to ngay trước trường. ", "Nhân tiện cho hỏi thủ tục cấp lại thẻ bảo hiểm y tế ở đâu?"),
    ("Nước máy đục ngầu cả tuần nay.\n", "Thứ hai, xe tải chở cát chạy qua đường làng suốt đêm."),
    ("Hố ga mất nắp ở ngã ba, suýt có người ngã - ", "một việc nữa là rác ở chợ ba ngày chưa ai gom."),
]
# Each item begins at its mark.
IN_LISTS = [
    ("1. Rác trước chợ ba ngày chưa ai gom, hôi thối. ", "2. Đèn đường trong kiệt 32 tắt cả tuần nay."),
    ("(1) Rác trước chợ ba ngày chưa ai gom, hôi thối.\n", "(2) Đèn đường trong kiệt 32 tắt cả tuần nay."),
    ("a/ Rác trước chợ ba ngày chưa ai gom, hôi thối.\n", "b/ Đèn đường trong kiệt 32 tắt cả tuần nay."),
    ("- Rác trước chợ ba ngày chưa ai gom, hôi thối\n", "- Đèn đường trong kiệt 32 tắt cả tuần nay"),
    ("Việc 1: Rác trước chợ ba ngày chưa ai gom. ", "Việc 2: Đèn đường trong kiệt 32 tắt cả tuần nay."),
    ("Một là rác trước chợ ba ngày chưa ai gom. ", "Hai là đèn đường trong kiệt 32 tắt cả tuần nay."),
]
ONE = [
    "Nhà hàng số 9 nấu bếp than, khói vào nhà dân. Đề nghị:\n1. Kiểm tra giấy phép kinh doanh của quán.\n"
    "2. Xử phạt theo quy định về môi trường.\n3. Buộc quán làm ống khói và trả lời cho dân biết.",
    "Cá chết nổi trắng hồ. Tôi đã báo 2 lần:\n- Lần 1 gọi ngày 14/9, được trả lời đã ghi nhận.\n"
    "- Lần 2 gửi trên cổng ngày 21/9, chưa ai trả lời.",
    "2. Đèn đường trong kiệt 32 tắt cả tuần nay. 1. Rác trước chợ ba ngày chưa ai gom, hôi thối.",  # no list
    "Chó thả rông ở công viên cắn trẻ con. Đồng thời đề nghị bắt chó và phạt chủ nuôi.",
    "Công viên này mở cửa từ thứ hai, thứ ba và thứ năm, đèn tắt lúc chín giờ tối, người dân rất tối.",
    "Ngoài ra, đề nghị công an xử lý nhóm thanh niên đua xe hàng đêm ở đường ven biển.",
    "Cây ngã. Ngoài ra không có gì.",
    "Cây ngã chắn đường Nguyễn Tri Phương. Ngoài ra tôi xin cảm ơn anh công an phường đã giúp dọn bớt cành.",
    "Nước thải quán ăn chảy ra đường trơn trượt. Ngoài ra tôi gửi kèm ảnh quay hôm qua để các anh xem.",
    "Công an đi bắt hai bữa. Thu hai bộ kích điện của mấy người bắt cá, tuần sau họ sắm bộ mới.",
    "",
    "\ud800\x00",
]


THREE = (
    "Xin phản ánh 3 việc. Thứ nhất, đường Hoàng Diệu ổ gà nhiều.",
    "Thứ hai, quán nướng số 7 xả khói vào nhà dân.",
    "Thứ ba, trường THCS Trưng Vương thu tiền học thêm bắt buộc.",
)


@pytest.mark.parametrize(("first", "second"), [*TWO, *IN_LISTS])
def test_both_sides_are_found_however_they_are_typed(first: str, second: str) -> None:
    whole = first + second
    found = matters_in(whole)
    assert [whole[one.start : one.end] for one in found] == [first, second]
    assert found[0].field != found[1].field
    for typed in (strip(whole), whole.upper(), f"{whole}\r\n", f"\u200b{whole}"):
        assert [one.field for one in matters_in(typed)] == [one.field for one in found], typed
    loose = unicodedata.normalize("NFD", whole)
    last = matters_in(loose)[1]
    assert unicodedata.normalize("NFC", loose[last.start : last.end]) == second


def test_the_last_ends_where_the_letter_ends_also_beyond_what_is_read_of_it() -> None:
    first, second = TWO[0]
    whole = f"{first}{second} {'Đèn đường ngoài ngõ cũng tắt. ' * 200}"
    found = matters_in(whole)
    assert len(whole) > ANALYSED
    assert [(one.start, one.end) for one in found] == [(0, len(first)), (len(first), len(whole))]


def test_the_third_is_found_too() -> None:
    whole = " ".join(THREE)
    found = matters_in(whole)
    assert [whole[one.start : one.end].strip() for one in found] == list(THREE)
    assert len({one.field for one in found}) == 3


def test_which_of_them_may_be_a_complaint_is_told() -> None:
    accuses = "Ngoài ra tôi tố cáo ông Trần Văn B, phó chủ tịch phường, nhận 50 triệu của chủ quán karaoke."
    found = matters_in(f"Rác trước chợ Hoà Khánh ba ngày chưa ai gom, hôi thối. {accuses}")
    assert [one.at_law for one in found] == [False, True]


@pytest.mark.parametrize("text", ONE)
def test_one_matter_is_none(text: str) -> None:
    assert matters_in(text) == ()


def test_of_a_megabyte_only_the_beginning_is_looked_at() -> None:
    assert matters_in("Ngoài ra đèn đường tắt cả tuần. " * 30_000) == ()
    assert len(matters_in("".join(TWO[0]) + " x" * 500_000)) == 2


@pytest.mark.long
def test_the_letters_of_somebody_who_did_not_know_the_rule() -> None:
    """60 of one matter of 120 (39 with a word that leads over) and 60 of several (24): docs/reading.md."""
    told = [json.loads(line) for line in EXAM.read_text(encoding="utf-8").splitlines()]
    found = [(one["matters"] > 1, bool(matters_in(one["text"]))) for one in told]
    assert len(found) == 120
    assert found.count((False, True)) <= 2
    assert found.count((True, True)) >= 13


@pytest.mark.long
def test_lists_by_somebody_who_did_not_know_the_rule() -> None:
    """50 of one matter with a list or paragraphs, 50 of several told so: docs/reading.md."""
    told = [json.loads(line) for line in LISTS.read_text(encoding="utf-8").splitlines()]
    found = [(one["matters"] > 1, bool(matters_in(one["text"]))) for one in told]
    assert found.count((False, True)) <= 3
    assert found.count((True, True)) >= 24


@pytest.mark.long
def test_of_texts_that_tell_of_one_matter_hardly_any_is_taken_for_two() -> None:
    """Few of these have a word that leads over at all; of those that do docs/reading.md tells."""
    texts = [json.loads(line)["text"] for line in Path(AUDITED).read_text(encoding="utf-8").splitlines()]
    assert sum(bool(matters_in(text)) for text in texts) <= 1
