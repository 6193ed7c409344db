"""The reviewer: the original beside the public words, doubtful pieces hidden, published or kept back."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from classifier.text import fold
from feedback.forms.publishing import PublishForm
from feedback.models import Petition, PublicPetition, Withheld
from feedback.redaction import hidden_words, masked, pieces, quoted, redrawn
from feedback.steps import take
from feedback.verification import verify
from routing.models import Commune, Subfield
from tests import make
from tests.pages import at, words

pytestmark = pytest.mark.django_db

TEXT = "Vỉa hè bong gạch, gọi tôi 0905 123 456 hoặc hoa.tran@example.com nhé."
ANSWER = {"outcome": "resolved", "text": "Đã gọi số 0905 123 456 và lát lại.", "evidence": "Biên bản 12"}


def answered() -> Petition:
    return make.petition("answered", text=TEXT, answer=ANSWER)


def listed(client: Client, slug: str, petition: Petition) -> bool:
    return petition.printed_code in words(client.get(f"/xu-ly/?xem={slug}"))


def test_what_stands_far_behind_is_marked_too() -> None:
    assert [piece.kind for piece in pieces("nước ngập " * 900 + "gọi 0905123456") if piece.kind] == ["phone"]


def test_pieces_make_the_whole_text_again() -> None:
    told = list(pieces(TEXT))
    assert "".join(piece.text for piece in told) == TEXT
    assert [(piece.text, piece.kind) for piece in told if piece.kind] == [
        ("0905 123 456", "phone"),
        ("hoa.tran@example.com", "email"),
    ]
    assert masked(TEXT, shown={1}) == "Vỉa hè bong gạch, gọi tôi ▇▇▇ hoặc hoa.tran@example.com nhé."


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("gọi 0905\u00a0123\u202f456 nhé", "gọi ▇▇▇ nhé"),
        ("gọi 09\u200b05123\u00ad456\u200b nhé", "gọi ▇▇▇ nhé"),
        ("gọi ０９０５１２３４５６ nhé", "gọi ▇▇▇ nhé"),
        ("gọi 0\ufe0f\u20e3905123456\ufe0f\u20e3 nhé", "gọi ▇▇▇ nhé"),
        ("ông Trần\u00a0Văn\u200dHùng đánh", "ông ▇▇▇ đánh"),
    ],
)
def test_no_way_of_writing_slips_through(text: str, shown: str) -> None:
    assert masked(text) == shown


def test_a_name_hidden_once_is_found_again_however_its_spaces_are_written() -> None:
    assert "Hùng" not in masked("Đã gặp Trần Văn Hùng", also=["Trần\u00a0Văn\u2009Hùng"])
    assert "Hùng" not in masked("Đã gặp Trần\u00a0Văn Hùng", also=["Trần Văn Hùng"])
    assert "Hùng" not in masked("Đã gặp Trần Văn Hùng", also=["Tr\u00adần Văn\u200b Hùng"])


def test_the_original_stands_beside_with_every_doubtful_piece_ticked() -> None:
    petition = answered()
    page = words(at(make.reviewer()).get(f"/xu-ly/{petition.code}/"))
    assert page.count('name="hide_public_text"') == 2
    assert page.count('name="hide_public_answer"') == 1
    assert "gọi tôi ▇▇▇ hoặc ▇▇▇ nhé." in page
    assert "Đã gọi số ▇▇▇ và lát lại." in page


def test_a_choice_is_shown_before_anything_is_done() -> None:
    petition = answered()
    told = {
        "chosen": "1",
        "redraw": "1",
        "hide_public_text": ["0"],
        "drawn_public_text": ["0", "1"],
        "drawn_public_answer": ["0"],
        "public_text": "Vỉa hè bong gạch, gọi tôi ▇▇▇ hoặc ▇▇▇ nhé.",
        "public_answer": "Đã gọi số ▇▇▇ và lát lại.",
    }
    answer = at(make.reviewer()).post(f"/xu-ly/{petition.code}/publish/", told)
    assert answer.status_code == 200
    assert "gọi tôi ▇▇▇ hoặc hoa.tran@example.com nhé." in words(answer)
    assert "Đã gọi số 0905 123 456 và lát lại." in words(answer)
    assert not PublicPetition.objects.exists()


@pytest.mark.long
def test_what_still_looks_like_somebodys_is_published_only_by_one_who_says_he_looked() -> None:
    petition, reviewer = answered(), at(make.reviewer())
    told = {"chosen": "1", "public_text": "Vỉa hè bong, gọi 0905 123 456.", "public_answer": "Đã lát."}
    answer = reviewer.post(f"/xu-ly/{petition.code}/publish/", told)
    assert answer.status_code == 400
    assert "Còn giống thông tin cá nhân: 0905 123 456 (điện thoại)." in words(answer)
    assert not PublicPetition.objects.exists()
    assert reviewer.post(f"/xu-ly/{petition.code}/publish/", told | {"sure": "on"}).status_code == 302
    assert PublicPetition.objects.get().text == "Vỉa hè bong, gọi 0905 123 456."


def test_an_answer_that_a_reviewer_emptied_is_not_proposed_to_the_next_one() -> None:
    petition, reviewer = answered(), make.reviewer()
    form = PublishForm(petition=petition, by=reviewer)
    assert form.proposed()["public_answer"] == "Đã gọi số ▇▇▇ và lát lại."
    take(petition, "publish", by=reviewer, public_text="Vỉa hè bong.", public_answer="")
    petition = Petition.objects.get(pk=petition.pk)
    assert PublishForm(petition=petition, by=reviewer).proposed()["public_answer"] == ""
    page = words(at(reviewer).get(petition.get_absolute_url()))
    assert "Đã gọi số ▇▇▇" not in page
    take(petition, "unpublish", by=reviewer, reason="nhầm")
    petition = Petition.objects.get(pk=petition.pk)
    assert PublishForm(petition=petition, by=reviewer).proposed()["public_answer"] == ""


def test_what_the_sender_wants_hidden_stands_before_the_reviewer() -> None:
    petition = answered()
    take(petition, "refuse_publication", by=make.holder(petition), hide="Đừng đăng tên trường.")
    assert "Đừng đăng tên trường." in words(at(make.reviewer()).get(f"/xu-ly/{petition.code}/"))


@pytest.mark.long
def test_kept_back_with_a_reason_it_leaves_the_queue_until_it_is_published() -> None:
    petition, person = answered(), make.reviewer()
    reviewer, address = at(person), f"/xu-ly/{petition.code}/khong-dang/"
    assert reviewer.post(address, {"reason": " "}).status_code == 400
    assert listed(reviewer, "cong-khai", petition)
    assert reviewer.post(address, {"reason": "Chỉ liên quan một nhà."}).status_code == 302
    assert reviewer.post(address, {"reason": "Lần nữa."}).status_code == 302
    kept = Withheld.objects.get()
    assert (kept.by, kept.reason) == (person, "Chỉ liên quan một nhà.")
    assert (listed(reviewer, "cong-khai", petition), listed(reviewer, "khong-dang", petition)) == (
        False,
        True,
    )
    assert "Chỉ liên quan một nhà." in words(reviewer.get(f"/xu-ly/{petition.code}/"))
    take(petition, "publish", by=person, public_text="Vỉa hè bong gạch.")
    assert not listed(reviewer, "khong-dang", petition)


def test_only_a_reviewer_keeps_back() -> None:
    petition = answered()
    for person, status in ((make.handler(), 403), (make.reviewer("01"), 404), (make.user(), 404)):
        assert at(person).post(f"/xu-ly/{petition.code}/khong-dang/", {"reason": "x"}).status_code == status
    assert not Withheld.objects.exists()


HOUSE = "Mái tôn bay sang nóc nhà tôi số 150 Lê Lợi, chị Nguyễn Thị Hoa báo mà chưa ai dọn."


def test_what_is_masked_in_the_words_is_masked_in_the_answer_and_ordinary_words_stay() -> None:
    answer = "Đã dọn tấm tôn trên nóc nhà số 150, báo chị Hoa; kinh phí 150 triệu đồng."
    petition = make.petition("answered", text=HOUSE, answer={**make.ANSWER, "text": answer})
    take(petition, "publish", by=make.reviewer(), public_text=masked(HOUSE))
    copy = PublicPetition.objects.get()
    assert "nóc nhà tôi số ▇▇▇" in copy.text
    assert copy.answer == "Đã dọn tấm tôn trên nóc nhà số ▇▇▇, báo chị ▇▇▇; kinh phí 150 triệu đồng."


@pytest.mark.parametrize(
    ("original", "shown", "hidden"),
    [
        ("Quán Cây Me ồn.", "Quán ▇▇▇ ồn.", ["Cây Me"]),
        ("Gọi A rồi B", "▇▇▇ rồi ▇▇▇", ["Gọi A", "B"]),
        ("Một dòng\r\nQuán Me", "Một dòng\nQuán ▇▇▇", ["Me"]),
        ("Không che gì.", "Không che gì.", []),
        (f"{TEXT}", "Viết lại cả: gạch bong ▇▇▇", ["0905 123 456", "hoa.tran@example.com"]),
        ("", "", []),
    ],
)
def test_what_was_blacked_out_is_found_again(original: str, shown: str, hidden: list[str]) -> None:
    assert hidden_words(original, shown) == hidden


@pytest.mark.long
def test_what_the_reviewer_blacked_out_himself_may_not_stand_in_the_answer() -> None:
    told: dict[str, Any] = {
        "text": "Quán Cây Me ồn.",
        "answer": {**make.ANSWER, "text": "Đã phạt quán Cây Me."},
    }
    petition = make.petition("answered", **told)
    sent = {"chosen": "1", "public_text": "Quán ▇▇▇ ồn.", "public_answer": "Đã phạt quán Cây Me."}
    answer = at(make.reviewer()).post(f"/xu-ly/{petition.code}/publish/", sent)
    assert answer.status_code == 400
    assert "Cây Me (đã che trong lời kể)" in words(answer)


def test_the_senders_name_is_hidden_in_the_public_copy_however_he_writes_it() -> None:
    said = "Đèn đường tắt. Nhung ở đây nhờ xem giúp. trần thị hồng nhung. Cô Nhung tổ 5.\nnhung"
    petition = make.petition(
        "answered",
        text=said,
        name="Trần Thị Hồng Nhung",
        answer=make.ANSWER | {"text": "Gửi cô Nhung tổ 5, trần thị hồng nhung: đã sửa."},
    )
    form = PublishForm(petition=petition, by=make.reviewer())
    for proposed in form.proposed().values():
        assert "nhung" not in proposed.lower()
    typed = PublishForm(
        {"public_text": "Cô Hồng Nhung báo đèn tắt", "public_answer": ""},
        petition=petition,
        by=make.reviewer(),
    )
    assert not typed.is_valid()
    assert "Hồng Nhung" in str(typed.errors["public_text"])
    step = take(petition, "publish", by=make.reviewer(), public_text="Đèn đường tắt.")
    assert "nhung" not in step.petition.public.answer.lower()


SENDER = ["Trần Văn Bình", "0912345678", "binh.tv@gmail.com"]


@pytest.mark.parametrize(
    "said",
    [
        "0912 345 678 Hà Nội",
        "+84.912.345.678",
        "(+84) 0912 345 678",
        "0912·345·678",
        "0912 345\n678",
        "09/12/34/56/78",
        "0912—345—678",
        "912345678",
        "MaKH_0912345678",
        "zalo.me/84912345678x",
        "x٩١٢٣٤٥٦٧٨x",
        "⑨①②③④ ⑤⑥⑦⑧",
    ],
)
def test_the_senders_telephone_is_hidden_however_its_figures_stand(said: str) -> None:
    shown = masked(f"Xin báo {said} nhé.", also=SENDER)
    assert not any(char.isdigit() for char in shown), shown


@pytest.mark.parametrize(
    "said",
    [
        "TrầnVănBình",
        "tranvanbinh",
        "TV Bình",
        "T.V. Bình",
        "Trần V. Bình",
        "T r ầ n  V ă n  B ì n h",
        "Trần·Văn·Bình",
        "Bình Trần Văn",
        "Bình, Trần Văn",
        "binh.tv",
    ],
)
def test_the_senders_name_is_hidden_glued_spaced_and_with_initials(said: str) -> None:
    assert masked(f"Đèn tối, {said} nhắc rồi.", also=SENDER) == "Đèn tối, ▇▇▇ nhắc rồi."


@pytest.mark.parametrize(
    "text",
    [
        "Truyền hình TV bình thường",
        "Gửi phường 12, số đơn 345 678",
        "P. Bình Thạnh ngập nước",
    ],
)
def test_what_only_resembles_the_sender_stays(text: str) -> None:
    assert masked(text, also=[*SENDER, "Phan Bình"]) == text


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Phan Anh", "Tôi xin phản ánh đường hư"),
        ("Nguyễn Phan Anh", "Tôi xin phản ánh đường hư"),
        ("Trần Vân Anh", "Rác vẫn ảnh hưởng"),
        ("Nguyễn Trung Tâm", "Đèn ở trung tâm tắt"),
        ("Lê Dương", "lề đường hư, đường Lê Lợi ngập"),
        ("Trần Mai", "mái, trần nhà dột; mai. Trần nhà sập"),
        ("An Bình", "Mong binh an"),
    ],
)
def test_everyday_words_that_sound_like_the_sender_stay(name: str, text: str) -> None:
    """A gap where everybody says "phản ánh" would tell the name."""
    assert masked(text, also=[name]) == text


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Phan Anh", "toi xin phan anh duong hu"),
        ("Phan Anh", "Em phan anh lan thu 3 roi, co phan anh ma khong ai xem"),
        ("Nguyễn Phan Anh", "toi xin phan anh duong hu"),
        ("Nguyễn Trung Tâm", "den o trung tam tat"),
        ("Lê Dương", "le duong hu, nuoc tran ra"),
        ("Phan Anh", "Toi xin phan anh duong hu. Kính gửi UBND phường xem giúp"),
    ],
)
def test_everyday_words_stay_where_nobody_writes_marks(name: str, text: str) -> None:
    assert masked(text, also=[name]) == text


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Phan Anh", "toi la ▇▇▇ o to 5"),
        ("Phan Anh", "toi ten ▇▇▇ xin phan anh duong hu"),
        ("Phan Anh", "duong hu qua\n▇▇▇"),
        ("Phan Anh", "duong hu qua. ▇▇▇."),
        ("Phan Anh", "Đường hư, ▇▇▇ nhắc rồi mà chưa ai tới"),
        ("Trần Mai", "duong hu, ▇▇▇ nhac roi"),
        ("Trần Văn Bình", "duong hu, ▇▇▇ nhac roi"),
    ],
)
def test_the_sender_is_hidden_in_small_letters_too(name: str, text: str) -> None:
    said = fold(name)
    assert masked(text.replace("▇▇▇", said), also=[name]) == text


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Phan Anh", "Phan Anh"),
        ("Phan Anh", "PhanAnh"),
        ("Tran Van Binh", "TrầnVănBình"),
        ("Tran Van Binh", "Trần Văn Bình"),
        ("Nguyễn Trung Tâm", "Trung Tâm"),
        ("Trần Văn Bình", "Bình Trần Văn"),
    ],
)
def test_the_sender_s_name_is_hidden_as_it_may_be_written(name: str, said: str) -> None:
    assert masked(f"Đã gọi {said} hai lần.", also=[name]) == "Đã gọi ▇▇▇ hai lần."


def test_pieces_that_overlap_are_one_and_nothing_of_either_stays() -> None:
    assert masked("Người gửi Trần Văn Bình Phước Lộc.", also=["Văn Bình Phước Lộc"]) == "Người gửi ▇▇▇."


OWN = "Gọi 0905 123 456. Con tôi lớp 3A bị tự kỷ, thư hoa.tran@example.com."


@pytest.mark.parametrize(
    ("typed", "hidden", "drawn", "shown"),
    [
        # a mark of his own stays, whichever piece he shows or hides
        (
            "Gọi ▇▇▇. Con tôi lớp ▇▇▇ bị ▇▇▇, thư ▇▇▇.",
            {0},
            {0, 1},
            "Gọi ▇▇▇. Con tôi lớp ▇▇▇ bị ▇▇▇, thư hoa.tran@example.com.",
        ),
        (
            "Gọi 0905 123 456. Con tôi lớp ▇▇▇ bị tự kỷ, thư ▇▇▇.",
            {0, 1},
            {1},
            "Gọi ▇▇▇. Con tôi lớp ▇▇▇ bị tự kỷ, thư ▇▇▇.",
        ),
        # blacked out by hand is what no tick hides
        (
            "Gọi ▇▇▇. Con tôi lớp 3A bị tự kỷ, thư ▇▇▇.",
            {1},
            {1},
            "Gọi ▇▇▇. Con tôi lớp 3A bị tự kỷ, thư ▇▇▇.",
        ),
        # one mark over his own words and a piece: the piece comes back, his words do not
        ("Gọi ▇▇▇.", {0}, {0, 1}, "Gọi ▇▇▇hoa.tran@example.com."),
        # worded anew it only hides more
        ("Cháu lớp ▇▇▇, gọi 0905 123 456", {0}, set(), "Cháu lớp ▇▇▇, gọi ▇▇▇"),
        ("Cháu lớp ▇▇▇, gọi ▇▇▇", set(), {0, 1}, "Cháu lớp ▇▇▇, gọi ▇▇▇"),
        # an emptied box begins again
        ("  ", {1}, {0, 1}, "Gọi 0905 123 456. Con tôi lớp 3A bị tự kỷ, thư ▇▇▇."),
    ],
)
def test_what_was_blacked_out_by_hand_stays_when_pieces_are_chosen_anew(
    typed: str, hidden: set[int], drawn: set[int], shown: str
) -> None:
    assert redrawn(OWN, typed, hidden=hidden, drawn=drawn) == shown


def drawn(page: str) -> list[str]:
    """The pieces that the page says were hidden when it was drawn."""
    return re.findall(r'name="drawn_public_text" value="(\d+)">', page)


@pytest.mark.long
def test_without_script_own_marks_outlive_the_redrawing() -> None:
    petition, reviewer = make.petition("answered", text=OWN), at(make.reviewer())
    told = {
        "chosen": "1",
        "redraw": "1",
        "drawn_public_text": ["0", "1"],
        "hide_public_text": ["1"],
        "public_text": "Gọi ▇▇▇. Con tôi lớp 3A bị ▇▇▇, thư ▇▇▇.",
    }
    page = words(reviewer.post(f"/xu-ly/{petition.code}/publish/", told))
    assert "Gọi 0905 123 456. Con tôi lớp 3A bị ▇▇▇, thư ▇▇▇." in page
    assert drawn(page) == ["1"]


@pytest.mark.long
def test_what_was_drawn_is_remembered_over_a_refused_publication() -> None:
    petition, reviewer = make.petition("answered", text=OWN), at(make.reviewer())
    told = {
        "chosen": "1",
        "drawn_public_text": ["0", "1"],
        "hide_public_text": ["1"],
        "public_text": "Gọi 0905 123 456. Con tôi lớp 3A bị ▇▇▇, thư ▇▇▇.",
    }
    refused = reviewer.post(f"/xu-ly/{petition.code}/publish/", told)
    assert refused.status_code == 400
    assert drawn(words(refused)) == ["0", "1"]


# --- how much of a matter is public -------------------------------------------------------------------

TOLD = "Vỉa hè trước trường bong gạch từ tháng trước, cụ già vấp ngã hai lần mà chưa ai sửa."
SUMMED_UP = "Người dân phản ánh vỉa hè xuống cấp, có người ngã."


def restricted(**told: Any) -> Petition:
    Subfield.objects.filter(pk=make.SIDEWALK).update(sensitivity="restricted")
    return make.petition("answered", anew=True, **{"text": TOLD} | told)


@pytest.mark.parametrize(
    ("shown", "run"),
    [
        (SUMMED_UP, ""),
        ("VỈA HÈ trước trường: bong gạch, từ tháng trước.", "via he truoc truong bong gach tu thang"),
        ("▇▇▇ bong gạch từ tháng trước, cụ già vấp ngã ▇▇▇", "bong gach tu thang truoc cu gia vap"),
        ("", ""),
    ],
)
def test_what_stands_as_it_was_sent_is_found(shown: str, run: str) -> None:
    assert quoted(TOLD, shown) == run


def test_a_short_text_is_quoted_only_whole() -> None:
    assert quoted("Đèn tắt", "den tat!") == "den tat"
    assert quoted("Đèn tắt", "Báo đèn tắt ở hẻm") == ""
    assert quoted("", "Đèn tắt") == ""


@pytest.mark.long
def test_of_a_restricted_matter_no_word_is_published_as_it_was_sent() -> None:
    petition, reviewer = restricted(), make.reviewer()
    sent: list[dict[str, Any]] = [
        {"public_text": masked(TOLD)},
        {"public_text": SUMMED_UP, "public_answer": TOLD},
    ]
    for told in sent:
        with pytest.raises(ValidationError) as refused:
            take(petition, "publish", by=reviewer, **told)
        assert list(refused.value.message_dict) == [list(told)[-1]]
    take(petition, "publish", by=reviewer, public_text=SUMMED_UP)
    copy = PublicPetition.objects.get()
    assert (copy.text, copy.answer, copy.outcome) == (SUMMED_UP, "", "resolved")
    assert verify().bad == []


@pytest.mark.long
def test_the_reviewer_of_a_restricted_matter_begins_with_an_empty_box() -> None:
    petition = restricted()
    page = words(at(make.reviewer()).get(f"/xu-ly/{petition.code}/"))
    assert "Tóm tắt công khai" in page
    assert 'name="redraw"' not in page
    assert PublishForm(petition=petition, by=make.reviewer()).proposed() == {}


@pytest.mark.long
def test_what_comes_into_a_restricted_field_is_public_no_more() -> None:
    petition = make.petition("in_progress", anew=True)
    take(petition, "publish", by=make.reviewer(), public_text="Vỉa hè bong gạch.")
    Subfield.objects.filter(pk="urban-infrastructure.street-lighting").update(sensitivity="restricted")
    moved: dict[str, Any] = {"subfield": "urban-infrastructure.street-lighting", "why": "Nhầm"}
    take(petition, "reclassify", by=make.focal_point(), **moved)
    assert not PublicPetition.objects.exists()


def test_the_public_point_is_true_to_a_hundred_metres() -> None:
    petition = make.petition("answered", lat=16.047123, lon=108.206456)
    take(petition, "publish", by=make.reviewer(), public_text="Vỉa hè bong gạch.")
    copy = PublicPetition.objects.get()
    assert (copy.lat, copy.lon) == (16.047, 108.206)
    page = words(Client().get(f"/cong-khai/{petition.code}/"))
    assert "16.047, 108.206" in page
    assert "16.0471" not in page


@pytest.mark.long
@pytest.mark.parametrize("told", [{"restricted": True}, {"hidden": True}])
def test_the_point_of_a_restricted_matter_and_of_a_hidden_sender_is_the_communes_centre(
    told: dict[str, Any],
) -> None:
    point: dict[str, Any] = {"lat": 16.047123, "lon": 108.206456}
    petition = restricted(**point) if "restricted" in told else make.petition("answered", **point, **told)
    take(petition, "publish", by=make.reviewer(), public_text=SUMMED_UP)
    copy, centre = PublicPetition.objects.get(), Commune.objects.get(pk="20242")
    assert (copy.lat, copy.lon) == (round(centre.lat, 3), round(centre.lon, 3))
    assert verify().bad == []


def test_nobody_is_given_a_point_that_was_not_told() -> None:
    petition = answered()
    take(petition, "publish", by=make.reviewer(), public_text="Vỉa hè bong gạch.")
    copy = PublicPetition.objects.get()
    assert (copy.lat, copy.lon) == (None, None)


def test_a_public_point_moved_behind_the_steps_is_found() -> None:
    petition = make.petition("answered", lat=16.047123, lon=108.206456)
    take(petition, "publish", by=make.reviewer(), public_text="Vỉa hè bong gạch.")
    PublicPetition.objects.update(lat=16.05)
    assert [fault.why for fault in verify().bad] == ["điểm công khai khác điểm đã ghi"]
