"""Who is complained about: from that moment nothing of it shows, at no door, in no command, in no file."""

from __future__ import annotations

import contextlib
import io
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone

from accounts.models import Post, Role, User
from feedback import drafts, followups, story, workflow
from feedback.forms.handing import LiftForm
from feedback.forms.sorting import SealForm
from feedback.intake import receive
from feedback.models import DayCount, Notice, Petition, ReplyDraft
from feedback.steps import NotNow, take
from feedback.verification import verify
from tests import make
from tests.pages import at
from tests.test_roles import NO_CODE, filled, routes

pytestmark = pytest.mark.django_db

COMMITTEE, CHAIR = make.HAI_CHAU, "commune-people-committee-chair:20242"
ECONOMY, PASC = "commune-economy-office:20242", "commune-pasc:20242"
PROVINCE = "provincial-people-committee:48"
PROVINCE_CHAIR = "provincial-people-committee-chair:48"
SECRET = "Lát gạch ẩu ở cổng sau trường Phù Đổng."
# Who is complained about, who leads from then on, and whose people may see nothing.
ACCUSED: dict[str, tuple[str, str, list[str]]] = {
    "committee": (f"{COMMITTEE}/unit", PROVINCE, [COMMITTEE, CHAIR, ECONOMY, PASC]),
    "chair": (f"{CHAIR}/head", PROVINCE, [COMMITTEE, CHAIR, ECONOMY, PASC]),
    "deputy": (f"{COMMITTEE}/deputy", PROVINCE, [COMMITTEE, CHAIR, ECONOMY, PASC]),
    "clerk": (f"{COMMITTEE}/staff", CHAIR, [COMMITTEE]),
    "clerk of an office": (f"{ECONOMY}/staff", CHAIR, [ECONOMY]),
}


def against(text: str) -> dict[str, str]:
    code, role = text.split("/")
    kind, unit = code.split(":")
    return {"agency_type": kind, "unit_code": unit, "role": role}


def people_of(agencies: list[str]) -> list[User]:
    """Who handles and approves there, and one who also watches over the province, enters and publishes."""
    found = [make.user(role, agency) for agency in agencies for role in (Role.HANDLER, Role.APPROVER)]
    everywhere = make.handler(agencies[0])
    for role in (Role.SUPERVISOR, Role.OPERATOR, Role.REVIEWER, Role.FOCAL_POINT):
        Post.objects.create(user=everywhere, role=role, agency_id=agencies[0], province_id="48")
    return [*found, everywhere]


def helped_by(petition: Petition, agencies: list[str]) -> None:
    for agency in agencies:
        if agency != petition.lead_id:
            petition.coordinations.create(
                agency_id=agency, question="Ai lát?", due_on="2099-01-01", asked_at=petition.submitted_at
            )


@pytest.fixture(params=ACCUSED)
def found_out(request: pytest.FixtureRequest) -> tuple[Petition, list[User]]:
    """It was theirs to handle, with a file and a draft begun; then it comes out whom it is about."""
    who, leads, barred = ACCUSED[request.param]
    petition = make.petition("in_progress", text=SECRET, lead=barred[0], anew=True)
    people = people_of(barred)
    helped_by(petition, barred)
    make.attachment(petition)
    drafts.keep(petition, by=people[0], told={"text": "Nháp trả lời"}, now=petition.last_step().at)
    assert Petition.objects.visible_to(people[0]).exists()
    take(petition, "lift", by=make.focal_point(), agency=leads, reason="Bị phản ánh", against=against(who))
    followups.catch_up()
    return Petition.objects.get(pk=petition.pk), people


def doors() -> Iterator[tuple[str, str]]:
    """(name, address) of everything that names one petition or file."""
    for name, address in routes(get_resolver()):
        if name.split(":")[0] in ("feedback", "publication") and "<" in address and name not in OF_MANY:
            yield name, address


OF_MANY = (
    "publication:province",
    "publication:sitemap",
    "publication:download",
    "publication:report",
    "publication:report_file",
    "publication:indicators",
)  # name a place, a day, a file, an agency


def seen_of(answer: Any) -> tuple[int, bytes]:
    """All of a page that says there is nothing; of others (only another method is asked for) the status."""
    return answer.status_code, answer.content if answer.status_code == 404 else b""


@pytest.mark.long
def test_every_door_answers_as_for_a_code_that_does_not_exist(
    found_out: tuple[Petition, list[User]],
) -> None:
    petition, people = found_out
    assert len(list(doors())) >= 12
    for person in people:
        client = at(person)
        for name, address in doors():
            there, nowhere = filled(name, address, petition), filled(name, address, None)
            for ask in (client.get, client.post):
                status, shown_there = seen_of(ask(there))
                assert status in (404, 405), (name, person)
                assert (status, shown_there) == seen_of(ask(nowhere)), (name, person)
        for action in workflow.ACTIONS:
            page = client.post(f"/xu-ly/{petition.code}/{action}/", {"text": "x"})
            assert seen_of(page) == seen_of(client.post(f"/xu-ly/{NO_CODE}/{action}/", {"text": "x"}))


PAGES = (
    *("/", "/xu-ly/", "/xu-ly/?q=gạch", "/giam-sat/", "/giam-sat/?format=csv", "/cong-khai/", "/thong-ke/"),
    *("/cong-khai/atom.xml", "/cong-khai/ban-do/", "/cong-khai/ban-do/48/"),
)


def shown(client: Client, petition: Petition) -> Iterator[str]:
    for page in PAGES:
        answer: Any = client.get(page)
        text = b"".join(answer.streaming_content).decode() if answer.streaming else answer.content.decode()
        if any(word in text for word in (petition.code, petition.printed_code, "Phù Đổng", "Nháp trả lời")):
            yield page


@pytest.mark.long
def test_no_list_count_or_search_shows_it(found_out: tuple[Petition, list[User]]) -> None:
    petition, people = found_out
    for person in people:
        assert list(shown(at(person), petition)) == []
        assert not Petition.objects.visible_to(person).exists()
        assert not ReplyDraft.objects.visible_to(person).exists()
    assert list(shown(at(make.focal_point()), petition)), "the others still see it"


@pytest.mark.long
def test_no_command_knows_it(found_out: tuple[Petition, list[User]]) -> None:
    petition, people = found_out
    for person in people:
        for action in ("note", "accept", "lift", "merge"):
            tried: dict[str, Any] = {"action": action, "as": person.username, "facts": {"text": "x"}}
            there, nowhere = (asked("take", tried | {"code": code}) for code in (petition.code, NO_CODE))
            assert there == nowhere
        told = [asked("petition", {"as": person.username, "code": code}) for code in (petition.code, NO_CODE)]
        assert told[0] == told[1] == {"id": None, "error": "Không có đơn này.", "exit": 5}
        assert (
            asked("similar", {"text": SECRET, "commune": "20242"}, "--as", person.username)["matches"] == []
        )


def asked(command: str, line: dict[str, Any], *options: str) -> Any:
    out = io.StringIO()
    with contextlib.suppress(SystemExit):
        call_command(command, "--json", *options, stdin=[json.dumps(line).encode()], stdout=out)
    return json.loads(out.getvalue())


