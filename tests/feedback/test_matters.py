"""A text that tells of two matters: what the sender and whoever may split it are told."""

from __future__ import annotations

import unicodedata

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from accounts.models import User
from feedback import followups
from feedback.forms.handing import AssignForm, SplitForm
from feedback.forms.receiving import ReceiveForm
from feedback.models import Contact, Look, Petition
from feedback.steps import take
from feedback.views.picks import picks, picks_in_list
from tests import make
from tests.pages import at, opened, words

pytestmark = pytest.mark.django_db

RUBBISH = "Rác trước chợ Hoà Khánh ba ngày chưa ai gom, hôi thối."
LAMP = "Ngoài ra đèn đường trong kiệt 32 tắt cả tuần nay, tối đi làm về rất sợ."
BOTH = f"{RUBBISH} {LAMP}"
SAYS = "Có vẻ là 2 việc: Môi trường, vệ sinh; Hạ tầng kỹ thuật đô thị"
ASKS = "Máy ngờ đơn nói 2 việc: Môi trường, vệ sinh; Hạ tầng kỹ thuật đô thị"


@pytest.mark.long
def test_who_types_is_told_that_it_seems_two_and_what_he_may_do() -> None:
    page = words(Client().post("/gui/doc-thu/", {"text": BOTH}))
    assert SAYS in page
    assert "Ngoài ra đèn đường" in page
    assert "Gửi riêng từng việc" in page
    assert "2 việc" not in words(Client().post("/gui/doc-thu/", {"text": RUBBISH}))


@pytest.mark.long
def test_the_machine_gives_it_to_nobody_until_it_is_split() -> None:
    assert Client().post("/gui/", {"text": BOTH, "commune": "20242"}).status_code == 303
    followups.catch_up()
    both = Petition.objects.get()
    assert (both.state, both.provisional) == ("submitted", False)
    clerk = make.focal_point()
    assert ASKS in words(at(clerk).get(both.get_absolute_url()))
    take(both, "split", by=clerk, texts=[LAMP])
    followups.catch_up()
    lamp = Petition.objects.exclude(pk=both.pk).get()
    assert (lamp.state, lamp.provisional, lamp.lead_id) == ("assigned", True, make.CONSTRUCTION)


@pytest.mark.long
def test_danger_waits_for_nobody_to_split_it() -> None:
    told = f"Dây điện đứt rơi xuống đường, tia lửa bắn ra trước trường học, rất nguy hiểm. Ngoài ra {RUBBISH}"
    assert Client().post("/gui/", {"text": told, "commune": "20242"}).status_code == 303
    followups.catch_up()
    petition = Petition.objects.get()
    assert (petition.urgent, petition.state, petition.provisional) == (True, "assigned", True)
    assert "2 việc" in words(at(make.focal_point()).get(petition.get_absolute_url()))


LISTED = f"1. {LAMP.removeprefix('Ngoài ra ').capitalize()} 2. {RUBBISH}"  # no word leads over


@pytest.mark.long
@pytest.mark.parametrize("text", [BOTH, LISTED])
def test_what_was_split_goes_nowhere_by_itself_when_it_is_read_again(text: str) -> None:
    assert Client().post("/gui/", {"text": text}).status_code == 303
    followups.catch_up()
    both = Petition.objects.get()
    take(both, "split", by=make.focal_point(), texts=[LAMP])
    assert opened(both).post(f"/tra-cuu/{both.code}/noi-xay-ra/", {"commune": "20242"}).status_code == 302
    followups.catch_up()
    again = Petition.objects.get(pk=both.pk)
    assert (again.commune_id, again.state, again.provisional) == ("20242", "submitted", False)


DENOUNCED = "Ngoài ra tôi tố cáo ông Trần Văn B, phó chủ tịch phường, nhận 50 triệu của chủ quán karaoke."


def test_of_two_the_part_that_is_no_complaint_is_proposed() -> None:
    petition, clerk = make.petition("received", text=f"{RUBBISH} {DENOUNCED}"), make.focal_point()
    assert SplitForm(petition=petition, by=clerk).proposed() == {"texts": RUBBISH}


