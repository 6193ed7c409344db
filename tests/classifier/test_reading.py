"""Reading a whole text: the one call that the rest of the house makes."""

import json
import unicodedata
from pathlib import Path

import pytest

import classifier
from classifier import Reading, Span, mentions, personal_spans, read, without_people
from classifier.urgency import danger_words
from classifier.vocabulary import syllables

KINDS = {"report", "proposal", "complaint", "denunciation", "question", "praise", "spam"}
MANHOLE = "Hố ga trước nhà số 12 đường Trần Phú, phường Hải Châu, Đà Nẵng mất nắp, xe máy suýt lọt xuống."


def test_a_manhole_is_a_manhole() -> None:
    reading = read(MANHOLE)
    assert reading.subfield == "urban-infrastructure.manhole-cover"
    assert (reading.field, reading.decision, reading.kind) == ("urban-infrastructure", "subfield", "report")
    assert reading.places[0].codes == ("20242",)
    assert not reading.guarded


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("mat dien tu sang den gio ca xom khong co dien", "utilities.power-outage"),
        ("Chó thả rông không rọ mõm cắn trẻ em trong khu dân cư", "urban-order.pets-livestock"),
        ("Karaoke kẹo kéo hát tới 12 giờ đêm không ai ngủ được", "urban-order.noise"),
        ("Xin cảm ơn các anh công an phường đã tìm lại ví cho tôi", "other.praise"),
    ],
)
def test_everyday_texts_are_read_as_people_mean_them(text: str, first: str) -> None:
    assert read(text).candidates[0].subfield.startswith(first)


@pytest.mark.parametrize("thanks", ["Xin cảm ơn.", "Tôi xin chân thành cảm ơn!", "cam on nhieu a"])
def test_thanks_behind_a_text_praise_nobody(thanks: str) -> None:
    reading = read(f"{MANHOLE} {thanks}")
    assert reading.candidates[0].subfield == "urban-infrastructure.manhole-cover"
    assert (reading.kind, reading.urgent) == ("report", True)


def test_candidates_are_three_in_falling_order_and_their_first_gives_the_confidence() -> None:
    reading = read(MANHOLE)
    ps = [candidate.p for candidate in reading.candidates]
    assert len(ps) == 3
    assert ps == sorted(ps, reverse=True)
    assert reading.confidence == ps[0]


def test_a_vague_text_is_left_to_a_person_and_still_gets_three_candidates() -> None:
    reading = read("Đề nghị cơ quan chức năng xem xét giải quyết")
    assert (reading.decision, reading.subfield, reading.field) == ("person", "", "")
    assert len(reading.candidates) == 3
    assert reading.confidence > 0


def test_kinds_are_seven_probabilities() -> None:
    kinds = read("Tôi tố cáo chủ tịch xã nhận hối lộ 50 triệu để cấp sổ đỏ").kind_p
    assert set(kinds) == KINDS
    assert sum(kinds.values()) == pytest.approx(1, abs=1e-4)
    assert max(kinds, key=lambda kind: kinds[kind]) == "denunciation"


def test_of_what_is_plainly_a_report_or_plainly_at_law_nobody_is_asked() -> None:
    for text in (MANHOLE, "Tôi tố cáo chủ tịch xã nhận hối lộ 50 triệu để cấp sổ đỏ", "…"):
        assert not read(text).law_doubt


def test_words_show_what_weighed_most() -> None:
    words = read(MANHOLE).words
    assert 0 < len(words) <= 8
    assert any("hố ga" in word or "nắp" in word for word in words)


@pytest.mark.parametrize(
    "text",
    [
        "Vỉa hè trước nhà số 24 Bạch Đằng bong gạch, mẹ tôi vấp té hôm qua.",
        "Via he truoc nha so 24 Bach Dang bong gach, me toi vap te hom qua.",
    ],
)
def test_the_words_that_decided_stand_as_the_text_has_them(text: str) -> None:
    told = f" {' '.join(syllables(text))} "
    assert read(text).words
    assert [word for word in read(text).words if f" {word} " not in told] == []


def test_the_home_province_breaks_ties() -> None:
    assert len(read("đổ rác ở xã Tân Thành", home="96").places[0].codes) == 1


def test_the_same_text_without_marks_and_decomposed_is_read_alike() -> None:
    expected = read(MANHOLE).candidates
    assert read(unicodedata.normalize("NFD", MANHOLE)).candidates == expected