@pytest.mark.long
def test_nobody_of_them_is_written_to_from_then_on(found_out: tuple[Petition, list[User]]) -> None:
    petition, people = found_out
    lifted = petition.steps.filter(action="lift").get()
    take(petition, "inform", by=make.holder(petition), text="Thêm ảnh")
    take(petition, "remind", by=make.focal_point())
    followups.catch_up()
    later = Notice.objects.filter(step__petition=petition, step__seq__gte=lifted.seq)
    told = set(later.values_list("user_id", flat=True))
    assert told.isdisjoint({person.pk for person in people})


def lift_from_the_chair(petition: Petition) -> None:
    told: dict[str, Any] = {"agency": PROVINCE, "reason": "x", "against": against(f"{CHAIR}/head")}
    take(petition, "lift", by=make.focal_point(), **told)


def chair_and_committee() -> User:
    """The chair himself: he answers for the committee, and his office decides about its people."""
    person = make.approver(COMMITTEE)
    Post.objects.create(user=person, role=Role.APPROVER, agency_id=CHAIR)
    return person


@pytest.mark.long
def test_the_chair_decides_about_a_clerk_of_his_own_committee() -> None:
    petition, chair = make.petition("in_progress", anew=True), chair_and_committee()
    clerk = against(f"{COMMITTEE}/staff")
    take(petition, "lift", by=make.focal_point(), agency=CHAIR, reason="x", against=clerk)
    followups.catch_up()
    assert at(chair).get(f"/xu-ly/{petition.code}/").status_code == 200
    assert Notice.objects.filter(step__petition=petition, step__action="lift", user=chair).exists()
    accepted = take(petition, "accept", by=chair)
    drafts.keep(petition, by=chair, told={"text": "Nháp"}, now=accepted.at)
    assert ReplyDraft.objects.visible_to(chair).exists()


@pytest.mark.long
@pytest.mark.parametrize(
    ("who", "lead"),
    [
        (f"{CHAIR}/head", PROVINCE),  # he is the accused himself
        (f"{COMMITTEE}/staff", PROVINCE),  # his office does not lead
        (f"{COMMITTEE}/unit", PROVINCE),
    ],
)
def test_the_chair_sees_nothing_where_his_office_does_not_decide(who: str, lead: str) -> None:
    petition, chair = make.petition("in_progress", anew=True), chair_and_committee()
    take(petition, "lift", by=make.focal_point(), agency=lead, reason="x", against=against(who))
    followups.catch_up()
    assert at(chair).get(f"/xu-ly/{petition.code}/").status_code == 404
    assert not Notice.objects.filter(step__petition=petition, step__action="lift", user=chair).exists()


@pytest.mark.long
def test_the_chair_sees_nothing_of_himself_in_what_his_office_led_when_it_was_merged() -> None:
    main, petition = (make.petition("in_progress", lead=CHAIR, anew=True) for _each in range(2))
    take(petition, "merge", by=make.focal_point(), main=main.code)
    for step in ("draft_reply", "approve"):
        make.STEPS_TO[step](main, {"lead": CHAIR, "answer": make.ANSWER})
    chair = chair_and_committee()
    assert at(chair).get(f"/xu-ly/{petition.code}/").status_code == 200
    take(petition, "accuse", by=make.focal_point(), against=against(f"{CHAIR}/head"), why="x")
    followups.catch_up()
    assert Petition.objects.get(pk=petition.pk).lead_id == CHAIR  # nobody works on it: it stays where it is
    assert at(chair).get(f"/xu-ly/{petition.code}/").status_code == 404
    assert petition.printed_code not in at(chair).get("/xu-ly/", {"q": "vỉa hè"}).content.decode()


def test_a_post_in_the_superior_body_opens_nothing_to_the_accused() -> None:
    petition, both = make.petition("in_progress", anew=True), make.handler(COMMITTEE)
    Post.objects.create(user=both, role=Role.HANDLER, agency_id=PROVINCE)
    lift_from_the_chair(petition)
    assert not Petition.objects.visible_to(both).exists()


@pytest.mark.long
@pytest.mark.parametrize("who", [f"{COMMITTEE}/unit", f"{CHAIR}/head", f"{COMMITTEE}/deputy"])
def test_a_post_in_the_office_of_the_superiors_head_opens_nothing_to_the_accused(who: str) -> None:
    petition, both = make.petition("in_progress", anew=True), make.approver(COMMITTEE)
    Post.objects.create(user=both, role=Role.APPROVER, agency_id=PROVINCE_CHAIR)
    take(petition, "lift", by=make.focal_point(), agency=PROVINCE_CHAIR, reason="x", against=against(who))
    followups.catch_up()
    petition = Petition.objects.get(pk=petition.pk)
    assert at(both).get(f"/xu-ly/{petition.code}/").status_code == 404
    assert not workflow.available(petition, both)
    assert not Notice.objects.filter(step__petition=petition, step__action="lift", user=both).exists()


# --- by no back door -----------------------------------------------------------------------------------


def test_it_is_given_to_them_by_no_hand() -> None:
    petition = make.petition("received")
    committee = against(f"{COMMITTEE}/unit")
    with pytest.raises(ValidationError, match="bên bị phản ánh"):
        take(petition, "assign", by=make.focal_point(), agency=COMMITTEE, against=committee)
    lift_from_the_chair(petition)
    tried: dict[str, dict[str, Any]] = {
        "transfer": {"agency": ECONOMY, "reason": "x"},
        "coordinate": {"agencies": [PASC], "question": "x", "day": "2099-01-01"},
        "lift": {"agency": CHAIR, "reason": "x"},
    }
    for action, facts in tried.items():
        with pytest.raises(ValidationError, match="bên bị phản ánh"):
            take(petition, action, by=make.focal_point(), **facts)


@pytest.mark.parametrize(
    ("action", "agency", "says"),
    [
        ("transfer", make.CONSTRUCTION, "đang chủ trì"),
        ("lift", make.CONSTRUCTION, "đang chủ trì"),
        ("lift", COMMITTEE, "ở dưới"),
        ("lift", "provincial-people-committee:01", "tỉnh, thành phố khác"),
    ],
)
def test_it_is_handed_on_to_another_and_lifted_to_nobody_below(action: str, agency: str, says: str) -> None:
    petition = make.petition("in_progress", lead=make.CONSTRUCTION, anew=True)
    with pytest.raises(ValidationError, match=says):
        take(petition, action, by=make.focal_point(), agency=agency, reason="x")
    take(petition, "lift", by=make.focal_point(), agency=PROVINCE, reason="x")


def test_an_office_of_the_ward_is_below_its_committee_and_the_chair_is_not() -> None:
    petition = make.petition("in_progress", lead=COMMITTEE, anew=True)
    with pytest.raises(ValidationError, match="ở dưới"):
        take(petition, "lift", by=make.focal_point(), agency=ECONOMY, reason="x")
    take(petition, "lift", by=make.focal_point(), agency=CHAIR, reason="x")


@pytest.mark.long
def test_whom_the_rules_name_may_be_chosen_by_hand_too() -> None:
    petition = make.petition("in_progress", lead=make.CONSTRUCTION, anew=True)
    take(petition, "reclassify", by=make.focal_point(), why="x", against=against(f"{ECONOMY}/head"))
    page = at(make.focal_point()).get(f"/xu-ly/{petition.code}/?lam=lift").content.decode()
    proposed = re.search(r'<option value="([^"]+)" selected', page.split('name="agency"')[1])
    assert proposed
    take(petition, "lift", by=make.focal_point(), agency=proposed[1], reason="x")