@pytest.mark.parametrize("kind", ["complaint", "denunciation"])
def test_of_a_complaint_or_denunciation_nothing_is_proposed(kind: str) -> None:
    petition, clerk = make.petition("received", text=BOTH), make.officer()
    take(petition, "seal", by=clerk, kind=kind)
    petition = Petition.objects.get(pk=petition.pk)
    assert "2 việc" not in words(at(clerk).get(petition.get_absolute_url()))
    assert SplitForm(petition=petition, by=clerk).proposed() == {}


@pytest.mark.long
def test_a_part_of_what_is_sealed_is_given_on_by_a_person() -> None:
    petition, clerk = make.petition("received", text=f"{RUBBISH} {DENOUNCED}"), make.officer()
    take(petition, "seal", by=clerk, kind="denunciation")
    take(petition, "split", by=clerk, texts=[f"{RUBBISH} Ở phường Hải Châu, Đà Nẵng."])
    followups.catch_up()
    part = Petition.objects.exclude(pk=petition.pk).get()
    assert part.reading is not None
    assert (part.state, part.provisional) == ("submitted", False)


def test_who_reads_masked_words_is_proposed_none_of_them() -> None:
    told = BOTH.replace("kiệt 32", "kiệt 32, gọi Nguyễn Văn Hùng 0905 123 456,")
    petition = make.petition("received", text=told, name="Nguyễn Văn Hùng", anonymous=True)
    form = SplitForm(petition=petition, by=make.handler())
    assert "▇" in form.seen(petition.text)
    assert form.proposed() == {}
    assert SplitForm(petition=petition, by=make.focal_point()).proposed() != {}


@pytest.mark.long
def test_a_part_lies_where_the_whole_does_unless_it_says_where() -> None:
    told = f"{RUBBISH} Ở phường Hải Châu, Đà Nẵng. {LAMP}"
    assert Client().post("/gui/", {"text": told}).status_code == 303
    followups.catch_up()
    both = Petition.objects.get()
    take(both, "split", by=make.focal_point(), texts=[LAMP, f"{LAMP} Ở phường Hòa Khánh, Đà Nẵng."])
    followups.catch_up()
    here, there = Petition.objects.exclude(pk=both.pk).order_by("pk")
    assert here.commune_id == both.commune_id == "20242"
    assert (here.place_basis, here.place_guess[:16]) == ("whole", "Theo nơi của đơn")
    assert there.commune_id not in ("", None, "20242")


@pytest.mark.long
def test_a_part_lies_where_its_sender_has_picked_and_nobody_need_confirm_it() -> None:
    both = make.petition("received", anew=True, text=BOTH)
    assert both.picked_commune_id == "20242"
    take(both, "split", by=make.focal_point(), texts=[LAMP])
    followups.catch_up()
    part = Petition.objects.get(origin=both)
    assert (part.commune_id, part.place_basis, part.place_guess) == ("20242", "picked", "")


@pytest.mark.long
def test_a_part_lies_where_an_official_has_put_the_whole() -> None:
    told = f"{RUBBISH} Ở phường Hải Châu, Đà Nẵng. {LAMP}"
    assert Client().post("/gui/", {"text": told}).status_code == 303
    followups.catch_up()
    both, clerk = Petition.objects.get(), make.focal_point()
    take(both, "receive", by=clerk)
    take(both, "reclassify", by=clerk, commune="20200", why="Ở phường bên cạnh.")
    take(both, "split", by=clerk, texts=[LAMP])
    followups.catch_up()
    assert Petition.objects.exclude(pk=both.pk).get().commune_id == "20200"


FIVE = (
    RUBBISH,
    LAMP,
    "Bên cạnh đó hồ sơ cấp sổ đỏ của tôi nộp ba tháng chưa thấy trả.",  # may be a complaint: stays
    "Nhân tiện cho hỏi thủ tục cấp lại thẻ bảo hiểm y tế ở đâu?",
    "Còn nữa, xe khách tuyến 8 chạy ẩu, bỏ chuyến, đón trả khách giữa đường.",
)


def test_more_matters_than_boxes_lose_none() -> None:
    petition = make.petition("received", text=" ".join(FIVE))
    boxes = SplitForm(petition=petition, by=make.focal_point()).proposed()
    assert boxes == {"texts": RUBBISH, "texts_2": LAMP, "texts_3": "\n".join(FIVE[3:])}


