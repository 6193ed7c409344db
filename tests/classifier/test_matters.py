"""Where a text goes over to a second matter."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path

import pytest

from classifier import Matters, two_matters
from classifier.gate import AUDITED
from classifier.noise import strip

TWO = [
    ("Rác trước chợ ba ngày chưa ai gom, hôi thối. ", "Ngoài ra đèn đường trong kiệt 32 tắt cả tuần nay."),
    ("Đường có ổ gà to ngay trước trường. ", "Nhân tiện cho hỏi thủ tục cấp lại thẻ bảo hiểm y tế ở đâu?"),
    ("Nước máy đục ngầu cả tuần nay.\n", "Thứ hai, xe tải chở cát chạy qua đường làng suốt đêm."),
    ("Hố ga mất nắp ở ngã ba, suýt có người ngã - ", "một việc nữa là quán nhậu đốt than khói mù mịt."),
]
ONE = [
    "Chó thả rông ở công viên cắn trẻ con. Đồng thời đề nghị bắt chó và phạt chủ nuôi.",
    "Công viên này mở cửa từ thứ hai, thứ ba và thứ năm, đèn tắt lúc chín giờ tối, người dân rất tối.",
    "Ngoài ra, đề nghị công an xử lý nhóm thanh niên đua xe hàng đêm ở đường ven biển.",
    "Cây ngã. Ngoài ra không có gì.",
    "Công an đi bắt hai bữa. Thu hai bộ kích điện của mấy người bắt cá, tuần sau họ sắm bộ mới.",
    "",
    "\ud800\x00",
]


@pytest.mark.parametrize(("first", "second"), TWO)
def test_both_sides_are_found_however_they_are_typed(first: str, second: str) -> None:
    whole = first + second
    found = two_matters(whole)
    assert found
    assert whole[found.at :] == second
    assert found.first != found.second
    for typed in (strip(whole), whole.upper(), f"{whole}\r\n", f"\u200b{whole}"):
        again = two_matters(typed)
        assert again, typed
        assert (again.first, again.second) == (found.first, found.second), typed
    loose = unicodedata.normalize("NFD", whole)
    there = two_matters(loose)
    assert there
    assert unicodedata.normalize("NFC", loose[there.at :]) == second


@pytest.mark.parametrize("text", ONE)
def test_one_matter_is_none(text: str) -> None:
    assert two_matters(text) is None


def test_of_a_megabyte_only_the_beginning_is_looked_at() -> None:
    assert two_matters("Ngoài ra đèn đường tắt cả tuần. " * 30_000) is None
    assert isinstance(two_matters("".join(TWO[0]) + " x" * 500_000), Matters)


@pytest.mark.long
def test_of_texts_that_tell_of_one_matter_hardly_any_is_taken_for_two() -> None:
    """Two of the 984 are, and each of them asks for two things."""
    texts = [json.loads(line)["text"] for line in Path(AUDITED).read_text(encoding="utf-8").splitlines()]
    assert sum(two_matters(text) is not None for text in texts) <= 3