def test_it_is_not_merged_into_one_that_they_answer() -> None:
    theirs, petition = make.petition("in_progress"), make.petition("received")
    take(
        petition, "lift", by=make.focal_point(), agency=PROVINCE, reason="x", against=against(f"{CHAIR}/head")
    )
    for one, main in ((petition, theirs), (theirs, petition)):
        with pytest.raises(NotNow):
            take(one, "merge", by=make.focal_point(), main=main.code)


@pytest.mark.long
def test_what_was_merged_is_shut_like_the_main_also_once_it_stands_alone() -> None:
    main, twin = (make.petition("in_progress", anew=True) for _number in "ab")
    take(twin, "merge", by=make.focal_point(), main=main.code)
    lift_from_the_chair(main)
    handler = make.handler()
    assert at(handler).get(f"/xu-ly/{twin.code}/").status_code == 404
    assert not Petition.objects.visible_to(handler).exists()
    assert verify().ok

    take(twin, "unmerge", by=make.focal_point())
    alone = Petition.objects.get(pk=twin.pk)
    assert (alone.state, alone.lead_id) == ("assigned", make.FOCAL_POINT)
    assert not Petition.objects.visible_to(handler).exists()
    assert verify().ok


def test_a_part_keeps_out_whom_the_petition_kept_out() -> None:
    petition = make.petition("in_progress", anew=True)
    lift_from_the_chair(petition)
    take(petition, "split", by=make.focal_point(), texts=[HOLE, BRIBE])
    for part in Petition.objects.filter(origin=petition):
        assert part.excluded_agencies() == petition.excluded_agencies()
        take(part, "receive", by=make.focal_point(), subfield=make.SIDEWALK)
        with pytest.raises(ValidationError, match="bên bị phản ánh"):
            take(part, "assign", by=make.focal_point(), agency=COMMITTEE)


def test_an_appeal_keeps_out_whom_the_petition_kept_out() -> None:
    petition = make.petition("in_progress", anew=True)
    take(
        petition, "lift", by=make.focal_point(), agency=PROVINCE, reason="x", against=against(f"{CHAIR}/head")
    )
    handler, approver = make.handler(PROVINCE), make.approver(PROVINCE)
    take(petition, "accept", by=handler)
    take(petition, "draft_reply", by=handler, **make.ANSWER)
    take(petition, "approve", by=approver)
    take(petition, "appeal", by=make.holder(petition), text="Trả lời chưa đúng")
    born = Petition.objects.get(origin=petition)
    assert {COMMITTEE, CHAIR, ECONOMY, PROVINCE} <= born.excluded_agencies()


def test_a_lead_that_turns_out_to_be_the_accused_loses_it_in_the_same_moment() -> None:
    petition = make.petition("in_progress", anew=True)
    step = take(
        petition,
        "reclassify",
        by=make.focal_point(),
        why="Đơn nói về phường",
        against=against(f"{COMMITTEE}/unit"),
    )
    now = Petition.objects.get(pk=petition.pk)
    lifted = now.steps.order_by("seq").last()
    assert lifted is not None
    assert (step.action, lifted.action, lifted.role) == ("reclassify", "lift", "system")
    assert (now.lead_id, now.state) == (PROVINCE, "assigned")
    assert not Petition.objects.visible_to(make.handler()).exists()


def test_another_body_that_is_accused_leaves_the_lead_where_it_is() -> None:
    petition = make.petition("in_progress", anew=True)
    take(petition, "reclassify", by=make.focal_point(), why="x", against=against("commune-police:20242/unit"))
    assert Petition.objects.get(pk=petition.pk).lead_id == COMMITTEE


def test_the_attempt_stands_in_the_access_log(caplog: pytest.LogCaptureFixture) -> None:
    petition = make.petition("in_progress", lead=make.CONSTRUCTION)
    nosy = make.handler()
    at(nosy).get(f"/xu-ly/{petition.code}/")
    asked("petition", {"as": nosy.username, "code": petition.code})
    said: list[Any] = [record.msg for record in caplog.records if record.name == "hoiam.request"]
    unseen = [line for line in said if line["event"] == "unseen"]
    assert [(line["user"], line["about"]) for line in unseen] == [(nosy.pk, petition.code)] * 2


# --- mixed content ----------------------------------------------------------------------------------------

HOLE = "Ổ gà trước chợ Hàn sâu nửa mét, xe máy ngã."
BRIBE = "Phó chủ tịch phường nhận tiền để bỏ qua ổ gà."


@pytest.mark.long
def test_whoever_mends_the_pothole_learns_nothing_of_the_denunciation_beside_it() -> None:
    whole = make.petition("submitted", text=f"{HOLE} {BRIBE}", anew=True)
    take(whole, "split", by=make.focal_point(), texts=[HOLE, BRIBE])
    hole, bribe = (Petition.objects.get(origin=whole, text=text) for text in (HOLE, BRIBE))
    take(whole, "seal", by=make.officer(), kind="denunciation")
    take(bribe, "seal", by=make.officer(), kind="denunciation")
    take(hole, "receive", by=make.focal_point(), subfield="transport.road-surface")
    take(hole, "assign", by=make.focal_point(), agency=ECONOMY)
    mender = make.handler(ECONOMY)
    take(hole, "accept", by=mender)

    client = at(mender)
    page = client.get(f"/xu-ly/{hole.code}/").content.decode() + client.get("/xu-ly/").content.decode()
    assert HOLE in page
    for hidden in (whole, bribe):
        assert hidden.code not in page
        assert hidden.printed_code not in page
        assert client.get(f"/xu-ly/{hidden.code}/").status_code == 404
    assert "nhận tiền" not in page
    told = json.dumps(asked("petition", {"as": mender.username, "code": hole.code}), ensure_ascii=False)
    assert whole.code not in told
    assert (hole.kind, Petition.objects.get(pk=hole.pk).sealed) == ("report", False)
    clocks = {one.code: one.clocks.count() for one in (whole, hole, bribe)}
    assert clocks[hole.code] >= 1, "each part has clocks of its own"


# --- who comes to light after the answer ------------------------------------------------------------------


def accuse(petition: Petition, who: str) -> Any:
    return take(petition, "accuse", by=make.focal_point(), why="Người gửi nói thêm", against=against(who))


AFTER = ("answered", "closed", "rejected", "redirected", "merged")
LATER = [pytest.param(state, marks=pytest.mark.long) for state in AFTER[1:]]


@pytest.mark.long
@pytest.mark.parametrize("state", [AFTER[0], *LATER])
def test_who_comes_to_light_afterwards_loses_it_at_once_and_it_goes_up(state: str) -> None:
    petition, people = make.petition(state, text=SECRET), [make.handler(), make.approver()]
    Petition.objects.filter(pk=petition.pk).update(lead=COMMITTEE, subfield=make.SIDEWALK)
    make.attachment(petition)
    step = accuse(petition, f"{COMMITTEE}/unit")
    followups.catch_up()
    now = Petition.objects.get(pk=petition.pk)
    assert now.lead_id == PROVINCE
    assert now.state == ("assigned" if state == "merged" else state), "the main that it followed is open"
    for person in people:
        client = at(person)
        assert list(shown(client, petition)) == []
        assert client.get(f"/xu-ly/{petition.code}/").status_code == 404
        assert asked("petition", {"as": person.username, "code": petition.code})["exit"] == 5
        assert not Notice.objects.filter(step__petition=petition, step__seq__gte=step.seq, user=person)