def split_and_given(petition: Petition, text: str = LAMP) -> Petition:
    take(petition, "split", by=make.officer(), texts=[text])
    part = Petition.objects.exclude(pk=petition.pk).get()
    take(part, "receive", by=make.focal_point())
    take(part, "assign", by=make.focal_point(), agency=make.CONSTRUCTION)
    return part


def knows(user: User, petition: Petition, name: str = "Nguyễn Văn Hùng") -> bool:
    return name in words(at(user).get(petition.get_absolute_url()))


@pytest.mark.long
@pytest.mark.parametrize("sealed_first", [True, False])
def test_whoever_denounces_is_secret_in_all_of_the_matter_until_it_is_led_back(sealed_first: bool) -> None:
    whole, officer = make.petition("received", text=BOTH, name="Nguyễn Văn Hùng"), make.officer()
    handler, intake = make.handler(make.CONSTRUCTION), make.focal_point()
    if sealed_first:
        take(whole, "seal", by=officer, kind="denunciation")
    part = split_and_given(whole, f"{LAMP} Tôi là Nguyễn Văn Hùng.")
    if not sealed_first:
        assert (knows(handler, part), knows(intake, part)) == (True, True)
        take(whole, "seal", by=officer, kind="complaint")
        assert (knows(handler, part), knows(intake, part)) == (True, True)
        take(whole, "seal", by=officer, kind="denunciation")
    assert (knows(handler, part), knows(intake, part)) == (False, False)
    looked = at(officer).post(part.address_of("feedback:identity"))
    assert "Nguyễn Văn Hùng" in words(looked)
    assert Look.objects.at_identity().get().petition == part
    assert at(intake).post(part.address_of("feedback:identity")).status_code == 403
    take(whole, "reclassify", by=officer, kind="report", why="Không phải tố cáo.")
    assert (knows(handler, part), knows(intake, part)) == (True, True)


@pytest.mark.long
def test_what_was_sealed_before_there_was_a_secret_hides_its_sender_in_what_is_split_off() -> None:
    whole = make.petition("received", text=BOTH, name="Nguyễn Văn Hùng")
    take(whole, "seal", by=make.officer(), kind="denunciation")
    Contact.objects.update(secret=False)
    part = split_and_given(whole)
    assert (knows(make.handler(make.CONSTRUCTION), part), knows(make.focal_point(), part)) == (False, False)


def test_the_officer_alone_makes_a_complaint_of_a_denunciation() -> None:
    whole = make.petition("received", text=BOTH)
    take(whole, "seal", by=make.focal_point(), kind="complaint")
    take(whole, "seal", by=make.focal_point(), kind="denunciation")
    with pytest.raises(PermissionDenied):
        take(whole, "seal", by=make.focal_point(), kind="complaint")
    take(whole, "seal", by=make.officer(), kind="complaint")


@pytest.mark.long
def test_what_is_public_of_the_family_is_looked_at_again_once() -> None:
    whole = make.petition("received", text=f"{BOTH} {DENOUNCED}", hidden=True)
    given = {"lead": make.CONSTRUCTION, "subfield": make.SIDEWALK, "answer": make.ANSWER}
    take(whole, "split", by=make.focal_point(), texts=[LAMP, DENOUNCED])
    lamp, denounced = Petition.objects.exclude(pk=whole.pk).order_by("pk")
    for action in make.ANSWERED.split():
        make.STEPS_TO[action](lamp, given)
    take(lamp, "publish", by=make.reviewer(), public_text="Đèn đường tắt.")
    take(denounced, "seal", by=make.officer(), kind="denunciation")
    lamp = Petition.objects.get(pk=lamp.pk)
    assert lamp.published_at is None
    take(lamp, "publish", by=make.reviewer(), public_text="Đèn đường tắt.")
    take(denounced, "reclassify", by=make.officer(), subfield=make.SIDEWALK, why="Lĩnh vực khác")
    assert Petition.objects.get(pk=lamp.pk).published_at is not None


@pytest.mark.long
def test_what_is_left_of_a_letter_does_not_name_whoever_denounces_with_a_part_of_it() -> None:
    whole = make.petition("received", text=f"{RUBBISH} {DENOUNCED}", name="Nguyễn Văn Hùng")
    take(whole, "split", by=make.focal_point(), texts=[DENOUNCED])
    assert knows(make.focal_point(), whole)
    take(Petition.objects.exclude(pk=whole.pk).get(), "seal", by=make.officer(), kind="denunciation")
    assert not knows(make.focal_point(), whole)


