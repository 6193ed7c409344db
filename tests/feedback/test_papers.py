"""Letters to print and sign: filled from the petition, whole, and with no name that is not to stand there."""

import datetime as dt
import hashlib
import io
import unicodedata
from typing import Any

import docx
import pypdf
import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Role, User
from feedback import ink, papers
from feedback.models import Contact, Look, Petition
from feedback.papers import Case, as_docx, as_pdf
from feedback.papers.filling import VALUES
from feedback.papers.letter import MOTTO, NATION, SIGNER
from feedback.steps import take
from feedback.workflow import ACTIONS, Kind, State
from tests import make
from tests.pages import in_pdf

pytestmark = pytest.mark.django_db
PLANTED = "Trần Thị Bí Mật"
ON = dt.date(2026, 2, 5)


def in_docx(file: bytes) -> str:
    """Every word of the body and of its tables, in order."""
    document = docx.Document(io.BytesIO(file))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*cells, *(paragraph.text for paragraph in document.paragraphs)])


def complaint(state: str = "in_progress", kind: str = "complaint") -> Petition:
    """A sealed one of somebody whose name nobody but the officer may learn."""
    petition, officer = make.petition("received"), make.officer()
    Contact.objects.update_or_create(petition=petition, defaults={"name": PLANTED, "phone": "0905123456"})
    take(petition, "seal", by=officer, kind=kind)
    if state == "in_progress":
        today = timezone.localdate()
        take(petition, "accept_for_handling", by=officer, decision_number="15/TB", signed_on=today)
    return Petition.objects.get(pk=petition.pk)


def page(person: User, petition: Petition, slug: str, **told: Any) -> Any:
    client = Client()
    client.force_login(person)
    return client.post(f"/xu-ly/{petition.code}/van-ban/{slug}/", told)


def test_every_row_is_a_form_of_what_there_is() -> None:
    for paper in papers.papers().forms.values():
        assert paper.kinds <= set(Kind.values)
        assert paper.states <= set(State.values)
        assert paper.after <= set(ACTIONS)
        assert paper.holds <= set(papers.HOLDS)
        assert paper.article
        assert paper.body
        assert set(paper.who) <= set(papers.WRITERS)
        assert {part.given for part in paper.body} - {""} <= set(VALUES)


@pytest.mark.parametrize("slug", papers.papers().forms)
def test_every_form_is_filled_and_drawn_both_ways(slug: str) -> None:
    petition, by = make.petition("answered"), make.officer()
    letter = papers.write(papers.papers().forms[slug], Case(petition, by, {}), on=ON, number="7")
    for said in (in_pdf(as_pdf.draw(letter)), in_docx(as_docx.draw(letter))):
        told = " ".join(said.split())
        for part in (NATION, MOTTO, letter.agency, "Số: 7/", "ngày 05 tháng 02 năm 2026", "Nơi nhận", SIGNER):
            assert part in told
        for words in (*letter.body, *letter.grounds, letter.about):
            assert " ".join(words.split()) in told
        assert "{" not in told


def test_what_a_letter_says_is_read_out_of_the_petition() -> None:
    petition = make.petition("answered")
    form = papers.papers().forms["cong-van-tra-loi"]
    letter = papers.write(form, Case(petition, make.handler(), {}), on=ON, number="12")
    assert (letter.above, letter.agency) == ("", "ỦY BAN NHÂN DÂN PHƯỜNG HẢI CHÂU")
    assert letter.number == "Số: 12/UBND"
    assert letter.place_and_day == "Hải Châu, ngày 05 tháng 02 năm 2026"
    assert make.ANSWER["text"] in letter.body
    assert letter.about == "V/v trả lời phản ánh về “Vỉa hè, gạch lát, tam cấp hư hỏng”"


def test_a_department_writes_under_its_committee_and_leaves_room_for_number_and_day() -> None:
    petition = make.petition("in_progress", lead=make.CONSTRUCTION)
    form = papers.papers().forms["thong-bao-tiep-nhan"]
    letter = papers.write(form, Case(petition, make.handler(make.CONSTRUCTION), {}))
    assert letter.above.startswith("ỦY BAN NHÂN DÂN")
    assert letter.agency.startswith("SỞ XÂY DỰNG")
    assert letter.number == "Số: ………/TB-SXD"
    assert letter.place_and_day == "Đà Nẵng, ngày … tháng … năm ……"