@pytest.mark.long
def test_the_answer_stays_with_whoever_gave_it_and_another_unit_reviews_it() -> None:
    petition = make.petition("answered", anew=True)
    accuse(petition, f"{COMMITTEE}/unit")
    followups.catch_up(limit=2000)
    answers = DayCount.objects.filter(figure="answered")
    assert [(row.agency, row.n) for row in answers] == [(COMMITTEE, 1)]
    said = story.to_petitioner(Petition.objects.get(pk=petition.pk), timezone.now())
    assert said[0].said == "UBND phường Hải Châu đã trả lời"
    assert said[1].said == "Nay thuộc trách nhiệm của UBND TP Đà Nẵng"
    take(petition, "appeal", by=make.holder(petition), text="Trả lời chưa đúng")
    born = Petition.objects.get(origin=petition)
    assert COMMITTEE in born.excluded_agencies()
    assert PROVINCE not in born.excluded_agencies()
    assert verify().ok


@pytest.mark.long
def test_reopened_it_is_answered_by_the_superior_though_nobody_stands_above_him() -> None:
    petition = make.petition("answered", anew=True)
    accuse(petition, f"{COMMITTEE}/unit")
    take(petition, "reopen", by=make.holder(petition), reason="Chính phường làm hỏng")
    handler, approver = make.handler(PROVINCE), make.approver(PROVINCE)
    take(petition, "accept", by=handler)
    take(petition, "draft_reply", by=handler, **make.ANSWER)
    assert Petition.objects.visible_to(approver).filter(pk=petition.pk).exists()
    take(petition, "approve", by=approver)
    assert Petition.objects.get(pk=petition.pk).state == "answered"


@pytest.mark.long
def test_a_clerk_of_another_body_leaves_the_answer_where_it_is_and_the_citizen_hears_nothing() -> None:
    petition = make.petition("answered")
    step = accuse(petition, "commune-police:20242/unit")
    followups.catch_up()
    assert Petition.objects.get(pk=petition.pk).lead_id == COMMITTEE
    assert not Notice.objects.filter(step=step, recipient="petitioner").exists()


@pytest.mark.long
def test_what_was_merged_into_an_answered_main_stays_merged_and_goes_up_once_it_is_reopened() -> None:
    twin = make.petition("merged", anew=True)
    main = Petition.objects.get(merged=twin)
    take(main, "draft_reply", by=make.handler(), **make.ANSWER)
    take(main, "approve", by=make.approver())
    accuse(twin, f"{COMMITTEE}/unit")
    assert Petition.objects.get(pk=twin.pk).state == "merged"
    take(twin, "reopen", by=make.holder(twin), reason="Chính phường làm hỏng")
    now = Petition.objects.get(pk=twin.pk)
    assert (now.state, now.lead_id) == ("assigned", PROVINCE)


# --- lifted without a name ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "lead"),
    [
        (f"{COMMITTEE}/unit", PROVINCE),
        (f"{COMMITTEE}/staff", CHAIR),
        (f"{ECONOMY}/staff", CHAIR),
    ],
)
def test_lifted_without_an_agency_it_goes_to_whom_the_rules_name(who: str, lead: str) -> None:
    petition = make.petition("in_progress", lead=who.split("/")[0])
    take(petition, "lift", by=make.focal_point(), reason="x", against=against(who))
    assert Petition.objects.get(pk=petition.pk).lead_id == lead


@pytest.mark.parametrize(
    ("lead", "who", "says"),
    [
        (COMMITTEE, None, "Xin chọn cơ quan chủ trì mới, hoặc ghi ai bị phản ánh."),
        (PROVINCE, f"{PROVINCE}/unit", "Thủ tướng Chính phủ, Thanh tra Chính phủ"),
    ],
)
def test_where_no_rule_names_anybody_it_says_so(lead: str, who: str | None, says: str) -> None:
    petition = make.petition("in_progress", lead=lead)
    told: dict[str, Any] = {"against": against(who)} if who else {}
    with pytest.raises(ValidationError, match=says):
        take(petition, "lift", by=make.focal_point(), reason="x", **told)


@pytest.mark.long
def test_the_form_proposes_whom_the_rules_name() -> None:
    petition = make.petition("in_progress", anew=True)
    form = LiftForm(petition=petition)
    assert form.initial["agency"] == "", "it hangs on who is complained of"
    assert form.fields["agency"].help_text == (
        "Cả cơ quan, người đứng đầu, cấp phó: UBND TP Đà Nẵng; Một cán bộ: Chủ tịch UBND phường Hải Châu"
    )
    take(petition, "reclassify", by=make.focal_point(), why="x", against=against("commune-police:20242/unit"))
    assert LiftForm(petition=petition).initial["agency"] == ECONOMY
    told = {"agency": "", "reason": "Bị phản ánh", "accused": COMMITTEE, "accused_role": "unit"}
    assert at(make.focal_point()).post(f"/xu-ly/{petition.code}/lift/", told).status_code == 302
    assert Petition.objects.get(pk=petition.pk).lead_id == PROVINCE


@pytest.mark.parametrize(
    ("action", "told"), [("receive", {}), ("transfer", {"agency": make.CONSTRUCTION, "reason": "x"})]
)
def test_an_action_that_shuts_nobody_out_names_nobody(action: str, told: dict[str, Any]) -> None:
    petition = make.petition("submitted" if action == "receive" else "in_progress")
    with pytest.raises(ValidationError, match="không ghi bên bị phản ánh"):
        take(petition, action, by=make.focal_point(), against=against(f"{COMMITTEE}/unit"), **told)


# --- who may name whom, and who approves ------------------------------------------------------------------


@pytest.mark.parametrize(
    "who", [f"{make.FOCAL_POINT}/unit", f"{PROVINCE}/unit", "department-of-home-affairs:48/unit"]
)
def test_whoever_handles_it_takes_it_out_of_the_sight_of_nobody_who_watches_him(who: str) -> None:
    petition, focal_point = make.petition("in_progress", anew=True), make.focal_point()
    make.user(Role.SUPERVISOR, "department-of-home-affairs:48", "48")
    told: dict[str, Any] = {"why": "Đơn nói về nơi ấy", "against": against(who)}
    with pytest.raises(ValidationError, match="xin để đầu mối tiếp nhận"):
        take(petition, "reclassify", by=make.handler(), **told)
    assert Petition.objects.visible_to(focal_point).filter(pk=petition.pk).exists()
    take(petition, "reclassify", by=make.user(Role.PETITION_OFFICER, "", "48"), **told)


def test_what_its_own_people_say_of_themselves_the_intake_looks_at_before_the_superior_has_it() -> None:
    petition, handler, focal_point = (
        make.petition("in_progress", anew=True),
        make.handler(),
        make.focal_point(),
    )
    take(petition, "reclassify", by=handler, why="x", against=against("commune-police:20242/unit"))
    take(petition, "reclassify", by=handler, why="x", against=against(f"{COMMITTEE}/unit"))
    now = Petition.objects.get(pk=petition.pk)
    assert (now.lead_id, now.state) == (make.FOCAL_POINT, "assigned")
    assert not Petition.objects.visible_to(handler).filter(pk=petition.pk).exists()
    take(petition, "lift", by=focal_point, reason="Đúng là phường")
    assert Petition.objects.get(pk=petition.pk).lead_id == PROVINCE