@pytest.mark.long
def test_what_was_enclosed_with_a_letter_that_denounces_in_part_opens_to_the_officer_alone() -> None:
    whole = make.petition("received", text=f"{RUBBISH} {DENOUNCED}")
    file = make.attachment(whole)

    def opens(user: User) -> int:
        return at(user).get(f"/tep/{file.pk}/").status_code

    take(whole, "split", by=make.focal_point(), texts=[DENOUNCED])
    assert (opens(make.focal_point()), opens(make.officer())) == (200, 200)
    take(Petition.objects.exclude(pk=whole.pk).get(), "seal", by=make.officer(), kind="denunciation")
    assert (opens(make.focal_point()), opens(make.officer())) == (404, 200)
    assert file.name not in words(at(make.focal_point()).get(whole.get_absolute_url()))


@pytest.mark.long
def test_an_appeal_that_denounces_tells_the_agency_nothing_and_leaves_it_its_pictures() -> None:
    whole = make.petition("answered", text=BOTH)
    file = make.attachment(whole)
    take(whole, "publish", by=make.reviewer(), public_text="Rác chưa gom.")
    take(whole, "appeal", by=make.holder(whole), text="Chủ tịch phường nhận tiền.")
    take(Petition.objects.exclude(pk=whole.pk).get(), "seal", by=make.officer(), kind="denunciation")
    handler, whole = make.handler(), Petition.objects.get(pk=whole.pk)
    assert "Tệp của người tố cáo" not in words(at(handler).get(whole.get_absolute_url()))
    assert whole.published_at is not None
    assert at(handler).get(f"/tep/{file.pk}/").status_code == 200


def answered_and_published(part: Petition) -> None:
    given = {"lead": make.CONSTRUCTION, "subfield": make.SIDEWALK, "answer": make.ANSWER}
    for action in make.ANSWERED.split():
        make.STEPS_TO[action](part, given)
    take(part, "publish", by=make.reviewer(), public_text="Đèn đường tắt.")


@pytest.mark.long
def test_an_appeal_of_a_part_that_denounces_takes_nothing_of_the_part_down() -> None:
    whole = make.petition("received", text=BOTH)
    take(whole, "split", by=make.focal_point(), texts=[LAMP])
    part = Petition.objects.exclude(pk=whole.pk).get()
    answered_and_published(part)
    take(part, "appeal", by=make.holder(part), text="Giám đốc sở nhận tiền.")
    take(part.children.get(), "seal", by=make.officer(), kind="denunciation")
    part = Petition.objects.get(pk=part.pk)
    assert part.published_at is not None
    assert not part.steps.filter(action="unpublish").exists()


@pytest.mark.long
def test_whoever_gives_on_what_is_left_knows_that_there_are_files_which_he_may_not_open() -> None:
    whole = make.petition("received", text=f"{BOTH} {DENOUNCED}")
    make.attachment(whole)
    take(whole, "split", by=make.focal_point(), texts=[DENOUNCED])
    take(Petition.objects.exclude(pk=whole.pk).get(), "seal", by=make.officer(), kind="denunciation")
    page = words(at(make.focal_point()).get(whole.get_absolute_url()))
    assert "a.pdf" not in page
    assert "Tệp của người tố cáo chỉ cán bộ xử lý đơn mở được" in page


@pytest.mark.long
def test_a_part_keeps_its_pictures_whatever_its_sibling_is() -> None:
    whole = make.petition("received", text=f"{BOTH} {DENOUNCED}")
    take(whole, "split", by=make.focal_point(), texts=[LAMP, DENOUNCED])
    lamp, denounced = Petition.objects.exclude(pk=whole.pk).order_by("pk")
    file = make.attachment(lamp)
    take(lamp, "receive", by=make.focal_point())
    take(lamp, "assign", by=make.focal_point(), agency=make.CONSTRUCTION)
    take(lamp, "split", by=make.focal_point(), texts=["Đèn đường tắt."])
    take(denounced, "seal", by=make.officer(), kind="denunciation")
    handler = make.handler(make.CONSTRUCTION)
    assert at(handler).get(f"/tep/{file.pk}/").status_code == 200
    assert "Tệp của người tố cáo" not in words(at(handler).get(lamp.get_absolute_url()))