@pytest.mark.long
def test_a_long_answer_goes_on_over_pages_and_nothing_in_it_is_markup() -> None:
    answer = make.ANSWER | {"text": "Đoạn <b>một</b> & {agency}.\n\n" + "Nội dung rất dài. " * 900}
    petition = make.petition("answered", answer=answer)
    form = papers.papers().forms["cong-van-tra-loi"]
    letter = papers.write(form, Case(petition, make.handler(), {}))
    assert "Đoạn <b>một</b> & {agency}." in letter.body
    file = as_pdf.draw(letter)
    assert len(pypdf.PdfReader(io.BytesIO(file)).pages) > 3
    assert "Đoạn <b>một</b> & {agency}." in in_pdf(file)
    section = docx.Document(io.BytesIO(as_docx.draw(letter))).sections[0]
    assert section.different_first_page_header_footer
    assert 'w:instr="PAGE"' in section.header.paragraphs[0]._p.xml


@pytest.mark.long
def test_the_name_of_a_sealed_sender_stands_only_where_the_officer_asked_and_the_look_is_kept() -> None:
    petition, officer = complaint(), make.officer()
    without = page(officer, petition, "thong-bao-thu-ly-khieu-nai", **{"as": "docx"})
    assert PLANTED not in in_docx(without.content)
    assert not Look.objects.at_identity().exists()
    named = page(officer, petition, "thong-bao-thu-ly-khieu-nai", **{"as": "docx", "named": "on"})
    assert f"Ông/Bà {PLANTED}" in in_docx(named.content)
    assert Look.objects.at_identity().get().user == officer
    assert PLANTED not in str(named.headers)
    assert named["Content-Disposition"].endswith(f'"thong-bao-thu-ly-khieu-nai-{petition.code}.docx"')


@pytest.mark.long
@pytest.mark.parametrize("ending", ["pdf", "docx"])
def test_nobody_else_gets_the_name_by_asking_for_it(ending: str) -> None:
    petition, focal_point = complaint("received"), make.focal_point()
    take(petition, "propose_refusal", by=focal_point, ground="kn_unsigned", reason="Đơn không ký")
    take(petition, "confirm_refusal", by=make.officer())
    told: dict[str, Any] = {"as": ending, "named": "on"}
    answer = page(focal_point, petition, "thong-bao-khong-thu-ly-khieu-nai", **told)
    said = in_pdf(answer.content) if ending == "pdf" else in_docx(answer.content)
    assert "Đơn không ký" in said
    assert "đơn khiếu nại không có chữ ký hoặc điểm chỉ" in said
    assert PLANTED not in said
    assert PLANTED.encode() not in answer.content
    assert not Look.objects.at_identity().exists()


@pytest.mark.long
def test_who_may_not_see_the_petition_finds_no_letter_and_who_may_not_write_it_is_refused() -> None:
    petition = complaint()
    slug = "thong-bao-thu-ly-khieu-nai"
    assert page(make.handler(), petition, slug).status_code == 404
    assert page(make.user(Role.SUPERVISOR, province="48"), petition, slug).status_code == 403
    assert page(make.officer(), petition, "khong-co").status_code == 404
    assert page(make.officer(), petition, slug, **{"as": "exe"}).status_code == 404


def test_a_letter_of_another_state_is_not_offered() -> None:
    petition = make.petition("in_progress")
    slugs = [paper.slug for paper in papers.offered(petition, make.handler(), timezone.now())]
    assert slugs == ["thong-bao-tiep-nhan"]
    assert page(make.handler(), petition, "cong-van-tra-loi").status_code == 403


def slugs(petition: Petition, by: User) -> set[str]:
    now = Petition.objects.get(pk=petition.pk)
    return {paper.slug for paper in papers.offered(now, by, timezone.now())}