@pytest.mark.long
def test_a_reopened_case_about_a_clerk_is_approved_by_the_next_above_that_is_not_accused() -> None:
    petition = make.petition("in_progress", anew=True)
    clerk = against(f"{COMMITTEE}/staff")
    take(petition, "lift", by=make.focal_point(), agency=CHAIR, reason="x", against=clerk)
    first, second = make.handler(CHAIR), make.handler(CHAIR)
    approver, above = make.approver(CHAIR), make.approver(PROVINCE)
    take(petition, "accept", by=first)
    take(petition, "draft_reply", by=first, **make.ANSWER)
    take(petition, "approve", by=approver)
    take(petition, "reopen", by=make.holder(petition), reason="Chưa xong")
    take(petition, "accept", by=second)
    assert not Petition.objects.visible_to(above).filter(pk=petition.pk).exists()
    take(petition, "draft_reply", by=second, **make.ANSWER)
    followups.catch_up()
    petition = Petition.objects.get(pk=petition.pk)
    assert petition.superior_id == PROVINCE
    assert Petition.objects.visible_to(above).filter(pk=petition.pk).exists()
    assert not Petition.objects.visible_to(make.approver(COMMITTEE)).filter(pk=petition.pk).exists()
    assert "approve" not in workflow.available(petition, approver)
    assert Notice.objects.filter(step__petition=petition, step__action="draft_reply", user=above).exists()
    take(petition, "approve", by=above)


# --- a first complaint, and its author ----------------------------------------------------------------------


@pytest.mark.parametrize("who", [f"{COMMITTEE}/unit", f"{CHAIR}/head"])
def test_the_author_of_the_decision_decides_the_first_complaint(who: str) -> None:
    petition = sealed("complaint")
    take(petition, "assign", by=make.officer(), agency=CHAIR, against=against(who))
    chair = make.handler(CHAIR)
    assert Petition.objects.visible_to(chair).filter(pk=petition.pk).exists()
    assert verify().ok


@pytest.mark.parametrize("role", ["deputy", "staff"])
def test_the_deputy_or_clerk_whose_act_it_is_does_not_read_it(role: str) -> None:
    petition, clerk = sealed("complaint"), make.handler(COMMITTEE)
    take(petition, "assign", by=make.officer(), agency=CHAIR, against=against(f"{COMMITTEE}/{role}"))
    with pytest.raises(ValidationError, match="bên bị phản ánh"):
        take(petition, "transfer", by=make.focal_point(), agency=COMMITTEE, reason="x")
    assert not Petition.objects.visible_to(clerk).exists()


def test_taken_from_its_author_a_complaint_is_the_second() -> None:
    petition = sealed("complaint")
    take(petition, "assign", by=make.officer(), agency=CHAIR, against=against(f"{CHAIR}/head"))
    take(petition, "lift", by=make.officer(), reason="Đã có quyết định lần đầu")
    assert Petition.objects.get(pk=petition.pk).lead_id == PROVINCE_CHAIR
    take(petition, "reclassify", by=make.officer(), why="x", against=against(f"{CHAIR}/head"))
    assert verify().ok


DECIDERS = {
    CHAIR: "commune-people-committee:20242",
    PROVINCE_CHAIR: PROVINCE,
    "department-head:department-of-construction:48": "department-of-construction:48",
    "minister:ministry-of-construction": "ministry-of-construction",
    "commune-police:20242": "commune-police:20242",
    "department-of-construction:48": "department-head:department-of-construction:48",
}


@pytest.mark.parametrize("decider", DECIDERS)
def test_whoever_decided_the_first_complaint_is_shut_out_of_the_second(decider: str) -> None:
    first, office, head = sealed("complaint"), make.handler(decider), make.approver(decider)
    take(first, "assign", by=make.officer(), agency=decider)
    take(first, "accept_for_handling", by=head, decision_number="1/QĐ", signed_on="2026-01-05")
    take(first, "draft_reply", by=office, **make.ANSWER)
    take(first, "approve", by=head)
    take(first, "appeal", by=make.holder(first), text="Không đồng ý, khiếu nại lần hai")
    second = Petition.objects.get(origin=first)
    assert second.instance == 2
    assert {decider, DECIDERS[decider]} <= second.excluded_agencies()
    assert verify().ok


def test_what_turns_out_to_be_a_denunciation_shuts_its_author_out() -> None:
    petition = sealed("complaint")
    take(petition, "assign", by=make.officer(), agency=CHAIR, against=against(f"{CHAIR}/head"))
    take(petition, "seal", by=make.officer(), kind="denunciation")
    now = Petition.objects.get(pk=petition.pk)
    assert {COMMITTEE, CHAIR} <= now.excluded_agencies()
    assert not Petition.objects.visible_to(make.handler(CHAIR)).exists()


def test_whom_the_seal_names_is_remembered_when_it_becomes_a_denunciation() -> None:
    petition = sealed("complaint", against=against(f"{CHAIR}/head"))
    assert not Petition.objects.get(pk=petition.pk).excluded_agencies(), "of a first complaint he decides"
    take(petition, "seal", by=make.officer(), kind="denunciation")
    assert {COMMITTEE, CHAIR} <= Petition.objects.get(pk=petition.pk).excluded_agencies()
    with pytest.raises(ValidationError, match="bên bị phản ánh"):
        take(petition, "assign", by=make.officer(), agency=CHAIR)
    assert verify().ok


def test_whom_the_seal_names_is_shut_out_of_the_second_complaint() -> None:
    first, inspectorate = sealed("complaint", against=against(f"{CHAIR}/head")), "inspectorate:48"
    head = make.approver(inspectorate)
    take(first, "assign", by=make.officer(), agency=inspectorate)
    take(first, "accept_for_handling", by=head, decision_number="1/QĐ", signed_on="2026-01-05")
    take(first, "draft_reply", by=make.handler(inspectorate), **make.ANSWER)
    take(first, "approve", by=head)
    take(first, "appeal", by=make.holder(first), text="Không đồng ý")
    assert {COMMITTEE, CHAIR} <= Petition.objects.get(origin=first).excluded_agencies()


def test_lifted_it_is_not_asked_again_whom_the_seal_named() -> None:
    petition = sealed("denunciation", against=against(f"{CHAIR}/head"))
    take(petition, "lift", by=make.officer(), reason="x")
    assert Petition.objects.get(pk=petition.pk).lead_id == PROVINCE_CHAIR


def sealed(kind: str, **told: Any) -> Petition:
    petition = make.petition("received", anew=True)
    take(petition, "seal", by=make.officer(), kind=kind, **told)
    return petition


# --- taken back -------------------------------------------------------------------------------------------


def clear(petition: Petition, who: str, by: User) -> Any:
    return take(petition, "clear_accused", by=by, why="Ghi nhầm", against=against(who))


@pytest.mark.long
def test_whom_somebody_named_by_mistake_is_given_it_again_and_what_was_done_stays_written() -> None:
    petition, handler = make.petition("in_progress", anew=True), make.handler()
    take(petition, "lift", by=make.focal_point(), reason="x", against=against(f"{COMMITTEE}/unit"))
    clear(petition, f"{COMMITTEE}/unit", make.focal_point())
    now = Petition.objects.get(pk=petition.pk)
    assert (now.excluded_agencies(), now.lead_id) == (frozenset(), PROVINCE)
    assert not now.accusations()
    take(petition, "transfer", by=make.focal_point(), agency=COMMITTEE, reason="Nhầm")
    assert Petition.objects.visible_to(handler).filter(pk=petition.pk).exists()
    assert [step.action for step in now.steps.order_by("seq")][-2:] == ["clear_accused", "transfer"]
    with pytest.raises(NotNow):
        clear(petition, f"{COMMITTEE}/unit", make.focal_point())
    assert verify().ok


