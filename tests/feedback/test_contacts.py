"""Whoever complained or denounced without his name gives it later: added, never shown, never overwritten."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test import Client
from django.utils import timezone

from feedback import contacts, followups, understanding
from feedback.models import Contact, Notice, Petition, Step, StepText
from feedback.permissions import SYSTEM, can_see_contact
from feedback.steps import take
from feedback.verification import verify
from tests import make
from tests.feedback.test_follow_page import read_by_the_machine
from tests.feedback.test_races import at_once
from tests.pages import at, opened, words

pytestmark = pytest.mark.django_db

WHO = {"name": "  Trần  Thị Bưởi ", "residence": "12 Lê Lợi, Hải Châu", "phone": "0905 123 456"}
CLEAN = ("Trần Thị Bưởi", "12 Lê Lợi, Hải Châu", "0905123456")


def sealed(kind: str = "complaint", **fields: Any) -> Petition:
    """A suspected one, as the machine seals it."""
    petition = make.petition(**fields)
    take(petition, "seal", by=SYSTEM, kind=kind)
    read_by_the_machine(petition)
    return Petition.objects.get(pk=petition.pk)


def given(petition: Petition, **told: Any) -> Any:
    return opened(petition).post(f"/tra-cuu/{petition.code}/bo-sung/", told)


def test_no_address_is_none_that_was_said_not_to_be_his() -> None:
    contact = Contact(email="cu@example.vn")
    assert not contact.disowns("")
    contact.move_to("")
    assert (contact.disowns("Cu@example.vn"), contact.disowns("")) == (True, False)


def follow(petition: Petition) -> str:
    return words(opened(petition).get(f"/tra-cuu/{petition.code}/"))


def who(petition: Petition) -> tuple[str, str, str]:
    contact = Contact.objects.get(petition=petition)
    return (contact.name, contact.residence, contact.phone)


@pytest.mark.long
@pytest.mark.parametrize("kind", ["complaint", "denunciation"])
def test_name_and_address_are_kept_as_at_intake_and_the_step_says_only_that(kind: str) -> None:
    petition = sealed(kind)
    assert "Bổ sung họ tên, địa chỉ" in follow(petition)
    assert given(petition, **WHO).status_code == 302
    assert who(petition) == CLEAN
    step = petition.steps.order_by("seq").last()
    assert step is not None
    assert (step.action, step.facts) == ("inform", {"contact": ["name", "residence", "phone"]})
    assert step.said == {"text": "Đã bổ sung: họ tên, địa chỉ, điện thoại."}
    assert list(Contact.objects.of_phone("0905123456")) == [Contact.objects.get(petition=petition)]
    assert verify().bad == []
    page = follow(petition)
    assert "Bạn bổ sung: họ tên, địa chỉ, điện thoại" in page
    assert "bo-sung" not in page
    assert "Bưởi" not in page


def test_nothing_of_it_stands_open_in_any_table() -> None:
    petition = sealed()
    given(petition, **WHO)
    with connection.cursor() as cursor:
        for model in (Step, StepText, Contact, Notice):
            cursor.execute(f"SELECT * FROM {model._meta.db_table}")
            assert "Bưởi" not in repr(cursor.fetchall())


@pytest.mark.long
def test_what_was_given_before_is_neither_shown_nor_asked_nor_written_over() -> None:
    petition = sealed(name="Lê Văn Cam", phone="0905 000 111")
    page = follow(petition)
    assert ('name="residence"' in page, 'name="name"' in page, 'name="phone"' in page) == (True, False, False)
    assert "Còn thiếu địa chỉ của bạn" in contacts_sentence(petition)
    assert "Cam" not in page
    answer = given(petition, **WHO)
    assert answer.status_code == 400
    assert "Đã có rồi, không ghi đè" in words(answer)
    assert "12 Lê Lợi" in words(answer)  # what was typed is not lost
    assert who(petition) == ("Lê Văn Cam", "", "0905000111")
    assert given(petition, residence="12 Lê Lợi").status_code == 302
    assert who(petition) == ("Lê Văn Cam", "12 Lê Lợi", "0905000111")


def contacts_sentence(petition: Petition) -> str:
    return understanding.at_law(petition.kind, contacts.owed(petition))


def test_the_page_says_what_is_missing_and_nothing_to_who_gave_both() -> None:
    assert "Còn thiếu họ tên, địa chỉ" in contacts_sentence(sealed())
    assert "Còn thiếu" not in contacts_sentence(sealed(name="Lê Văn Cam", residence="1 Lê Lai"))
    of_an_organisation = sealed(organisation="Công ty TNHH Sông Hàn")
    assert "Còn thiếu địa chỉ" in contacts_sentence(of_an_organisation)


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({}, "Xin ghi họ tên, địa chỉ."),
        ({"name": "   "}, "Xin ghi họ tên, địa chỉ."),
        ({"name": "Cam", "phone": "không nhớ"}, "Số điện thoại chưa đúng"),
        ({"name": "Cam", "email": "cam@"}, "Địa chỉ thư điện tử chưa đúng"),
        ({"name": "x" * 151}, "Dài quá 150 ký tự"),
    ],
)
def test_a_mistake_is_told_and_keeps_what_was_typed(told: dict[str, str], said: str) -> None:
    petition = sealed()
    answer = given(petition, **told)
    assert (answer.status_code, said in words(answer)) == (400, True)
    assert all(value.strip() in words(answer) for value in told.values())
    assert who(petition) == ("", "", "")


@pytest.mark.long
def test_whoever_left_no_identity_decides_to_give_it_and_stays_hidden_from_the_agency() -> None:
    petition = sealed(anonymous=True)
    assert "Bạn đã chọn không để lại danh tính, và không phải đổi ý." in follow(petition)
    refused = given(petition, **WHO)
    assert (refused.status_code, "xin đánh dấu ô này" in words(refused)) == (400, True)
    assert who(petition) == ("", "", "")
    assert given(petition, known="on", **WHO).status_code == 302
    contact = Contact.objects.get(petition=petition)
    assert (contact.anonymous, contact.hidden, contact.name) == (False, True, "Trần Thị Bưởi")


@pytest.mark.long
@pytest.mark.parametrize(
    ("before", "asked", "after"), [(True, False, True), (False, True, True), (False, False, False)]
)
def test_whoever_is_hidden_stays_so_and_whoever_asks_for_it_becomes_so(
    before: bool, asked: bool, after: bool
) -> None:
    petition = sealed(hidden=before)
    assert ('name="hidden"' in follow(petition)) is not before
    given(petition, **WHO, **({"hidden": "on"} if asked else {}))
    take(petition, "reclassify", by=make.officer(), kind="report", why="Chỉ là phản ánh")
    petition = Petition.objects.get(pk=petition.pk)
    assert petition.identity_hidden is after
    assert can_see_contact(make.focal_point(), petition)


@pytest.mark.long
def test_only_an_open_complaint_or_denunciation_that_lacks_it_takes_it() -> None:
    report, complete = make.petition(), sealed(name="Lê Văn Cam", residence="1 Lê Lai")
    ended = sealed()
    take(ended, "withdraw", by=make.holder(ended))
    for petition in (report, complete, ended):
        assert "bo-sung" not in follow(petition)
        assert given(petition, **WHO).status_code == 409
    assert Contact.objects.filter(residence="").count() == 2
    assert Client().post(f"/tra-cuu/{ended.code}/bo-sung/", WHO).status_code == 404


def test_erased_it_takes_nothing() -> None:
    petition = sealed()
    take(petition, "erase", by=make.user("administrator", province="48"), rule="on-request")
    assert "bo-sung" not in follow(petition)
    assert given(petition, **WHO).status_code == 409
    with pytest.raises(ValidationError):
        take(petition, "inform", by=make.holder(petition), text="x", contact=WHO)
    assert not Contact.objects.filter(petition=petition).exists()


def test_pressed_twice_the_first_counts_and_the_second_is_told_no_name() -> None:
    petition = sealed()
    assert given(petition, **WHO).status_code == 302
    for name in ("Trần Thị Bưởi", "Ai khác"):
        answer = given(petition, **(WHO | {"name": name}))
        assert (answer.status_code, "đã có họ tên, địa chỉ" in words(answer)) == (409, True)
    assert who(petition) == CLEAN
    assert petition.steps.filter(action="inform").count() == 1


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_is_kept_and_the_other_is_told(reference_data: None) -> None:
    petition = sealed()
    names = ("Một Người", "Hai Người")
    answers = at_once(*(lambda name=name: given(petition, **(WHO | {"name": name})) for name in names))
    statuses = [answer.status_code for answer in answers]  # type: ignore[attr-defined]
    assert statuses.count(302) == 1
    assert set(statuses) <= {302, 400, 409}
    assert who(petition)[0] == names[statuses.index(302)]
    assert petition.steps.filter(action="inform").count() == 1


@pytest.mark.long
def test_the_petition_officer_is_told_without_a_name_and_sees_it_behind_a_kept_look() -> None:
    petition, officer = sealed("denunciation"), make.officer()
    given(petition, **WHO)
    followups.catch_up()
    letters = Notice.objects.filter(step__action="inform")
    assert [letter.user for letter in letters] == [officer]
    assert all("Bưởi" not in letter.body for letter in letters)
    page = words(at(officer).get(f"/xu-ly/{petition.code}/"))
    assert "Người gửi bổ sung: họ tên, địa chỉ, điện thoại" in page
    assert "Bưởi" not in page
    assert "Trần Thị Bưởi" in words(at(officer).post(f"/xu-ly/{petition.code}/danh-tinh/"))
    assert "Bưởi" not in words(at(make.focal_point()).get(f"/xu-ly/{petition.code}/"))


@pytest.mark.long
def test_an_officer_writes_down_what_he_is_told_and_nobody_who_may_not_know_it() -> None:
    petition, officer = sealed(), make.officer()
    client, page = at(officer), f"/xu-ly/{petition.code}/?lam=inform"
    assert 'name="residence"' in words(client.get(page))
    assert client.post(f"/xu-ly/{petition.code}/inform/", {"text": "Bà gọi điện.", **WHO}).status_code == 302
    assert who(petition) == CLEAN
    step = petition.steps.get(action="inform")
    assert step.said["text"] == "Bà gọi điện.\nĐã bổ sung: họ tên, địa chỉ, điện thoại."
    assert step.facts["contact"] == ["name", "residence", "phone"]
    assert '<details class="more">' in words(client.get(page)), "asked for no more, and to be mended there"


@pytest.mark.long
def test_what_is_wrong_is_mended_by_whoever_may_know_the_sender() -> None:
    petition = make.petition(
        "in_progress", anew=True, name="Lê Văn Cam", phone="0905000111", email="sai@x.vn"
    )
    Contact.objects.filter(petition=petition).update(unreached_since=timezone.now())
    page, client = f"/xu-ly/{petition.code}/inform/", at(make.handler())
    told = {"text": "Tôi đổi số.", "phone": "0905 123 456", "residence": "12 Lê Lợi", "email": "dung@x.vn"}
    assert client.post(page, told).status_code == 302
    assert who(petition) == ("Lê Văn Cam", "12 Lê Lợi", "0905123456")
    contact = Contact.objects.get(petition=petition)
    assert (contact.email, contact.unreached_since) == ("dung@x.vn", None)
    assert list(Contact.objects.of_phone("0905123456")) == [contact]
    step = petition.steps.get(action="inform")
    assert step.said["text"] == "Tôi đổi số.\nĐã bổ sung: địa chỉ. Đã sửa: điện thoại, thư điện tử."
    assert "0905" not in json.dumps(step.facts)
    assert "Đã sửa: điện thoại, thư điện tử." in follow(petition)
    assert client.post(page, {"no_email": "on"}).status_code == 302
    assert Contact.objects.get(petition=petition).email == ""
    assert client.post(page, {"phone": "không nhớ"}).status_code == 400
    assert verify().bad == []


@pytest.mark.long
def test_nor_is_it_mended_by_a_secret_alone_or_by_who_may_not_know_it() -> None:
    petition = make.petition("in_progress", anew=True, name="Lê Văn Cam", hidden=True)
    with pytest.raises(ValidationError):
        take(petition, "inform", by=make.holder(petition), text="x", contact={"name": "Bưởi"})
    with pytest.raises(PermissionDenied):
        take(petition, "inform", by=make.handler(), text="x", contact={"name": "Bưởi"})
    assert 'name="phone"' not in words(at(make.handler()).get(f"/xu-ly/{petition.code}/?lam=inform"))
    assert who(petition)[0] == "Lê Văn Cam"


@pytest.mark.parametrize("stranger", [make.handler, make.focal_point])
def test_who_may_not_know_the_sender_names_him_by_no_door(stranger: Any) -> None:
    petition = sealed("complaint")
    Petition.objects.filter(pk=petition.pk).update(lead=make.HAI_CHAU)
    petition, person = Petition.objects.get(pk=petition.pk), stranger()
    assert 'name="residence"' not in words(at(person).get(f"/xu-ly/{petition.code}/?lam=inform"))
    with pytest.raises(PermissionDenied):
        take(petition, "inform", by=person, text="Gọi điện", contact=WHO)
    assert who(petition) == ("", "", "")


@pytest.mark.parametrize("contact", ["Bưởi", ["name"], {"secret_hash": "x"}, {"anonymous": True}])
def test_nothing_else_of_a_contact_can_be_told(contact: Any) -> None:
    petition = sealed()
    with pytest.raises(ValidationError) as refused:
        take(petition, "inform", by=make.holder(petition), text="x", contact=contact)
    assert set(refused.value.message_dict) == {"contact"}


@pytest.mark.long
def test_the_step_is_vietnamese_whatever_language_the_page_spoke() -> None:
    petition = sealed()
    browser = opened(petition)
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert "Add your name and address" in words(browser.get(f"/tra-cuu/{petition.code}/"))
    browser.post(f"/tra-cuu/{petition.code}/bo-sung/", WHO)
    assert petition.steps.get(action="inform").said["text"].startswith("Đã bổ sung: họ tên")


def test_by_no_other_action() -> None:
    petition = sealed()
    with pytest.raises(ValidationError):
        take(petition, "withdraw", by=make.holder(petition), contact=WHO)