def test_what_was_accepted_as_a_complaint_is_no_accepted_denunciation() -> None:
    petition, officer = complaint("received"), make.officer()
    told: dict[str, Any] = {"decision_number": "15/TB", "signed_on": timezone.localdate()}
    take(petition, "assign", by=officer, agency=make.HAI_CHAU)
    take(petition, "accept_for_handling", by=officer, **told)
    assert {"thong-bao-thu-ly-khieu-nai", "phieu-chuyen"} <= slugs(petition, officer)
    take(petition, "seal", by=officer, kind="denunciation")
    assert slugs(petition, officer) == set()  # and it is with those again who handed it on
    take(petition, "accept_for_handling", by=officer, **told)
    assert {"thong-bao-thu-ly-to-cao", "thong-bao-nguoi-bi-to-cao"} <= slugs(petition, officer)


def test_the_guidance_on_form_goes_to_whoever_has_not_signed() -> None:
    tip, signed, officer = (
        make.petition("received"),
        make.petition("received", channel="letter"),
        make.officer(),
    )
    for petition in (tip, signed):
        take(petition, "seal", by=officer, kind="denunciation")
    assert "huong-dan-to-cao" in slugs(tip, officer)
    assert "huong-dan-to-cao" not in slugs(signed, officer)
    take(tip, "declare", by=officer, circumstance="formal", reason="Đơn ký ngày 5/8")
    assert "huong-dan-to-cao" not in slugs(tip, officer)


@pytest.mark.long
def test_more_time_is_told_of_only_while_it_runs() -> None:
    petition, officer, approver = complaint(), make.officer(), make.approver(make.FOCAL_POINT)
    asked: dict[str, Any] = {
        "reason": "Hai nơi",
        "interim_reply": "Đang xác minh",
        "complex_ground": "many_places",
    }
    assert "thong-bao-keo-dai-khieu-nai" not in slugs(petition, officer)
    take(petition, "request_extension", by=officer, **asked)
    take(petition, "grant_extension", by=approver)
    assert "thong-bao-keo-dai-khieu-nai" in slugs(petition, officer)
    take(petition, "draft_reply", by=officer, **make.ANSWER)
    take(petition, "approve", by=approver)
    assert "thong-bao-keo-dai-khieu-nai" not in slugs(petition, officer)
    take(petition, "reopen", by=make.user(Role.SUPERVISOR, province="48"), reason="Xem lại")
    assert "thong-bao-keo-dai-khieu-nai" not in slugs(petition, officer)


def test_who_is_late_can_say_sorry_and_name_another_day() -> None:
    petition = make.petition("in_progress")
    late = (petition.due_at or timezone.now()) + dt.timedelta(days=3)
    assert "phieu-xin-loi" in [paper.slug for paper in papers.offered(petition, make.handler(), late)]
    form = papers.papers().forms["phieu-xin-loi"]
    told = {"promised": "09/12/2026", "why": "Chờ vật tư"}
    letter = papers.write(form, Case(petition, make.handler(), told), on=ON)
    assert any("hẹn trả lời chậm nhất ngày 09/12/2026" in words for words in letter.body)
    assert any("Chờ vật tư" in words for words in letter.body)


def test_a_hidden_sender_is_no_name_to_whoever_works_on_it() -> None:
    petition = make.petition("answered")
    Contact.objects.update_or_create(petition=petition, defaults={"name": PLANTED, "hidden": True})
    petition = Petition.objects.get(pk=petition.pk)
    form = papers.papers().forms["cong-van-tra-loi"]
    by_handler = papers.write(form, Case(petition, make.handler(), {}))
    by_focal_point = papers.write(form, Case(petition, make.focal_point(), {}))
    assert PLANTED not in repr(by_handler)
    assert f"Ông/Bà {PLANTED}" in by_focal_point.to


@pytest.mark.long
def test_the_page_lists_the_letters_each_with_what_it_rests_on() -> None:
    petition, client = complaint(), Client()
    client.force_login(make.officer())
    said = client.get(f"/xu-ly/{petition.code}/van-ban/").content.decode()
    assert "Thông báo thụ lý giải quyết khiếu nại" in said
    assert "chưa có luật sư kiểm" in said
    assert PLANTED not in said
    assert f"/xu-ly/{petition.code}/van-ban/" in client.get(f"/xu-ly/{petition.code}/").content.decode()