@pytest.mark.long
def test_whoever_is_named_otherwise_stays_shut_out() -> None:
    petition = make.petition("in_progress", anew=True)
    for who in (f"{COMMITTEE}/unit", f"{CHAIR}/head", "commune-police:20242/unit"):
        take(petition, "reclassify", by=make.focal_point(), why="x", against=against(who))
    clear(petition, "commune-police:20242/unit", make.focal_point())
    now = Petition.objects.get(pk=petition.pk)
    assert "commune-police:20242" not in now.excluded_agencies()
    clear(petition, f"{COMMITTEE}/unit", make.focal_point())
    assert {COMMITTEE, CHAIR, ECONOMY} <= Petition.objects.get(pk=petition.pk).excluded_agencies()
    assert verify().ok


@pytest.mark.long
def test_what_came_of_it_is_opened_too_but_not_to_whoever_answered() -> None:
    petition = make.petition("answered", anew=True)
    take(petition, "appeal", by=make.holder(petition), text="Trả lời chưa đúng")
    born = Petition.objects.get(origin=petition)
    answered = born.excluded_agencies()
    accuse(petition, f"{make.CONSTRUCTION}/unit")
    assert make.CONSTRUCTION in Petition.objects.get(pk=born.pk).excluded_agencies()
    clear(petition, f"{make.CONSTRUCTION}/unit", make.focal_point())
    assert not Petition.objects.get(pk=petition.pk).excluded_agencies()
    assert Petition.objects.get(pk=born.pk).excluded_agencies() == answered
    assert {COMMITTEE, CHAIR, ECONOMY} <= answered, "its offices judge its answer no more than it does"


@pytest.mark.parametrize("role", [Role.PETITION_OFFICER, Role.SUPERVISOR])
@pytest.mark.parametrize("post", [COMMITTEE, CHAIR])
def test_nobody_of_the_named_body_takes_it_back(role: Role, post: str) -> None:
    petition, theirs = sealed("complaint", against=against(f"{COMMITTEE}/unit")), make.user(role, post, "48")
    assert not Petition.objects.get(pk=petition.pk).excluded_agencies(), "of a first complaint it decides"
    with pytest.raises(PermissionDenied):
        clear(petition, f"{COMMITTEE}/unit", theirs)
    with pytest.raises(PermissionDenied):
        clear(petition, f"{COMMITTEE}/unit", make.focal_point())
    clear(petition, f"{COMMITTEE}/unit", make.officer())
    assert not petition.accusations()


def test_only_what_stands_is_taken_back() -> None:
    petition = make.petition("in_progress", anew=True)
    take(petition, "reclassify", by=make.focal_point(), why="x", against=against("commune-police:20242/unit"))
    with pytest.raises(ValidationError, match="Không có ghi chép nào"):
        clear(petition, f"{COMMITTEE}/unit", make.focal_point())


# --- the focal point itself ---------------------------------------------------------------------------------


def of_the_inspectorate() -> User:
    """A petition officer of the province who is not of its focal point."""
    return make.user(Role.PETITION_OFFICER, "inspectorate:48", "48")


@pytest.mark.parametrize(("role", "lead"), [("unit", PROVINCE), ("staff", PROVINCE_CHAIR)])
def test_of_an_accused_focal_point_the_province_receives_it(role: str, lead: str) -> None:
    petition, intake = make.petition("received"), make.focal_point()
    Petition.objects.filter(pk=petition.pk).update(subfield=None)  # nobody knows yet what it is about
    accused = against(f"{make.FOCAL_POINT}/{role}")
    take(petition, "reclassify", by=make.user(Role.PETITION_OFFICER, "", "48"), why="x", against=accused)
    now = Petition.objects.get(pk=petition.pk)
    assert (now.lead_id, now.state) == (lead, "assigned")
    assert not Petition.objects.visible_to(intake).exists()
    take(petition, "accept", by=make.handler(lead))
    take(petition, "seal", by=make.approver(lead), kind="denunciation")
    assert Petition.objects.get(pk=petition.pk).lead_id != make.FOCAL_POINT


@pytest.mark.parametrize("role", [Role.FOCAL_POINT, Role.PETITION_OFFICER])
def test_whoever_takes_in_without_an_agency_named_is_of_the_focal_point(role: Role) -> None:
    petition, person = make.petition("in_progress", anew=True), make.user(role, "", "48")
    assert Petition.objects.visible_to(person).filter(pk=petition.pk).exists()
    take(petition, "lift", by=of_the_inspectorate(), reason="x", against=against(f"{make.FOCAL_POINT}/unit"))
    petition = Petition.objects.get(pk=petition.pk)
    assert not Petition.objects.visible_to(person).filter(pk=petition.pk).exists()
    assert not workflow.available(petition, person)
    country = make.user(role, "", "")
    assert Petition.objects.visible_to(country).filter(pk=petition.pk).exists()


def test_what_comes_of_it_does_not_come_back_to_the_accused_focal_point() -> None:
    petition = make.petition("in_progress", anew=True)
    take(petition, "reclassify", by=make.focal_point(), why="x", against=against(f"{make.FOCAL_POINT}/unit"))
    outside = of_the_inspectorate()
    take(petition, "split", by=outside, texts=[HOLE])
    part = Petition.objects.get(origin=petition)
    assert (part.lead_id, part.state) == (PROVINCE, "assigned")


def test_where_nobody_of_the_house_may_have_it_the_accusation_is_kept_all_the_same() -> None:
    petition, boss = make.petition("received", anew=True), make.user(Role.PETITION_OFFICER)
    for accused in (f"{PROVINCE}/unit", f"{make.FOCAL_POINT}/unit"):
        take(petition, "reclassify", by=boss, why="x", against=against(accused))
    now = Petition.objects.get(pk=petition.pk)
    assert {PROVINCE, make.FOCAL_POINT} <= now.excluded_agencies()
    assert not Petition.objects.visible_to(make.focal_point()).exists()
    take(petition, "redirect", by=boss, body="Thanh tra Chính phủ", address="Trụ sở Tiếp công dân Trung ương")


@pytest.mark.long
@pytest.mark.parametrize(
    ("action", "says"), [("accuse", "Xin ghi ai bị phản ánh."), ("lift", "hoặc ghi ai bị")]
)
def test_a_form_that_names_nobody_says_so_and_does_nothing(action: str, says: str) -> None:
    petition = make.petition("answered" if action == "accuse" else "in_progress")
    answer = at(make.focal_point()).post(f"/xu-ly/{petition.code}/{action}/", {"why": "x", "reason": "x"})
    assert (answer.status_code, says in answer.content.decode()) == (400, True)


# --- what is told in an appeal or split off -----------------------------------------------------------------

TOLD = "Tôi tố cáo ông A, Chủ tịch phường, nhận hối lộ 50 triệu đồng của chủ thầu lát vỉa hè."


def read_by(person: User, petition: Petition) -> str:
    return at(person).get(f"/xu-ly/{petition.code}/").content.decode()