@pytest.mark.parametrize(
    ("text", "urgent"),
    [
        ("Dây điện đứt rơi xuống đường còn tóe lửa, trẻ con chạy qua, xin đến ngay", True),
        ("Có người cầm dao đuổi chém nhau trước cổng trường, công an tới gấp", True),
        ("Nhà tôi đang cháy cứu với", True),
        ("Đề nghị tỉa cây xanh trên đường Lê Lợi cho thoáng", False),
        ("Xin hỏi thủ tục cấp lại giấy phép lái xe", False),
        ("Ổ gà trước cổng trường, hôm qua vợ tôi chạy xe suýt té", False),
        ("Điện cúp từ tối qua tới giờ chưa có lại", False),
        ("Hoan nghênh đội cứu hộ bãi biển đã cứu cháu tôi hôm thứ ba.", False),
        ("Đèn đường Lê Lợi tắt ba đêm nay", False),
        ("Đèn đường ở kiệt 12 Trần Phú không sáng hai đêm nay.", False),
        ("den hem 30 tat 4 dem nay nho thay bong", False),
        ("Đêm nay trụ đèn đầu hẻm nổ lẹt đẹt, tia lửa bắn xuống quán nước", True),
        ("Cột đèn bị xe tải tông gãy nằm chắn đường, dây hở lòi ra", True),
    ],
)
def test_danger_now_is_urgent(text: str, urgent: bool) -> None:
    assert read(text).urgent is urgent


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Hố ga mất nắp trước cổng trường", ("Hố ga mất nắp",)),
        ("day dien dut roi xuong duong", ("day dien dut",)),
        ("Hố ga mất nắp đã được sửa xong, cảm ơn", ()),
        ("Không có rò khí gas gì cả", ()),
        ("Tập huấn phòng chống đuối nước cho học sinh", ()),
        ("Cầm dao chém nhau thì bị phạt bao nhiêu?", ()),
    ],
)
def test_words_of_danger_can_be_taken_back(text: str, words: tuple[str, ...]) -> None:
    assert danger_words(text) == words


@pytest.mark.parametrize("given", ["", "   ", "\x00", "\ud800", "!!!", "12345", "🤡🤡", None, 42, b"abc"])
def test_what_is_no_text_goes_to_a_person(given: object) -> None:
    reading = read(given)  # type: ignore[arg-type]
    assert isinstance(reading, Reading)
    assert (reading.guarded, reading.decision, reading.candidates) == (True, "person", ())
    assert reading.model


@pytest.mark.parametrize(
    "unit",
    [
        "a",
        "!",
        "\x00",
        "\ud800",
        "\u0301",
        "a\u0301\u0323",
        "1/2/",
        "a.",
        "phường ",
        "P.1 ",
        "🤡",
        "0912 ",
        "(",
        "Q5,",
        "p12 q3 ",
        "tuyến Hà Nội - Vinh ",
        "cho con ",
    ],
)
def test_a_megabyte_of_anything_is_answered(unit: str) -> None:
    reading = read(unit * (1_000_000 // len(unit)))
    assert reading.decision in {"subfield", "field", "person"}
    assert all(0 <= m.start < m.end <= 1_000_000 for m in reading.places)


@pytest.mark.parametrize("text", ["ꭧꭧ", "𘏲 𗕾", "𝒳𝒬𝒳", "xyzzy", "漢字"])
def test_a_text_of_no_known_word_is_read_as_any_other(text: str) -> None:
    reading = read(text)
    assert (reading.guarded, reading.words, len(reading.candidates)) == (False, (), 3)


def test_surrogates_nul_and_emoji_inside_a_text_change_nothing_but_offsets() -> None:
    broken = "\ud800" + MANHOLE.replace("phường", "🤡\x00phường")
    reading = read(broken)
    assert reading.subfield == "urban-infrastructure.manhole-cover"
    assert broken[reading.places[0].start : reading.places[0].end] == "phường Hải Châu"


@pytest.mark.long
def test_every_development_text_is_read_and_its_offsets_fit() -> None:
    for line in (Path(__file__).parent / "eval_dev.jsonl").read_text(encoding="utf-8").splitlines():
        text = json.loads(line)["text"]
        reading = read(text)
        assert not reading.guarded
        for mention in reading.places:
            assert text[mention.start : mention.end] == mention.text
        for span in reading.personal:
            assert text[span.start : span.end].strip()


def test_the_face_of_the_folder_is_what_others_import() -> None:
    assert {"read", "train", "evaluate", "Reading", "Candidate", "PlaceMention", "Span"} <= set(
        classifier.__all__
    )


@pytest.mark.parametrize(
    "text", ["đường Trần Phú, phường Hải Châu, Đà Nẵng", "thon 3 xa hoa vang", "", "???", "\x00\ud800" * 5]
)
def test_places_are_found_without_reading_what_it_is_about(text: str) -> None:
    assert mentions(text, home="48") == read(text, home="48").places


@pytest.mark.parametrize("text", ["0912345678", "(0912) 345—678", "+84.912.345.678"])
def test_of_a_text_without_a_letter_what_is_personal_is_told(text: str) -> None:
    reading = read(text)
    assert reading.guarded
    assert [(span.start, span.end, span.kind) for span in reading.personal] == [(0, len(text), "phone")]


class _Unreadable(str):
    """What breaks whoever takes a part of it."""

    __slots__ = ()

    def __getitem__(self, _key: object) -> str:
        raise RuntimeError


def test_a_text_that_cannot_be_read_is_personal_as_a_whole() -> None:
    text = _Unreadable("Tôi là Nguyễn Văn An")
    assert personal_spans(text) == (Span(0, len(text), "person"),)
    assert without_people(text) == "▇"