def test_the_fonts_are_the_files_that_were_published() -> None:
    """The Debian package fonts-liberation2 2.1.5-1, whose licence lies beside them."""
    sums = {
        "LiberationSerif-Bold.ttf": "446a4421f297698427170fd7db20e59169a4188baaaf940e9bea58af6341a723",
        "LiberationSerif-Italic.ttf": "c1830c433ab41379f1139fac388989d37c9f08c81e1bd643efdcc7946db30753",
        "LiberationSerif-Regular.ttf": "29d12439831b7f59194efec85872f24f54eff05738933f9a860220d2abff88ba",
    }
    kept = {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in ink.FONTS.glob("*.ttf")}
    assert kept == sums
    assert "SIL OPEN FONT LICENSE" in (ink.FONTS / "LICENSE").read_text(encoding="utf-8")


def test_every_letter_of_vietnamese_is_in_the_font_and_comes_out_of_the_file() -> None:
    small = "aàáảãạăằắẳẵặâầấẩẫậeèéẻẽẹêềếểễệiìíỉĩịoòóỏõọôồốổỗộơờớởỡợuùúủũụưừứửữựyỳýỷỹỵđ"
    answer = make.ANSWER | {"text": f"{small} {small.upper()}"}
    form = papers.papers().forms["cong-van-tra-loi"]
    letter = papers.write(form, Case(make.petition("answered", answer=answer), make.handler(), {}))
    said = in_pdf(as_pdf.draw(letter)).replace(" ", "")
    assert small in said
    assert small.upper() in said


def test_the_letter_to_the_accused_never_points_to_whoever_denounced() -> None:
    petition, officer = complaint(kind="denunciation"), make.officer()
    slug = "thong-bao-nguoi-bi-to-cao"
    answer = page(officer, petition, slug, **{"as": "docx", "named": "on"})
    said = in_docx(answer.content)
    assert "đã thụ lý tố cáo đối với ……" in said
    for word in (PLANTED, petition.code, petition.printed_code):
        assert word not in said.replace("\u00a0", " ")
    assert not Look.objects.at_identity().exists()


@pytest.mark.parametrize("by", [make.focal_point, make.officer])
def test_a_letter_to_the_agency_names_no_sender_who_hides_from_it(by: Any) -> None:
    petition = make.petition("received")
    Contact.objects.update_or_create(petition=petition, defaults={"name": PLANTED, "hidden": True})
    told: dict[str, Any] = {
        "agency": make.CONSTRUCTION,
        "reason": f"Theo lời {PLANTED}, điện thoại 0905123456",
    }
    take(petition, "assign", by=make.focal_point(), agency=make.HAI_CHAU)
    take(petition, "transfer", by=make.focal_point(), **told)
    form = papers.papers().forms["phieu-chuyen"]
    letter = papers.write(form, Case(Petition.objects.get(pk=petition.pk), by(), {}))
    assert not form.to_petitioner
    assert PLANTED not in repr(letter)
    assert "0905123456" not in repr(letter)


def test_characters_that_no_file_holds_are_left_out() -> None:
    petition = make.petition("in_progress")
    late = {"promised": "09/12/2026", "why": "Chờ\x1f vật\ufffe tư\x0b"}
    form = papers.papers().forms["phieu-xin-loi"]
    letter = papers.write(form, Case(petition, make.handler(), late), on=ON, number="7\x0b")
    assert "Chờ vật tư" in in_docx(as_docx.draw(letter))


def test_what_the_font_of_the_pdf_lacks_stands_as_a_box() -> None:
    petition = make.petition("in_progress")
    form = papers.papers().forms["phieu-xin-loi"]
    told = {"promised": "09/12/2026", "why": "Chờ 汉字 và 😀 vật tư\u00a0về"}
    file = as_pdf.draw(papers.write(form, Case(petition, make.handler(), told)))
    assert "Chờ □□ và □ vật tư về" in in_pdf(file)
    for font in (ink.REGULAR, ink.BOLD, ink.ITALIC):
        assert ink.drawable("Ặỗữđ汉□😀\ufe0f", font) == "Ặỗữđ□□□"
        assert ink.drawable(unicodedata.normalize("NFD", "Ặỗữđ"), font) == "Ặỗữđ"