@pytest.mark.long
def test_by_his_telephone_a_denouncer_is_found_by_the_officer_alone() -> None:
    whole = make.petition("received", text=BOTH, phone="0905123456")
    part = split_and_given(whole)

    def finds(user: User) -> bool:
        return part.code in words(at(user).get("/xu-ly/", {"q": "0905 123 456"}))

    followups.catch_up()
    assert (finds(make.focal_point()), finds(make.officer())) == (True, True)
    take(whole, "seal", by=make.officer(), kind="denunciation")
    assert (finds(make.focal_point()), finds(make.officer())) == (False, True)
    followups.catch_up()
    assert (finds(make.focal_point()), finds(make.officer())) == (False, True)


@pytest.mark.long
def test_such_a_part_is_public_no_more_until_a_reviewer_has_looked_and_is_not_found_by_masked_words() -> None:
    told = f"{LAMP} Liên hệ Nguyễn Văn Hùng."
    petition = make.petition("received", text=BOTH, name="Nguyễn Văn Hùng")
    take(petition, "split", by=make.focal_point(), texts=[told])
    part = Petition.objects.exclude(pk=petition.pk).get()
    answered_and_published(part)
    followups.catch_up()
    handler = make.handler(make.CONSTRUCTION)
    assert part.code in words(at(handler).get("/xu-ly/", {"q": "hung", "xem": "da-xong"}))
    take(petition, "seal", by=make.officer(), kind="denunciation")
    assert part.code not in words(at(handler).get("/xu-ly/", {"q": "hung", "xem": "da-xong"})), "index lags"
    followups.catch_up()
    part = Petition.objects.get(pk=part.pk)
    assert part.published_at is None
    assert part.last_step().seq == part.steps.get(action="unpublish").seq
    assert part.code not in words(at(handler).get("/xu-ly/", {"q": "hung", "xem": "da-xong"}))


def test_what_is_left_of_a_split_is_proposed_as_what_it_still_tells() -> None:
    petition, clerk = make.petition("submitted", text=BOTH), make.focal_point()

    def proposed() -> str:
        return str(
            ReceiveForm(petition=Petition.objects.get(pk=petition.pk), by=clerk).proposed()["subfield"]
        )

    take(petition, "split", by=clerk, texts=[LAMP])
    assert proposed().startswith("environment.")
    take(petition, "split", by=clerk, texts=["Đèn đường tắt (ghi lại lời dân)."])
    assert proposed() == ""


def test_a_part_that_begins_with_a_capital_is_known_in_its_whole() -> None:
    petition, clerk = make.petition("submitted", text=unicodedata.normalize("NFD", BOTH)), make.focal_point()
    take(petition, "split", by=clerk, texts=[LAMP.removeprefix("Ngoài ra ").capitalize()])
    petition = Petition.objects.get(pk=petition.pk)
    assert str(ReceiveForm(petition=petition, by=clerk).proposed()["subfield"]).startswith("environment.")


@pytest.mark.long
def test_what_is_left_of_a_split_is_not_offered_to_the_agency_of_its_part() -> None:
    told = f"{LAMP.removeprefix('Ngoài ra ').capitalize()} Nhân tiện, {RUBBISH.lower()}"
    assert Client().post("/gui/", {"text": told, "commune": "20242"}).status_code == 303
    followups.catch_up()
    whole, clerk = Petition.objects.get(), make.focal_point()
    assert whole.reading is not None
    assert whole.reading.routes[0]["agency"] == make.CONSTRUCTION  # it is read as the louder of the two
    lamp = told[: told.index("Nhân tiện")]
    take(whole, "split", by=clerk, texts=[lamp])
    take(whole, "receive", by=clerk, subfield=ReceiveForm(petition=whole, by=clerk).proposed()["subfield"])
    whole = Petition.objects.get(pk=whole.pk)
    assert AssignForm(petition=whole, by=clerk).proposed() == {"agency": "commune-economy-office:20242"}