@pytest.mark.long
def test_the_words_of_an_appeal_are_read_by_those_alone_who_see_the_petition_born_of_it() -> None:
    petition = make.petition("answered", anew=True)
    take(petition, "appeal", by=make.holder(petition), text=TOLD, note="hối lộ, xin giữ kín")
    for person in (make.handler(), make.approver(), make.reviewer()):
        page = read_by(person, petition)
        assert "nhờ cơ quan khác xem lại" in page
        assert "hối lộ" not in page
    assert TOLD in read_by(make.focal_point(), petition)
    assert TOLD in [event.text for event in story.to_petitioner(petition, timezone.now())]


@pytest.mark.long
def test_the_words_of_a_part_are_read_by_those_alone_who_see_the_part() -> None:
    petition = make.petition("in_progress", text="Ổ gà, và một việc khác.", anew=True)
    take(petition, "split", by=make.focal_point(), texts=[HOLE, TOLD])
    hole = Petition.objects.get(origin=petition, text=HOLE)
    take(hole, "receive", by=make.focal_point(), subfield=make.SIDEWALK)
    take(hole, "assign", by=make.focal_point(), agency=COMMITTEE)
    page = read_by(make.handler(), petition)
    assert HOLE in page
    assert "hối lộ" not in page
    assert TOLD in read_by(make.focal_point(), petition)


# --- the whole text of which a part is sealed ---------------------------------------------------------------


def split_off_from(petition: Petition, text: str) -> Petition:
    take(petition, "split", by=make.focal_point(), texts=[text])
    return Petition.objects.get(origin=petition, text=text)


@pytest.mark.long
def test_whoever_works_on_the_whole_reads_it_no_more_once_a_part_is_sealed() -> None:
    whole, handler = make.petition("in_progress", text=f"{HOLE} {TOLD}", anew=True), make.handler()
    part = split_off_from(whole, TOLD)
    assert "hối lộ" in read_by(handler, whole)
    take(part, "seal", by=make.officer(), kind="denunciation")
    followups.catch_up()
    assert at(handler).get(f"/xu-ly/{whole.code}/").status_code == 404
    now = Petition.objects.get(pk=whole.pk)
    assert (now.sealed, now.state, now.lead_id) == (False, "assigned", make.FOCAL_POINT)
    assert verify().ok
    form = SealForm(petition=now)
    assert form.leads(now)
    assert form.initial["kind"] == "denunciation"
    take(now, "seal", by=make.focal_point(), kind="denunciation")
    assert not SealForm.leads(Petition.objects.get(pk=whole.pk))


@pytest.mark.long
def test_it_is_called_back_too_where_the_machine_suspects_the_part() -> None:
    whole = make.petition("in_progress", text=f"{HOLE} {TOLD}", anew=True)
    part = split_off_from(whole, TOLD)
    followups.catch_up()
    assert Petition.objects.get(pk=part.pk).sealed
    now = Petition.objects.get(pk=whole.pk)
    assert (now.sealed, now.state, now.lead_id) == (False, "assigned", make.FOCAL_POINT)
    assert not Petition.objects.visible_to(make.handler()).filter(pk=whole.pk).exists()
    assert verify().ok


@pytest.mark.long
def test_of_an_accused_focal_point_the_province_gets_the_whole_back() -> None:
    whole = make.petition("in_progress", text=f"{HOLE} {TOLD}", anew=True)
    outside = of_the_inspectorate()
    part = split_off_from(whole, TOLD)
    take(part, "reclassify", by=outside, why="x", against=against(f"{make.FOCAL_POINT}/unit"))
    take(part, "seal", by=outside, kind="denunciation")
    assert Petition.objects.get(pk=whole.pk).lead_id == PROVINCE


@pytest.mark.long
def test_what_only_looked_like_a_denunciation_goes_back() -> None:
    whole = make.petition("received", text=f"{HOLE} {TOLD}", anew=True)
    part = split_off_from(whole, TOLD)
    take(part, "seal", by=make.officer(), kind="denunciation")
    tried: dict[str, dict[str, Any]] = {
        "assign": {"agency": COMMITTEE},
        "transfer": {"agency": ECONOMY, "reason": "x"},
        "coordinate": {"agencies": [PASC], "question": "x", "day": "2099-01-01"},
    }
    for action, facts in tried.items():
        with pytest.raises(ValidationError, match="xin niêm phong chính đơn này"):
            take(whole, action, by=make.focal_point(), **facts)
    take(part, "reclassify", by=make.officer(), kind="report", why="Không tố cáo ai")
    take(whole, "assign", by=make.focal_point(), agency=COMMITTEE)
    assert "hối lộ" in read_by(make.handler(), whole)


@pytest.mark.long
def test_whoever_is_accused_in_a_part_is_shut_out_of_the_whole_and_of_no_other_part() -> None:
    whole = make.petition("in_progress", text=f"{HOLE} {BRIBE}", anew=True)
    hole, bribe = split_off_from(whole, HOLE), split_off_from(whole, BRIBE)
    take(bribe, "receive", by=make.focal_point(), subfield=make.SIDEWALK)
    take(bribe, "reclassify", by=make.focal_point(), why="x", against=against(f"{COMMITTEE}/deputy"))
    now = Petition.objects.get(pk=whole.pk)
    assert {COMMITTEE, CHAIR, ECONOMY} <= now.excluded_agencies()
    assert now.lead_id == make.FOCAL_POINT
    assert not hole.excluded_agencies()
    assert verify().ok


# --- what came of it before ------------------------------------------------------------------------------


@pytest.mark.long
def test_who_comes_to_light_afterwards_loses_the_appeal_too() -> None:
    petition, clerk = make.petition("answered", anew=True), make.handler(make.CONSTRUCTION)
    take(petition, "appeal", by=make.holder(petition), text="Trả lời chưa đúng")
    born = Petition.objects.get(origin=petition)
    take(born, "receive", by=make.focal_point(), subfield=make.SIDEWALK)
    take(born, "assign", by=make.focal_point(), agency=make.CONSTRUCTION)
    assert Petition.objects.visible_to(clerk).filter(pk=born.pk).exists()
    accuse(petition, f"{make.CONSTRUCTION}/unit")
    now = Petition.objects.get(pk=born.pk)
    assert {COMMITTEE, CHAIR, ECONOMY, make.CONSTRUCTION} <= now.excluded_agencies()
    assert now.lead_id not in now.excluded_agencies()
    assert not Petition.objects.visible_to(clerk).filter(pk=born.pk).exists()
    assert verify().ok


@pytest.mark.long
@pytest.mark.parametrize(
    ("decides", "who"),
    [
        (CHAIR, f"{COMMITTEE}/unit"),
        (COMMITTEE, f"{COMMITTEE}/unit"),
        (CHAIR, ""),
        (CHAIR, f"{ECONOMY}/staff"),
    ],
)
def test_a_second_complaint_shuts_out_the_whole_body_that_decided_the_first(decides: str, who: str) -> None:
    petition = make.petition("received", anew=True)
    take(petition, "seal", by=make.officer(), kind="complaint")
    named: dict[str, Any] = {"against": against(who)} if who else {}
    take(petition, "assign", by=make.officer(), agency=decides, **named)
    signed: dict[str, Any] = {"decision_number": "1/QĐ", "signed_on": "2026-11-20"}
    take(petition, "accept_for_handling", by=make.approver(decides), **signed)
    draft: dict[str, Any] = {"outcome": "not_upheld", "text": "Không chấp nhận khiếu nại."}
    take(petition, "draft_reply", by=make.handler(decides), **draft)
    take(petition, "approve", by=make.approver(decides))
    take(petition, "appeal", by=make.holder(petition), text="Không đồng ý")
    second = Petition.objects.get(origin=petition)
    assert {COMMITTEE, CHAIR, ECONOMY, PASC} <= second.excluded_agencies()
    assert second.lead_id == make.FOCAL_POINT
    take(second, "receive", by=make.officer())
    take(second, "assign", by=make.officer(), agency=PROVINCE_CHAIR)