def test_it_had_arrived_when_it_was_sent_whoever_looked_when() -> None:
    petition = make.petition("received")
    sent = petition.submitted_at - dt.timedelta(days=3)
    case = Case(petition, make.officer(), {})
    petition.submitted_at = sent
    assert VALUES["received"](case) == f"{timezone.localtime(sent):%d/%m/%Y}"
    assert petition.received_at is not None
    assert VALUES["taken_in"](case) == f"{timezone.localtime(petition.received_at):%d/%m/%Y}"


@pytest.mark.parametrize("slug", ["thong-bao-thu-ly-khieu-nai", "phieu-xin-loi", "cong-van-tra-loi"])
def test_the_lead_does_not_say_that_it_received_what_came_to_the_focal_point(slug: str) -> None:
    petition = make.petition("in_progress")
    handed_on = timezone.localdate(petition.steps.get(action="assign").at)
    petition.submitted_at -= dt.timedelta(days=4)
    letter = papers.write(papers.papers().forms[slug], Case(petition, make.handler(), {}))
    first, second, *_more = letter.body
    assert first.startswith(f"Ngày {timezone.localdate(petition.submitted_at):%d/%m/%Y}, ")
    assert "đến hệ thống tiếp nhận" in first
    assert "nhận được" not in first
    handed = second == f"Đơn được chuyển đến Ủy ban nhân dân phường Hải Châu ngày {handed_on:%d/%m/%Y}."
    assert handed is (slug == "thong-bao-thu-ly-khieu-nai")


@pytest.mark.parametrize("slug", ["quyet-dinh-gia-han-to-cao", "thong-bao-tam-dinh-chi"])
def test_an_order_to_whoever_checks_offers_no_name_of_the_denouncer(slug: str) -> None:
    petition, form = complaint(kind="denunciation"), papers.papers().forms[slug]
    assert not form.names_petitioner
    letter = papers.write(form, Case(petition, make.officer(), {}, named=True))
    assert PLANTED not in " ".join((*letter.body, *letter.copies, *letter.grounds))


def test_nobody_says_sorry_for_an_answer_that_is_there_or_promises_a_day_that_is_over() -> None:
    petition = make.petition("in_progress")
    late = (petition.due_at or timezone.now()) + dt.timedelta(days=3)
    gone = {"promised": f"{timezone.localdate() - dt.timedelta(days=1):%d/%m/%Y}"}
    Petition.objects.filter(pk=petition.pk).update(due_at=timezone.now() - dt.timedelta(days=1))
    answer = page(make.handler(), petition, "phieu-xin-loi", **gone)
    assert answer.status_code == 400
    assert "Ngày này đã qua." in answer.content.decode()
    take(petition, "draft_reply", by=make.handler(), now=late, **make.ANSWER)
    take(petition, "approve", by=make.approver(), now=late)
    answered = Petition.objects.get(pk=petition.pk)
    assert "phieu-xin-loi" not in [one.slug for one in papers.offered(answered, make.handler(), late)]


def test_what_the_law_has_the_lead_decide_it_issues_whoever_types_it() -> None:
    petition = complaint(kind="denunciation")
    take(petition, "lift", by=make.officer(), agency="inspectorate:48", reason="Giao xác minh.")
    typed_by_officer = Case(Petition.objects.get(pk=petition.pk), make.officer(), {})
    forms = papers.papers().forms
    assert papers.write(forms["thong-bao-thu-ly-to-cao"], typed_by_officer).agency.startswith("THANH TRA")
    assert not papers.write(forms["huong-dan-to-cao"], typed_by_officer).agency.startswith("THANH TRA")


def test_who_takes_petitions_in_elsewhere_writes_for_where_he_sits() -> None:
    petition = make.petition("received")
    sits_there = make.user(Role.PETITION_OFFICER, "inspectorate:48", "48")
    letter = papers.write(papers.papers().forms["thong-bao-tiep-nhan"], Case(petition, sits_there, {}))
    assert letter.agency.startswith("THANH TRA")
