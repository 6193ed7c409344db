"""After filing: what was understood is shown, doubted with one tap, and a place is asked and told."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from accounts.models import Role, User
from feedback import followups, understanding
from feedback.models import Escalation, Notice, Petition
from feedback.steps import take
from routing.models import ReferenceState
from tests import make
from tests.feedback.test_follow_page import read_by_the_machine
from tests.pages import opened, words

pytestmark = pytest.mark.django_db

WIRE = "Dây điện đứt rơi xuống đường, tia lửa bắn ra trước trường học, rất nguy hiểm"
BLOCKED = "Hàng quán bày bàn ghế lấn chiếm hết vỉa hè, người đi bộ phải xuống lòng đường"


def filed(**fields: Any) -> Petition:
    client = Client()
    answer = client.post("/gui/", {"text": BLOCKED} | fields)
    assert answer.status_code == 303
    return Petition.objects.get()


@pytest.mark.long
def test_the_receipt_says_at_once_what_was_understood() -> None:
    petition = filed(commune="20242")
    for _when in ("before it is read", "after"):
        page = words(opened(petition).get(f"/bien-nhan/{petition.code}/"))
        assert "Chúng tôi hiểu là:" in page
        assert "Phường Hải Châu, Thành phố Đà Nẵng" in page
        assert "UBND phường Hải Châu" in page
        assert "Báo chưa đúng" in page
        followups.catch_up()
        petition = Petition.objects.get()


@pytest.mark.long
@pytest.mark.parametrize(
    "told", [("noi-xay-ra", {"commune": "20242"}), ("noi-them", {"text": "Ở phường Hải Châu"})]
)
@pytest.mark.parametrize(
    "text", [WIRE, pytest.param("Karaoke ầm ĩ cả đêm không ngủ được", marks=pytest.mark.long)]
)
def test_what_is_urgent_is_sent_on_when_its_place_is_told(
    text: str, told: tuple[str, dict[str, str]]
) -> None:
    """Those on duty heard of it at the first reading: the second has nothing left to say to them."""
    petition = filed(text=text)
    followups.catch_up()
    petition = Petition.objects.get()
    assert (petition.urgent, petition.state) == (True, "submitted")
    slug, fields = told
    assert opened(petition).post(f"/tra-cuu/{petition.code}/{slug}/", fields).status_code == 302
    assert followups.catch_up().failed == 0
    petition = Petition.objects.get()
    assert (petition.commune_id, petition.state) == ("20242", "assigned")
    assert Escalation.objects.filter(petition=petition, rung="danger").count() <= 1


@pytest.mark.long
def test_what_an_official_said_it_is_stands_when_its_place_is_told() -> None:
    filed(text="Đèn đường không sáng ba đêm nay, tối quá, mong sửa.")
    followups.catch_up()
    petition = Petition.objects.get()
    assert (petition.state, petition.commune_id) == ("submitted", None)
    told: dict[str, Any] = {"kind": "question", "subfield": "transport.traffic-signals", "why": "Câu hỏi"}
    take(petition, "reclassify", by=make.focal_point(), **told)
    take(petition, "inform", by=make.holder(petition), commune="20242", text="Hải Châu")
    assert followups.catch_up().failed == 0
    petition = Petition.objects.get()
    assert (petition.kind, petition.subfield_id) == ("question", "transport.traffic-signals")
    assert (petition.state, petition.commune_id) == ("submitted", "20242")


@pytest.mark.long
@pytest.mark.parametrize("kind", ["report", "spam"])
def test_a_suspicion_that_an_official_dismissed_does_not_come_back(kind: str) -> None:
    filed(
        text="Tôi khiếu nại quyết định xử phạt số 12/QĐ-XPHC của Chủ tịch phường vì trái luật, yêu cầu hủy."
    )
    followups.catch_up()
    petition = Petition.objects.get()
    assert petition.sealed
    take(petition, "reclassify", by=make.officer(), kind=kind, why="Không phải khiếu nại")
    take(petition, "inform", by=make.holder(petition), commune="20242", text="Hải Châu")
    assert followups.catch_up().failed == 0
    petition = Petition.objects.get()
    assert (petition.kind, petition.sealed, petition.state) == (kind, False, "submitted")


@pytest.mark.long
def test_danger_shows_the_four_numbers_before_all_else() -> None:
    petition = filed(text=WIRE, commune="20242")
    page = words(opened(petition).get(f"/bien-nhan/{petition.code}/"))
    assert page.index('role="alert"') < page.index("<h1>")
    for number in ("113", "114", "115", "111"):
        assert f'href="tel:{number}"' in page
    typed = words(Client().post("/gui/doc-thu/", {"text": WIRE}))
    assert "data-alarm" in typed


@pytest.mark.long
def test_a_fast_clock_alone_is_no_danger() -> None:
    noise = "Nhà hàng xóm mở karaoke ồn tới nửa đêm, con tôi không ngủ được."
    typed = words(Client().post("/gui/doc-thu/", {"text": noise}))
    assert "Khẩn cấp" in typed
    assert "data-alarm" not in typed
    petition = filed(text=noise, commune="20242")
    followups.catch_up()
    for page in (f"/bien-nhan/{petition.code}/", f"/tra-cuu/{petition.code}/"):
        assert 'class="alarm"' not in words(opened(petition).get(page))
    assert Petition.objects.get().urgent


@pytest.mark.parametrize("is_read", [False, True])
def test_danger_is_spoken_of_for_a_day(is_read: bool) -> None:
    petition = filed(text=WIRE, commune="20242")
    if is_read:
        followups.catch_up()
    petition = Petition.objects.get()
    for hours, shown in ((1, True), (23, True), (25, False), (2000, False)):
        understood = understanding.of(petition, petition.submitted_at + dt.timedelta(hours=hours))
        assert understood is not None
        assert understood.danger == shown


@pytest.mark.long
def test_once_an_official_has_the_matter_the_page_raises_no_alarm() -> None:
    petition = filed(text=WIRE, commune="20242")
    followups.catch_up()
    address = f"/tra-cuu/{petition.code}/"
    assert 'class="alarm"' in words(opened(petition).get(address))
    take(petition, "accept", by=make.handler(str(Petition.objects.get().lead_id)))
    assert 'class="alarm"' not in words(opened(petition).get(address))


@pytest.mark.parametrize(
    ("text", "kind", "needs"),
    [
        ("Tôi tố cáo ông Nguyễn Văn A nhận hối lộ năm mươi triệu đồng", "tố cáo", "trình bày trực tiếp"),
        (
            "Tôi khiếu nại quyết định thu hồi đất của UBND phường đối với gia đình tôi",
            "khiếu nại",
            "chữ ký hoặc điểm chỉ của bạn",
        ),
    ],
)
@pytest.mark.long
def test_who_complains_or_denounces_is_told_what_that_means_and_may_object(
    text: str, kind: str, needs: str
) -> None:
    told = f"Được đọc là {kind}:"
    assert told in words(Client().post("/gui/doc-thu/", {"text": text}))
    petition = filed(text=text, commune="20242")
    client, address = opened(petition), f"/tra-cuu/{petition.code}/"
    for is_read in (False, True):
        for page in (f"/bien-nhan/{petition.code}/", address):
            shown = words(client.get(page))
            assert told in shown
            assert needs in shown
            assert ("Báo chưa đúng" in shown) is (is_read or page != address)
        followups.catch_up()
    assert client.post(f"{address}hieu-chua-dung/").status_code == 302


@pytest.mark.long
@pytest.mark.parametrize(
    ("text", "next_is"),
    [
        (
            "Tôi tố cáo ông Nguyễn Văn A nhận hối lộ năm mươi triệu đồng",
            "Cán bộ xử lý đơn xem trước, rồi báo cho bạn ở trang theo dõi.",
        ),
        (WIRE, "<p>Cán bộ xem lại, rồi bạn thấy ai xử lý và hạn trả lời."),
    ],
)
def test_the_receipt_of_what_was_read_does_not_promise_that_it_will_be(text: str, next_is: str) -> None:
    petition = filed(text=text, commune="20242")
    client, address = opened(petition), f"/bien-nhan/{petition.code}/"
    followups.catch_up()
    page = words(client.get(address))
    assert next_is in page
    assert "Máy đọc ngay" not in page


@pytest.mark.long
@pytest.mark.parametrize("page", ["tra-cuu", "bien-nhan"])
def test_what_is_lacking_leads_to_the_box_where_it_is_given(page: str) -> None:
    petition = filed(text="Tôi tố cáo ông Nguyễn Văn A nhận hối lộ năm mươi triệu đồng", commune="20242")
    followups.catch_up()
    shown = words(opened(petition).get(f"/{page}/{petition.code}/"))
    assert "Còn thiếu họ tên, địa chỉ của bạn. <a " in shown
    assert f'href="/tra-cuu/{petition.code}/#bo-sung">Bổ sung họ tên, địa chỉ</a>' in shown
    assert 'id="bo-sung"' in words(opened(petition).get(f"/tra-cuu/{petition.code}/"))


@pytest.mark.long
@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Rác chất đống ở đường Tôn Đản, quận Cẩm Lệ", "Nay là xã, phường nào: <a "),
        ("Rác chất đống ba ngày nay, hôi thối quá", "Chưa rõ xã, phường nào: <a "),
        (WIRE, ""),
    ],
)
def test_a_receipt_leads_to_where_the_commune_is_asked(text: str, said: str) -> None:
    petition = filed(text=text, commune="20242" if text == WIRE else "")
    client, address = opened(petition), f"/bien-nhan/{petition.code}/"
    unread = words(client.get(address))
    assert said in unread
    assert ("xin chọn ở trang theo dõi" in unread) is bool(said)
    followups.catch_up()
    read = words(client.get(address))
    assert "xin chọn ở trang theo dõi" not in read
    assert ("Chuyện xảy ra ở đâu?" in read) is bool(said)


def test_what_is_lacking_is_told_before_it_is_read_too() -> None:
    petition = filed(text="Tôi tố cáo ông Nguyễn Văn A nhận hối lộ năm mươi triệu đồng", commune="20242")
    page = words(opened(petition).get(f"/bien-nhan/{petition.code}/"))
    assert f'href="/tra-cuu/{petition.code}/">Bổ sung ở trang theo dõi</a>' in page


def test_the_receipt_of_what_is_read_in_a_moment_says_so() -> None:
    petition = filed(commune="20242")
    assert "Máy đọc ngay" in words(opened(petition).get(f"/bien-nhan/{petition.code}/"))


@pytest.mark.long
def test_a_report_is_told_nothing_of_the_law_and_what_would_be_public_of_it() -> None:
    petition = filed(commune="20242")
    followups.catch_up()
    page = words(opened(petition).get(f"/tra-cuu/{petition.code}/"))
    assert "Được đọc là" not in page
    assert "Xem bản công khai" in page


@pytest.mark.long
def test_what_is_told_never_to_be_public_offers_no_public_copy() -> None:
    petition = filed(text="Tôi tố cáo ông Nguyễn Văn A nhận hối lộ năm mươi triệu đồng", commune="20242")
    followups.catch_up()
    page = words(opened(petition).get(f"/tra-cuu/{petition.code}/"))
    assert "không công khai" in page
    assert "Xem bản công khai" not in page


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Nắp cống trước số 12 Lê Lợi, phường Hải Châu bị mất.", ""),
        ("Xin hỏi một việc ở phường Hải Châu.", "Chưa rõ là việc gì"),
        ("đm chúng mày một lũ ăn hại ở phường Hải Châu", "Chưa rõ là việc gì"),
    ],
)
def test_where_the_matter_is_not_clear_that_is_said_and_nobody_is_called_rubbish(
    text: str, said: str
) -> None:
    page = words(Client().post("/gui/doc-thu/", {"text": text}))
    assert ("Chưa rõ là việc gì" in page) == bool(said)
    assert "Rác, xúc phạm" not in page


@pytest.mark.parametrize(
    ("text", "place", "known"),
    [
        ("Nắp cống trước số 12 Lê Lợi bị mất.", "Chưa rõ xã, phường nào: xin viết hoặc chọn ở dưới", False),
        ("Nắp cống trước số 12 Lê Lợi, phường Hải Châu bị mất.", "Phường Hải Châu", True),
    ],
)
def test_whether_the_ward_is_known_is_said_while_one_types(text: str, place: str, known: bool) -> None:
    page = words(Client().post("/gui/doc-thu/", {"text": text}))
    assert place in page
    assert ("data-place-known" in page) is known
    assert ("Chưa rõ xã, phường" in page) is not known


@pytest.mark.long
def test_where_reading_is_switched_off_nothing_is_proposed_and_a_person_reads(settings: Any) -> None:
    settings.READS = False
    page = words(
        Client().post("/gui/doc-thu/", {"text": "Nắp cống trước số 12 Lê Lợi, phường Hải Châu bị mất."})
    )
    assert "Chúng tôi hiểu" not in page
    filed = make.petition("submitted", anew=True)
    followups.catch_up()
    petition = Petition.objects.get(pk=filed.pk)
    assert petition.reading is not None
    assert (petition.reading.decision, petition.reading.model) == ("person", "")
    assert (petition.subfield_id, petition.kind, petition.provisional) == (None, "report", False)
    assert petition.led_by_focal_point


def test_calm_words_raise_no_alarm() -> None:
    petition = filed(commune="20242")
    assert 'class="alarm"' not in words(opened(petition).get(f"/bien-nhan/{petition.code}/"))


@pytest.mark.long
def test_one_tap_tells_the_focal_point_and_changes_nothing_else() -> None:
    watcher = make.focal_point()
    petition = filed(commune="20242")
    followups.catch_up()
    before = Petition.objects.values().get()
    client = opened(petition)
    address = f"/tra-cuu/{petition.code}/hieu-chua-dung/"
    assert client.get(address).status_code == 200
    assert Petition.objects.get().steps.filter(action="inform").count() == 0
    assert client.post(address).status_code == 302
    followups.catch_up()
    assert Petition.objects.values().get() == before
    step = petition.steps.get(action="inform")
    assert step.facts == {"doubts": True}
    assert Notice.objects.filter(step=step, user=watcher).exists()
    page = words(client.get(f"/tra-cuu/{petition.code}/"))
    assert "Bạn báo: chúng tôi hiểu chưa đúng" in page
    assert "Báo chưa đúng" not in page
    assert client.post(address).status_code == 302
    assert petition.steps.filter(action="inform").count() == 1


def test_what_an_official_confirmed_is_no_longer_a_guess() -> None:
    petition = make.petition("in_progress")
    client = opened(petition)
    assert "Chúng tôi hiểu là:" not in words(client.get(f"/tra-cuu/{petition.code}/"))
    assert client.post(f"/tra-cuu/{petition.code}/hieu-chua-dung/").status_code == 409


def split() -> tuple[Petition, list[str]]:
    """A petition about a place of which there are two; the machine has read it and asks."""
    petition = filed(text="Vỉa hè ở xã Hòa Phong bị chiếm hết.", commune="")
    Petition.objects.filter(pk=petition.pk).update(place_choices=["20242", "20257"], commune=None)
    read_by_the_machine(petition)
    return Petition.objects.get(), ["20242", "20257"]


@pytest.mark.long
def test_a_place_that_lies_in_several_communes_is_asked_with_a_button_for_each() -> None:
    petition, choices = split()
    client = opened(petition)
    for page in (f"/bien-nhan/{petition.code}/", f"/tra-cuu/{petition.code}/"):
        shown = words(client.get(page))
        assert [f'name="commune" value="{code}"' in shown for code in choices] == [True, True]
    address = f"/tra-cuu/{petition.code}/noi-xay-ra/"
    assert client.post(address, {"commune": "00367"}).status_code == 400
    assert client.post(address, {"commune": choices[0]}).status_code == 302
    told = Petition.objects.get()
    assert (told.commune_id, told.province_id, told.place_basis, told.place_choices) == (
        "20242",
        "48",
        "picked",
        [],
    )
    assert told.steps.get(action="inform").commune == "20242"
    assert "Bạn cho biết nơi xảy ra: Phường Hải Châu" in words(client.get(f"/tra-cuu/{petition.code}/"))
    assert client.post(address, {"commune": choices[1]}).status_code == 409
    followups.catch_up()
    assert Petition.objects.get().commune_id == "20242"


@pytest.mark.long
def test_a_bare_name_of_the_house_is_asked_there_and_goes_to_no_other_province() -> None:
    filed(text="Ở Tây Hồ rác đầy đường, xe rác không vào hẻm đã mười ngày nay.", commune="")
    followups.catch_up()
    petition = Petition.objects.get()
    assert (petition.commune_id, petition.province_id, petition.place_choices) == (None, "48", ["20380"])
    assert (petition.territory_id, petition.lead_id) == ("48", "feedback-focal-point:48")
    client = opened(petition)
    assert 'name="commune" value="20380"' in words(client.get(f"/bien-nhan/{petition.code}/"))
    assert client.post(f"/tra-cuu/{petition.code}/noi-xay-ra/", {"commune": "20380"}).status_code == 302
    assert Petition.objects.get().commune_id == "20380"


@pytest.mark.long
def test_a_place_told_in_time_leads_the_machine_to_the_agency() -> None:
    filed(text=BLOCKED, commune="")
    followups.catch_up()
    waiting = Petition.objects.get()
    assert (waiting.state, waiting.commune_id) == ("submitted", None)
    take(waiting, "inform", by=make.holder(waiting), text="Ở phường Hải Châu", commune="20242")
    followups.catch_up()
    moved = Petition.objects.get()
    assert (moved.state, moved.lead_id, moved.provisional) == ("assigned", make.HAI_CHAU, True)


@pytest.mark.long
def test_where_to_write_another_place_is_said_in_words_that_fit_the_page() -> None:
    petition = asked_where()
    client, address = opened(petition), f"/tra-cuu/{petition.code}/"
    assert "Xin viết trong câu trả lời ngay dưới đây." in words(client.get(address))
    assert "Xin viết trên trang theo dõi." in words(client.get(f"/bien-nhan/{petition.code}/"))
    take(petition, "inform", by=make.holder(petition), text="Vâng")
    followups.catch_up()
    shown = words(client.get(address))
    assert "“Bạn muốn nói thêm?” cuối trang này." in shown
    assert "<h2>Bạn muốn nói thêm?</h2>" in shown


@pytest.mark.long
def test_after_a_contest_the_focal_point_has_it_and_no_proposal_stands() -> None:
    petition = filed(text="Gạch vỉa hè đường Lê Duẩn phường Hải Châu bong tróc.", commune="")
    followups.catch_up()
    proposed = Petition.objects.get()
    assert (proposed.state, proposed.provisional) == ("assigned", True)
    ground: dict[str, Any] = {"ground": "already_answered", "reason": "Đã trả lời rồi."}
    take(petition, "propose_refusal", by=make.focal_point(), **ground)
    take(petition, "confirm_refusal", by=make.focal_point())
    take(petition, "contest", by=make.holder(petition), text="Gạch vẫn bong.")
    again = Petition.objects.get()
    assert (again.led_by_focal_point, again.provisional) == (True, False)
    page = words(opened(petition).get(f"/tra-cuu/{petition.code}/"))
    assert "đang xem lại; không phải hai người đã từ chối" in page
    assert "trả lời trước" not in page
    assert f"{proposed.lead} đang xem" not in page


ANSWER = "Phường Thanh Khê, 45 Điện Biên Phủ"


def asked_where() -> Petition:
    """Filed without a place, read, and asked for it by the focal point."""
    petition = filed(text=BLOCKED, commune="")
    followups.catch_up()
    take(petition, "ask", by=make.focal_point(), question="Ở đường nào, phường nào?")
    return Petition.objects.get()


@pytest.mark.long
def test_a_place_named_in_an_answer_is_not_asked_again_and_leads_to_the_agency() -> None:
    petition = asked_where()
    client, address = opened(petition), f"/tra-cuu/{petition.code}/"
    assert client.post(f"{address}noi-them/", {"text": ANSWER}).status_code == 302
    followups.catch_up()
    moved = Petition.objects.get()
    assert (moved.commune_id, moved.province_id, moved.place_basis) == ("20209", "48", "new")
    assert (moved.state, moved.provisional) == ("assigned", True)
    page = words(client.get(address))
    assert "Chuyện xảy ra ở đâu?" not in page
    assert "Phường Thanh Khê" in page.split("<aside")[1]
    assert ANSWER in page


@pytest.mark.long
@pytest.mark.parametrize("received", [False, True])
@pytest.mark.parametrize("text", ["Gần nhà tôi, tôi không nhớ tên phường", "Phường Bến Thành, TP.HCM"])
def test_an_answer_that_names_no_place_of_this_province_moves_nothing(text: str, received: bool) -> None:
    petition = asked_where()
    if received:
        take(petition, "inform", by=make.holder(petition), text="Vâng")
        take(petition, "receive", by=make.focal_point())
    take(petition, "inform", by=make.holder(petition), text=text)
    followups.catch_up()
    after = Petition.objects.get()
    assert (after.commune_id, after.territory_id, after.provisional) == (None, "48", False)


@pytest.mark.long
def test_a_place_told_by_an_official_or_with_a_tap_stands_above_an_answer() -> None:
    petition = asked_where()
    take(petition, "inform", by=make.holder(petition), text="Ở đây", commune="20242")
    take(petition, "inform", by=make.holder(petition), text=ANSWER)
    followups.catch_up()
    assert Petition.objects.get().commune_id == "20242"


@pytest.mark.long
def test_an_official_who_places_it_first_is_not_corrected_by_an_answer() -> None:
    petition = asked_where()
    take(petition, "reclassify", by=make.focal_point(), commune="20242", why="Có ảnh.")
    take(petition, "inform", by=make.holder(petition), text=ANSWER)
    followups.catch_up()
    assert Petition.objects.get().commune_id == "20242"


@pytest.mark.long
def test_what_has_been_received_keeps_its_hands_and_learns_the_place() -> None:
    petition = asked_where()
    take(petition, "inform", by=make.holder(petition), text="Vâng")
    take(petition, "receive", by=make.focal_point())
    take(petition, "inform", by=make.holder(petition), text=ANSWER)
    followups.catch_up()
    after = Petition.objects.get()
    assert (after.state, after.commune_id, after.led_by_focal_point) == ("received", "20209", True)


def test_once_an_agency_has_accepted_the_place_stays() -> None:
    petition = make.petition("in_progress")
    with pytest.raises(ValidationError, match="Đã có cơ quan nhận xử lý"):
        take(petition, "inform", by=make.holder(petition), text="Ở nơi khác", commune="00367")


@pytest.mark.long
def test_too_many_readings_a_minute_have_to_wait(settings: Any) -> None:
    settings.THROTTLE = True
    client = Client(REMOTE_ADDR="192.0.2.77")
    answers = [client.post("/gui/doc-thu/", {"text": "ngắn"}).status_code for _ in range(121)]
    assert answers == [200] * 120 + [429]


@pytest.mark.parametrize(
    ("point", "place"),
    [
        (("16.0678", "108.2208"), "Phường Hải Châu"),
        (("48.85", "2.35"), "Chúng tôi hiểu là:"),
        (("nan", "inf"), "Chúng tôi hiểu là:"),
        (("không", ""), "Chúng tôi hiểu là:"),
    ],
)
def test_a_point_says_where_and_nonsense_says_nothing(point: tuple[str, str], place: str) -> None:
    lat, lon = point
    answer = Client().post("/gui/doc-thu/", {"text": BLOCKED, "lat": lat, "lon": lon})
    assert (answer.status_code, place in words(answer)) == (200, True)


@pytest.mark.long
def test_where_no_place_was_found_it_is_asked_until_it_is_told() -> None:
    petition = filed(text=BLOCKED, commune="")
    client, address = opened(petition), f"/tra-cuu/{petition.code}/noi-xay-ra/"
    assert address not in words(client.get(f"/tra-cuu/{petition.code}/"))  # the machine may still find it
    followups.catch_up()
    for page in (f"/bien-nhan/{petition.code}/", f"/tra-cuu/{petition.code}/"):
        shown = words(client.get(page))
        assert "Chúng tôi chưa tìm ra nơi xảy ra." in shown
        assert '<option value="20242">Phường Hải Châu</option>' in shown
    assert client.post(address, {"commune": ""}).status_code == 400
    assert client.post(address, {"commune": "00367"}).status_code == 400  # of another province
    assert client.post(address, {"commune": "20242"}).status_code == 302
    followups.catch_up()
    assert Petition.objects.get().lead_id == make.HAI_CHAU
    assert address not in words(client.get(f"/tra-cuu/{petition.code}/"))


@pytest.mark.long
def test_who_denounces_is_asked_the_place_and_the_answer_moves_nothing_out_of_the_seal() -> None:
    petition = filed(text="Tôi tố cáo ông Nguyễn Văn A nhận hối lộ năm mươi triệu đồng", commune="")
    followups.catch_up()
    browser = opened(petition)
    assert "noi-xay-ra" in words(browser.get(f"/tra-cuu/{petition.code}/"))
    browser.post(f"/tra-cuu/{petition.code}/noi-xay-ra/", {"commune": "20242"})
    followups.catch_up()
    after = Petition.objects.get()
    assert (after.commune_id, after.sealed, after.state) == ("20242", True, "submitted")
    assert after.led_by_focal_point


def test_that_it_is_told_at_once_is_said_where_somebody_hears_it() -> None:
    told = {"text": WIRE, "commune": "20242"}
    assert "Khẩn cấp: được xem trước" in words(Client().post("/gui/doc-thu/", told))
    make.focal_point()
    assert "Khẩn cấp: được báo ngay cho người trực" in words(Client().post("/gui/doc-thu/", told))


def test_somebody_hears_of_what_comes_to_his_agency_or_his_province() -> None:
    assert not understanding.is_heard(make.HAI_CHAU, "48")
    make.focal_point("79")
    make.user(Role.SUPERVISOR, province="48")
    make.handler(make.CONSTRUCTION)
    assert not understanding.is_heard(make.HAI_CHAU, "48")
    away = make.handler()
    assert understanding.is_heard(make.HAI_CHAU, "48")
    User.objects.filter(pk=away.pk).update(is_active=False)
    assert not understanding.is_heard(make.HAI_CHAU, "48")
    make.focal_point("48")
    assert understanding.is_heard(make.HAI_CHAU, "48")
    assert understanding.is_heard(None, "48")


@pytest.mark.parametrize(("home", "ward"), [("48", "phường An Hải"), ("79", "phường An Đông")])
def test_the_example_of_an_address_lies_in_the_own_province(settings: Any, home: str, ward: str) -> None:
    settings.HOME_PROVINCE = home
    ReferenceState.touch()
    assert f"trước số 12 Lê Lợi, {ward}." in words(Client().get("/gui/"))