def test_all_who_were_named_are_shut_out_when_it_becomes_a_denunciation() -> None:
    petition = sealed("complaint", against=against(f"{CHAIR}/head"))
    take(petition, "lift", by=make.officer(), reason="x", against=against(f"{make.CONSTRUCTION}/staff"))
    take(petition, "seal", by=make.officer(), kind="denunciation")
    assert {COMMITTEE, CHAIR, make.CONSTRUCTION} <= Petition.objects.get(pk=petition.pk).excluded_agencies()


@pytest.mark.long
def test_the_focal_point_opens_nothing_sealed_by_taking_back_what_stands_beside_it() -> None:
    petition, officer = make.petition("received", anew=True), make.officer()
    take(petition, "lift", by=make.focal_point(), reason="x", against=against(f"{COMMITTEE}/unit"))
    take(petition, "split", by=make.focal_point(), texts=["Chủ tịch phường nhận tiền"])
    part = Petition.objects.get(origin=petition)
    take(part, "seal", by=officer, kind="denunciation")
    with pytest.raises(ValidationError, match="đơn niêm phong"):
        clear(petition, f"{COMMITTEE}/unit", make.focal_point())
    assert COMMITTEE in Petition.objects.get(pk=part.pk).excluded_agencies()
    clear(petition, f"{COMMITTEE}/unit", officer)
    assert not Petition.objects.get(pk=part.pk).excluded_agencies()


@pytest.mark.long
def test_what_was_named_on_the_rest_bars_no_part_that_was_split_off_before() -> None:
    petition, officer, focal = make.petition("received", anew=True), make.officer(), make.focal_point()
    take(petition, "split", by=focal, texts=["Ổ gà"])
    part = Petition.objects.get(origin=petition)
    take(petition, "seal", by=officer, kind="denunciation", against=against(f"{COMMITTEE}/head"))
    take(part, "receive", by=focal, subfield=make.SIDEWALK)
    take(part, "assign", by=focal, agency=COMMITTEE)
    take(part, "reclassify", by=make.handler(), why="x", against=against(f"{COMMITTEE}/unit"))
    clear(part, f"{COMMITTEE}/unit", officer)
    take(part, "transfer", by=focal, agency=COMMITTEE, reason="Nhầm")
    assert Petition.objects.visible_to(make.handler()).filter(pk=part.pk).exists()
    assert COMMITTEE in Petition.objects.get(pk=petition.pk).excluded_agencies()


@pytest.mark.parametrize(
    ("who", "posts"),
    [
        (f"{ECONOMY}/staff", [(Role.SUPERVISOR, "", "48"), (Role.APPROVER, CHAIR, "")]),
        (f"{PROVINCE}/head", [(Role.FOCAL_POINT, make.FOCAL_POINT, "48")]),
    ],
)
def test_neither_who_decides_about_him_nor_his_own_people_take_it_back(who: str, posts: list[Any]) -> None:
    petition = make.petition("received", anew=True)
    take(petition, "reclassify", by=make.officer(), why="x", against=against(who))
    role, agency, province = posts[0]
    person = make.user(role, agency, province)
    for role, agency, province in posts[1:]:
        Post.objects.create(user=person, role=role, agency_id=agency or None, province_id=province or None)
    with pytest.raises((NotNow, PermissionDenied)):
        clear(petition, who, User.objects.get(pk=person.pk))


@pytest.mark.long
def test_taking_a_slip_back_leaves_shut_what_a_part_still_says() -> None:
    petition, focal = make.petition("received", anew=True), make.focal_point()
    take(petition, "split", by=focal, texts=["Ổ gà"])
    part = Petition.objects.get(origin=petition)
    take(part, "receive", by=focal, subfield=make.SIDEWALK)
    take(part, "reclassify", by=focal, why="x", against=against(f"{COMMITTEE}/head"))
    take(petition, "reclassify", by=focal, why="Nhầm", against=against(f"{COMMITTEE}/unit"))
    take(petition, "split", by=focal, texts=["Nắp cống"])
    later = Petition.objects.exclude(pk=part.pk).get(origin=petition)
    shut = set(later.excluded_agencies())
    clear(petition, f"{COMMITTEE}/unit", focal)
    assert COMMITTEE in shut
    assert set(Petition.objects.get(pk=later.pk).excluded_agencies()) == shut


@pytest.mark.long
def test_what_was_merged_and_parted_before_is_barred_by_nothing_that_the_other_says_later() -> None:
    one, other, focal = make.petition("received"), make.petition("received"), make.focal_point()
    take(other, "merge", by=focal, main=one.code)
    take(other, "unmerge", by=focal, reason="Việc khác")
    take(other, "reclassify", by=focal, why="x", against=against(f"{COMMITTEE}/unit"))
    take(one, "reclassify", by=focal, why="Nhầm", against=against(f"{COMMITTEE}/staff"))
    clear(one, f"{COMMITTEE}/staff", focal)
    assert not Petition.objects.get(pk=one.pk).excluded_agencies()
    assert COMMITTEE in Petition.objects.get(pk=other.pk).excluded_agencies()


@pytest.mark.long
def test_what_is_said_later_of_the_chair_keeps_the_machine_from_giving_it_to_his_ward() -> None:
    text = "Vỉa hè đường Trần Phú bị lấn chiếm bán hàng, người đi bộ phải xuống lòng đường."
    petition = receive(make.submission(text=text, commune="")).petition
    followups.catch_up()
    said = "Ở phường Hải Châu, Đà Nẵng. Chính chủ tịch phường cho người nhà lấn chiếm."
    take(petition, "inform", by=make.holder(petition), text=said)
    followups.catch_up()
    assert Petition.objects.get(pk=petition.pk).led_by_focal_point


@pytest.mark.long
def test_who_may_not_see_a_sealed_review_opens_it_to_nobody() -> None:
    petition, officer = make.petition("answered", anew=True), make.officer()
    above = make.user(Role.PETITION_OFFICER)
    take(petition, "accuse", by=officer, why="x", against=against(f"{COMMITTEE}/unit"))
    take(petition, "appeal", by=make.holder(petition), text="Đầu mối nhận tiền của chủ tịch")
    review = Petition.objects.get(origin=petition)
    take(review, "seal", by=officer, kind="denunciation")
    take(review, "reclassify", by=above, why="x", against=against(f"{make.FOCAL_POINT}/unit"))
    shut = set(Petition.objects.get(pk=review.pk).excluded_agencies())
    assert not Petition.objects.visible_to(officer).filter(pk=review.pk).exists()
    clear(petition, f"{COMMITTEE}/unit", officer)
    assert set(Petition.objects.get(pk=review.pk).excluded_agencies()) == shut
    assert not Petition.objects.get(pk=petition.pk).excluded_agencies()