def test_what_a_person_filed_it_under_stands_after_a_split() -> None:
    petition, clerk = make.petition("submitted", text=BOTH), make.focal_point()
    take(petition, "reclassify", by=clerk, subfield=make.SIDEWALK, why="Cũng nói vỉa hè")
    take(petition, "split", by=clerk, texts=[LAMP])
    petition = Petition.objects.get(pk=petition.pk)
    assert ReceiveForm(petition=petition, by=clerk).proposed()["subfield"] == make.SIDEWALK


def test_who_refused_refuses_no_part_of_it_either() -> None:
    petition = make.petition("received", text=BOTH)
    Petition.objects.filter(pk=petition.pk).update(refused_by=[7, 8])
    take(Petition.objects.get(pk=petition.pk), "split", by=make.focal_point(), texts=[LAMP])
    assert Petition.objects.exclude(pk=petition.pk).get().refused_by == [7, 8]


@pytest.mark.long
def test_the_list_offers_no_single_key_for_it_and_what_is_left_of_a_split_none_at_all() -> None:
    assert Client().post("/gui/", {"text": BOTH, "commune": "20242"}).status_code == 303
    followups.catch_up()
    both, clerk = Petition.objects.get(), make.focal_point()
    assert picks(both, clerk)
    assert picks_in_list(both, clerk) == []
    first = both.reading.routes[0]["subfield"]  # type: ignore[union-attr]
    take(both, "split", by=clerk, texts=[LAMP])
    assert picks(Petition.objects.get(pk=both.pk), clerk) == []
    assert at(clerk).post(both.address_of("feedback:choose"), {"subfield": first}).status_code == 404


@pytest.mark.long
def test_whoever_has_the_whole_reads_what_was_split_off() -> None:
    petition, clerk = make.petition("in_progress", text=BOTH), make.focal_point()
    take(petition, "split", by=clerk, texts=[LAMP])
    part = Petition.objects.exclude(pk=petition.pk).get()

    def told() -> int:
        page = words(at(make.handler()).get(petition.get_absolute_url()))
        assert part.printed_code not in page
        return page.count("Ngoài ra đèn đường")

    assert told() == 1  # in the whole: nobody has read yet whether it is a complaint
    take(part, "receive", by=clerk)
    take(part, "assign", by=clerk, agency=make.CONSTRUCTION)
    assert told() == 2


@pytest.mark.long
def test_after_filing_it_stands_on_the_receipt_until_it_is_split() -> None:
    assert Client().post("/gui/", {"text": BOTH, "commune": "20242"}).status_code == 303
    petition = Petition.objects.get()
    for _when in ("before it is read", "after"):
        page = words(opened(petition).get(f"/bien-nhan/{petition.code}/"))
        assert SAYS in page
        assert "Cán bộ sẽ xem có cần tách thành đơn riêng không." in page
        followups.catch_up()
        petition = Petition.objects.get()
    take(petition, "split", by=make.focal_point(), texts=[LAMP])
    assert "2 việc" not in words(opened(petition).get(f"/bien-nhan/{petition.code}/"))


@pytest.mark.long
def test_whoever_may_split_it_is_told_and_finds_the_second_in_the_box() -> None:
    petition, clerk = make.petition("received", text=BOTH), make.focal_point()
    page = words(at(clerk).get(petition.get_absolute_url()))
    assert ASKS in page
    assert SplitForm(petition=petition, by=clerk).proposed() == {"texts": LAMP}
    form = words(at(clerk).get(f"{petition.get_absolute_url()}?lam=split"))
    assert "Phần tách ra" in form
    assert ASKS not in form
    take(petition, "split", by=clerk, texts=[LAMP])
    assert ASKS not in words(at(clerk).get(petition.get_absolute_url()))
    part = Petition.objects.exclude(pk=petition.pk).get()
    assert part.text == LAMP
    assert "2 việc" not in words(at(clerk).get(part.get_absolute_url()))


@pytest.mark.long
@pytest.mark.parametrize(("state", "told"), [("assigned", True), ("in_progress", True), ("answered", False)])
def test_who_has_it_knows_that_it_is_not_all_his_until_it_is_answered(state: str, told: bool) -> None:
    petition = make.petition(state, text=BOTH)
    page = words(at(make.handler()).get(petition.get_absolute_url()))
    assert ("đầu mối tiếp nhận tách được" in page) == told
    assert "Xem và tách" not in page
    assert ("Xem và tách" in words(at(make.focal_point()).get(petition.get_absolute_url()))) == told
