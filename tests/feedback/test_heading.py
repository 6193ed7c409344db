"""The line by which a petition stands in a list begins with its matter."""

from __future__ import annotations

import json
import time
from pathlib import Path
from random import Random

import pytest

from classifier.text import fold
from feedback.demonstration import writing
from feedback.heading import heading

EVAL_DEV = Path(__file__).parents[1] / "classifier" / "eval_dev.jsonl"
REAL = [json.loads(line)["text"] for line in EVAL_DEV.read_text(encoding="utf-8").splitlines()]
# Of the real texts, those that begin with something else, and where their matter begins.
BEGUN = {
    "Kính gửi UBND TP Tây Ninh: cuối hẻm 23": "Cuối hẻm 23 đường Tua 2",
    "Tôi là chủ nhà 16 Bảo Khánh (Hàng Trống": "Nhà số 18 xây sai phép",
    "Tôi là giáo viên, trời mưa": "Trời mưa trơn té khi bước vào lớp",
}
MATTER = "đèn đường trước số 12 Lê Lợi tắt cả tuần nay."


@pytest.mark.parametrize("begins", BEGUN)
def test_a_real_text_with_an_opening_begins_with_its_matter(begins: str) -> None:
    [text] = [text for text in REAL if text.startswith(begins)]
    assert heading(text).startswith(BEGUN[begins])


def test_every_other_real_text_stays_as_it_is() -> None:
    others = [text for text in REAL if not text.startswith(tuple(BEGUN))]
    assert len(others) > 100
    assert [text for text in others if heading(text) != " ".join(text.split())] == []


@pytest.mark.parametrize(
    "opening",
    [
        "Kính gửi UBND phường Hải Châu,",
        "Kính gửi: UBND TP. Đà Nẵng, Công an phường Hải Châu.\n",
        "Kính gửi UBND TP.HCM (Sở Xây dựng).\n\n",
        "Kính thưa các anh chị phụ trách!",
        "Xin chào,",
        "Dạ em chào anh chị ạ,",
        "Tôi tên là Nguyễn Văn Tâm, ",
        "Em là Lan. Em xin phản ánh như sau:",
        "Tôi là người dân sống ở phường Hải Châu, xin được phản ánh việc sau.",
        "Chào trung tâm, cho tôi hỏi và phản ánh một việc.",
        "Phản ánh:",
        "Sáng nay tôi đi ngang đoạn chợ Hàn thì thấy thế này.",
        "Đề nghị vào cuộc ngay, đừng đùn đẩy nữa.",
        "Tôi xin phản ánh về việc",
        "kinh gui ubnd phuong,",
        "KÍNH GỬI QUÝ CƠ QUAN,",
    ],
)
def test_an_opening_is_left_out(opening: str) -> None:
    assert heading(f"{opening} {MATTER}") == "Đ" + MATTER[1:]


@pytest.mark.parametrize(
    "text",
    [
        "Xin chào",
        "Kính gửi UBND phường Hải Châu.",
        "Tôi xin đăng ký lại khai sinh: phường bảo về quê, quê bảo lên phường.",
        "Công an phường không nhận đơn, hẹn ba lần rồi.",
        "Tôi ở tổ 5 phường Hải Châu, nhà bên cơi nới ra hẻm.",
        "Gửi xe ở bệnh viện bị thu 20 nghìn.",
        "Sáng nay tôi đi ngang chợ Hàn thì thấy cây đổ.",
        "Đề nghị vào cuộc ngay vụ đổ trộm xà bần ở Hòa Xuân.",
        "Chào hàng đa cấp tại nhà văn hóa cho người già",
        "Phản ánh lái xe buýt số 5 bỏ khách.",
        "",
    ],
)
def test_what_is_no_opening_or_nothing_else_stays(text: str) -> None:
    assert heading(text) == text


@pytest.mark.long
def test_the_demonstrations_texts_begin_with_no_greeting() -> None:
    rng, greetings = Random(7), ("kinh ", "em chao", "chao ", "xin phep", "toi la nguoi dan")
    passing = ("sang nay toi di ngang", "de nghi vao cuoc")
    for _number in range(300):
        slots = writing.Slots(rng, rng.choice(writing.places()))
        text = writing.petition(rng, rng.choice(list(writing.matters())), slots, located=True).text
        assert not fold(heading(text)).startswith(greetings + passing)


@pytest.mark.parametrize(
    "text", ["kính gửi " + "(a" * 9000, "xin " * 5000, "thưa anh " * 3000, "công an a, " * 2000, "-" * 20_000]
)
def test_no_text_takes_long(text: str) -> None:
    before = time.perf_counter()
    heading(text)
    assert time.perf_counter() - before < 0.1


def test_stops_that_could_end_an_abbreviation_or_a_sentence_are_read_once() -> None:
    """With two readings of every stop this would not end in a lifetime."""
    text = "Kính gửi " + "tp." * 40 + "a"
    assert heading(text) == text
