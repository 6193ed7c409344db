"""The tagger of names: what it learns from is well formed, it learns from it, and what is shipped reads."""

import json
from pathlib import Path

import numpy as np
import pytest

from classifier.personal import chain, learning, tagger
from classifier.personal.drawn import Dice, Told
from classifier.personal.page import Page

ROOT = Path(__file__).parents[2]


def persons(text: str) -> list[str]:
    found = tagger.shipped().find(tagger.Ground(text, ()), Page(text))
    return [text[one.start : one.end] for one in found]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Già làng Y Thuyn Niê nhờ con viết giúp", ["Y Thuyn Niê"]),
        ("Bà Tư Mập với ông Chín Cụt lập sòng", ["Tư Mập", "Chín Cụt"]),
        ("Xin cảm ơn. Phạm Thị Hòa Bình.", ["Phạm Thị Hòa Bình"]),
        ('Khách tên Hùng "Sẹo" dọa đánh', ['Hùng "Sẹo"']),
        ("toi la nguyen van lep, nha o ap 3", ["nguyen van lep"]),
        ("TÔI TÊN TRẦN VĂN HẬU, SINH NĂM 1961", ["TRẦN VĂN HẬU"]),
        ("hộ Giàng Thị Sáy có ba con nhỏ", ["Giàng Thị Sáy"]),
        ("kính gửi, em đinh công trứ, căn cước mới", ["đinh công trứ"]),
        ("Ông Trần Quang Thế ở hẻm 18 Phan Văn Hạnh", ["Trần Quang Thế"]),
    ],
)
def test_persons_are_found_as_people_write_them(text: str, names: list[str]) -> None:
    assert persons(text) == names


@pytest.mark.parametrize("before", ["Kính gửi. ", "Đà Nẵng, ", "Đường ngập!\n", "Kính thưa quý cơ quan: "])
@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("toi la le thi thanh, nha toi bi ngap", ["le thi thanh"]),
        ("toi la nguyen van lep, nha o ap 3", ["nguyen van lep"]),
        ("duong hu lam roi, khong ai sua ca", []),
    ],
)
def test_a_marked_greeting_changes_nothing_behind_it(before: str, text: str, names: list[str]) -> None:
    assert persons(before + text) == persons(text) == names
    assert persons(f"{before}Ông Trần Quang Thế nói. {text}")[1:] == names


def test_persons_come_in_the_order_of_the_text_however_each_is_written() -> None:
    text = "toi la nguyen van lep, nha o ap 3. Ông Trần Quang Thế ở hẻm 18 Phan Văn Hạnh"
    assert persons(text) == ["nguyen van lep", "Trần Quang Thế"]


@pytest.mark.parametrize(
    "text",
    [
        "Tuyến Nguyễn Trãi - Khuất Duy Tiến kẹt xe",
        "Bến xe Giáp Bát, Mỹ Đình đông khách",
        "Bà con anh em cô bác kêu hoài",
        "Chợ Bà Chiểu, cầu Ông Lãnh, ngã tư Bảy Hiền",
        "kinh gui ong chu tich, phu huynh truong kim dong",
        "Ngã ba Huỳnh Tấn Lựu - Dương Cát Minh đường mới sửa",
        "Hẻm 18 Phan Văn Hạnh, hẻm 20 Lê Thị Chợ mất nước",
        "Trước cổng tiểu học Trần Quang Thế xe đậu kín",
        'Karaoke hát "Duyên Kiếp", "Nửa Vầng Trăng" tới khuya',
        "Ông A bán cho bà B, bà B bán cho ông C",
        "Con Ki với con Lu nhà bên sủa cả đêm",
    ],
)
def test_what_only_looks_like_a_person_stays(text: str) -> None:
    assert persons(text) == []


def test_the_names_of_what_is_learnt_from_stand_in_their_texts() -> None:
    lines = (ROOT / "classifier/data/train.jsonl").read_text(encoding="utf-8").split("\n")
    for row in map(json.loads, (ROOT / "classifier/data/train_names.jsonl").open(encoding="utf-8")):
        text, at = json.loads(lines[row["line"] - 1])["text"], 0
        for name in row["names"] or ():
            at = text.index(name, at) + len(name)


def test_of_the_third_examination_only_even_texts_are_learnt_from() -> None:
    with (learning.EXAMS / "exam_personal_3.jsonl").open(encoding="utf-8") as lines:
        texts = [json.loads(line)["text"] for line in lines]
    learnt_from = {told.text for exam in learning.examined() for told in exam}
    assert learnt_from.issuperset(texts[::2])
    assert learnt_from.isdisjoint(texts[1::2])


def test_drawn_sentences_are_the_same_each_time_and_their_names_are_whole_words() -> None:
    one, other = (Dice(3, ["Hòa Xuân"]) for _dice in range(2))
    for _sentence in range(300):
        told = one.sentence()
        assert told == other.sentence()
        for start, end in told.names:
            assert told.text[start:end].strip() == told.text[start:end] != ""


def test_another_name_takes_the_place_of_each_also_in_small_letters() -> None:
    told = Told("toi ten nguyen van an, vo la tran thi ba", ((8, 21), (30, 40)))
    renamed = learning.renamed(told, Dice(1, ["Hòa Xuân"]))
    for start, end in renamed.names:
        assert renamed.text[start:end].islower()
        assert renamed.text[start:end].isascii()


def test_a_chain_learns_what_begins_a_name_and_what_goes_on() -> None:
    said = [
        chain.Chain([["title"], ["name"], ["name"], ["verb"]], [0, 1, 2, 0], 1.0),
        chain.Chain([["verb"], ["title"], ["name"]], [0, 0, 1], 1.0),
    ]
    learnt = chain.fit(said, least=1, pull=0.1, rounds=50)
    weights = dict(zip(learnt.names, learnt.weights.tolist(), strict=True))
    assert weights["name"][0] > 0 > weights["verb"][0]
    assert weights["name"][1] > 0


def test_what_is_kept_reads_as_what_was_learnt(tmp_path: Path) -> None:
    weights = np.array([[100, -20], [5, 90]], dtype=np.int8)
    names = ["w2hoa", "a\n x"]
    steps = [0.0, 0.0, -1.0, 0.5, 0.0, -1.0, 0.5]
    kept = tagger.Tagger(
        names, weights, 0.1, (tagger.Known({"hoa": "31"}, []), tagger.Known({"hoa": "41"}, [])), steps, 0.5
    )
    kept.save(tmp_path)
    again = tagger.shipped(tmp_path)
    assert list(again.names) == names
    ground = tagger.Ground("chị Hoa đến", ())
    assert list(again.find(ground, Page(ground.text))) == list(kept.find(ground, Page(ground.text)))


def test_what_is_long_without_a_blank_is_read_and_not_kept() -> None:
    kept = tagger.shipped()._lexicons[False]
    assert persons("tôi.là." * 500 + " Gọi chị Hoa nhé.") == ["Hoa"]
    assert max(map(len, kept)) <= tagger._SHORT
