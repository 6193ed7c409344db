"""Finding petitions: what is found, by whom, and how the index is kept true."""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone
from pytest_django import DjangoDbBlocker

import search
from accounts.models import Role, User
from feedback import followups
from feedback.demonstration import house
from feedback.finding import INDEX, index_petition, indexing
from feedback.finding.documents import findable, standings
from feedback.finding.indexing import Drift, compare, is_lost, keep, keep_new, reindex
from feedback.finding.looking import find, find_published, narrowed, read
from feedback.models import Exclusion, FollowUp, Petition, PublicPetition
from feedback.permissions import SYSTEM
from feedback.steps import take
from feedback.workflow import ACTIONS
from search import Shelf
from search.engines import chosen
from tests import make
from tests.demonstrated import demonstrated
from tests.feedback.test_workflow import LISTED, TOLD, officials, ready

pytestmark = pytest.mark.django_db

WISH = house.Wish(petitions=60, seed=7, until=dt.date(2026, 11, 26))
ELSEWHERE = "commune-people-committee:00367"


@pytest.fixture(autouse=True)
def nothing_is_found_yet() -> None:
    chosen().clear()


def found(user: User, typed: str = "", **asked: Any) -> set[int]:
    """Over all pages."""
    numbers: list[int] = []
    after, total = "", -1
    while after or total < 0:
        page, rows = find(user, read(typed), after=after, size=7, **asked)
        assert [row.pk for row in rows] == page.petitions
        assert total in (-1, page.total)
        numbers += page.petitions
        after, total = page.after, page.total
    assert len(numbers) == len(set(numbers)) == total
    return set(numbers)


def seen(user: User) -> set[int]:
    return set(findable(Petition.objects.visible_to(user)).values_list("pk", flat=True))


def everybody() -> list[User]:
    return list(User.objects.all())


def away(monkeypatch: pytest.MonkeyPatch) -> None:
    """The engine's file lies where none can be."""
    from search import engines

    class Away:
        NAME = "embedded"

        def __getattr__(self, name: str) -> Any:
            raise search.Unavailable

    monkeypatch.setattr(engines, "chosen", Away)


# --- words and facts ------------------------------------------------------------------------------------


@pytest.mark.long
def test_it_is_found_with_and_without_marks_and_by_a_piece_of_its_code() -> None:
    petition = make.petition("in_progress")
    keep([petition.pk])
    user = make.handler()
    for typed in (
        "vỉa hè",
        "via he",
        '"gạch vỉa hè"',
        petition.code,
        petition.printed_code,
        petition.code[:8],
    ):
        assert found(user, typed) == {petition.pk}, typed
    assert found(user, "vỉa hè -gạch") == set()
    assert found(make.handler(ELSEWHERE), "vỉa hè") == set()


@pytest.mark.long
def test_it_is_found_by_the_names_of_its_place_of_today_and_of_before() -> None:
    petition = make.petition("in_progress")
    keep([petition.pk])
    user = make.handler()
    for typed in ("hải châu", "vỉa hè đà nẵng", "noi:hải-châu", 'linh-vuc:"hạ tầng kỹ thuật đô thị"'):
        assert found(user, typed) == {petition.pk}, typed
    assert found(user, "vỉa hè hà nội") == set()


@pytest.mark.long
def test_of_a_hidden_sender_no_name_in_the_text_leads_to_it() -> None:
    text = "Tôi là Nguyễn Thị Hoàng Yến, gạch vỉa hè trước nhà bong."
    open_one = make.petition("in_progress", text=text, name="Nguyễn Thị Hoàng Yến")
    hidden = make.petition("in_progress", text=text, name="Nguyễn Thị Hoàng Yến", hidden=True)
    keep([open_one.pk, hidden.pk])
    assert found(make.handler(), "vỉa hè") == {open_one.pk, hidden.pk}
    assert found(make.handler(), '"hoàng yến"') == {open_one.pk}


@pytest.mark.long
def test_a_telephone_is_found_by_those_alone_who_may_know_it() -> None:
    plain = make.petition("in_progress", phone="0905 123 456")
    hidden = make.petition("in_progress", phone="0905123456", hidden=True)
    keep([plain.pk, hidden.pk])
    assert found(make.officer(), "0905123456") == {plain.pk, hidden.pk}
    assert found(make.focal_point(), "+84 905 123 456") == {plain.pk, hidden.pk}
    assert found(make.handler(), "0905123456") == {plain.pk}
    assert found(make.handler(), "vỉa hè 0905123456") == {plain.pk}
    assert found(make.user(Role.SUPERVISOR, "", "48"), "0905123456") == set()


@pytest.mark.long
def test_a_telephone_that_stands_in_a_text_is_found_there_where_nobody_sent_from_it() -> None:
    told = make.petition("in_progress", text="Kẻ lừa đảo gọi từ số 0911222333.")
    keep([told.pk])
    for user in (make.focal_point(), make.handler(), make.user(Role.SUPERVISOR, "", "48")):
        assert found(user, "0911222333") == found(user, "lừa đảo 0911222333") == {told.pk}
    sent = make.petition("in_progress", phone="0911222333")
    keep([sent.pk])
    assert found(make.focal_point(), "0911222333") == {sent.pk}
    for words in ('"0911222333"', '"gọi từ số 0911222333"'):
        assert found(make.focal_point(), words) == {told.pk}
    assert found(make.focal_point(), "0111222333") == set()  # nobody's number is looked for all the same


@pytest.mark.long
def test_whose_contact_is_known_no_more_is_not_found_by_it_though_the_index_lags() -> None:
    petition = make.petition("in_progress", phone="0905123456")
    keep([petition.pk])
    nothing_waits()
    handler = make.handler()
    assert found(handler, "vỉa hè 0905123456") == {petition.pk}
    take(petition, "transfer", by=make.focal_point(), agency=make.CONSTRUCTION, reason="Đường tỉnh")
    take(petition, "coordinate", by=make.focal_point(), **TOLD["coordinate"] | {"agencies": [make.HAI_CHAU]})
    assert found(handler, "vỉa hè") == {petition.pk}
    assert found(handler, "vỉa hè 0905123456") == set()


@pytest.mark.long
def test_digits_that_are_no_code_in_sight_are_words() -> None:
    petition = make.petition("in_progress", text="Hợp đồng 123456789014 bị chấm dứt.")
    keep([petition.pk])
    user = make.handler()
    for typed in ("123456789014", "1234 5678 9014", "hợp đồng 123456789014"):
        assert found(user, typed) == {petition.pk}, typed
    assert found(user, f"hợp đồng {petition.code}") == {petition.pk}
    assert found(user, f"quokka {petition.code}") == {petition.pk}, (
        "beside a whole code words tell nothing more"
    )
    assert found(make.handler(ELSEWHERE), petition.code) == set()


@pytest.mark.long
def test_what_is_not_wanted_may_be_a_field_a_place_or_a_state(monkeypatch: pytest.MonkeyPatch) -> None:
    here, there = make.petition("in_progress"), make.petition("closed")
    Petition.objects.filter(pk=there.pk).update(subfield="transport.road-surface", commune="20257")
    keep([here.pk, there.pk])
    user = make.focal_point()
    asked = ("-linh-vuc:transport", "-trang-thai:closed", "-noi:20257", "-linh-vuc:transport.road-surface")
    for typed in asked:
        assert found(user, typed) == found(user, f"gạch {typed}") == {here.pk}, typed
    assert found(user, '-noi:"hải châu"') == {there.pk}
    assert found(user, "gạch -trang-thai:open-or-so") == {here.pk, there.pk}
    away(monkeypatch)
    for typed in asked:
        assert found(user, typed) == {here.pk}, typed


def test_lists_are_narrowed_and_counted_within_sight() -> None:
    mine, other = make.petition("in_progress"), make.petition("in_progress", lead=make.CONSTRUCTION)
    keep([mine.pk, other.pk])
    page, _rows = find(make.handler(), read("vỉa hè"))
    assert page.facets["agency"] == {make.HAI_CHAU: 1}
    page, _rows = find(make.focal_point(), narrowed(read("vỉa hè"), {"agency": {make.CONSTRUCTION}}))
    assert page.petitions == [other.pk]
    with pytest.raises(ValueError, match="seers"):
        narrowed(read(""), {"seers": {"unsealed"}})


# --- shelves --------------------------------------------------------------------------------------------


def shelves(petition: Petition) -> set[Shelf]:
    return {document.shelf for one in standings([petition.pk]) for document in one.documents}


@pytest.mark.parametrize("state", ["withdrawn"])
def test_what_is_nobodys_any_more_lies_nowhere(state: str) -> None:
    assert shelves(make.petition(state)) == set()


def test_what_is_suspected_or_complains_of_a_body_lies_apart() -> None:
    plain, suspected, complains = (make.petition("received") for _ in range(3))
    Petition.objects.filter(pk=suspected.pk).update(kind="denunciation")
    Exclusion.objects.create(petition=complains, agency_id=make.HAI_CHAU)
    assert shelves(plain) == {Shelf.DESK}
    assert shelves(suspected) == shelves(complains) == {Shelf.SEALED}


def nothing_waits() -> None:
    FollowUp.objects.update(done_at=timezone.now())


def published(text: str = "Gạch vỉa hè bong.") -> Petition:
    petition = make.petition("answered")
    take(petition, "publish", by=make.reviewer(), public_text=text)
    nothing_waits()
    return petition


@pytest.mark.long
def test_everybody_finds_the_reviewed_words_and_no_others() -> None:
    petition = published("Gạch vỉa hè bong.")
    keep([petition.pk])
    assert shelves(petition) == {Shelf.DESK, Shelf.PUBLIC}
    assert [row.petition_id for row in find_published(read("gach via he"))[1]] == [petition.pk]
    assert find_published(read("cụ già"))[0].total == 0
    assert found(make.handler(), "cụ già") == {petition.pk}


# --- at once --------------------------------------------------------------------------------------------


def sealed(petition: Petition) -> Petition:
    take(petition, "seal", by=make.officer(), kind="denunciation")
    return petition


@pytest.mark.long
def test_what_is_sealed_while_the_index_stands_still_is_gone_from_every_search() -> None:
    petition = published()
    keep([petition.pk])
    handler = make.handler()
    nothing_waits()
    assert found(handler, "vỉa hè") == {petition.pk}
    sealed(petition)
    assert found(handler, "vỉa hè") == found(handler) == set()
    page, _rows = find(handler, read("vỉa hè"))
    assert page.total == 0
    assert not any(page.facets.values())
    assert find_published(read("vỉa hè"))[0].total == 0


PUBLISHED_FROM = ("answered", "in_progress", "closed", "reopened")
# Before there is a copy, or of a complaint or what may be one, of which there is none.
OF_NO_COPY = {
    *("offer_publication", "agree_publication", "clear_doubt"),
    *("declare", "dialogue", "announce", "appeal_overdue"),
}
SHOWN = [
    (action, next(state for state in PUBLISHED_FROM if (action, state) in LISTED))
    for action in sorted(ACTIONS.keys() - OF_NO_COPY)
    if any((action, state) in LISTED for state in PUBLISHED_FROM)
]


@pytest.mark.long
@pytest.mark.parametrize(("action", "state"), SHOWN)
def test_no_step_leaves_words_that_are_public_no_more_to_be_found(action: str, state: str) -> None:
    """Of a published petition, whatever is done to it while the index stands still."""
    petition, told, now = ready(action, state)
    if petition.published_at is None:
        take(petition, "publish", by=make.reviewer(), public_text="Wombat đào vỉa hè.")
    keep(Petition.objects.values_list("pk", flat=True))
    nothing_waits()
    everyone = [SYSTEM, make.holder(petition), *(one for _word, one in officials() if one is not SYSTEM)]
    may = next(one for one in everyone if any(right.holds(one, petition) for right in ACTIONS[action].who))
    take(petition, action, by=may, now=now, **told)
    copy = PublicPetition.objects.filter(petition=petition).first()
    for typed in ("wombat", '"đào vỉa hè"', "tu:2020", "noi:20242"):
        page, _rows = find_published(read(typed))
        assert page.total <= bool(copy and (":" in typed or "Wombat" in copy.text)), typed


@pytest.mark.long
def test_what_its_sender_takes_back_is_found_by_nobody_though_the_index_lags() -> None:
    petition = published("Wombat đào vỉa hè.")
    keep([petition.pk])
    nothing_waits()
    assert find_published(read("wombat"))[0].total == 1
    take(petition, "refuse_publication", by=make.holder(petition), hide="all")
    for typed in ("wombat", '"đào vỉa hè"', "tu:2020", "noi:20242", ""):
        assert find_published(read(typed))[0].total == 0, typed


@pytest.mark.long
def test_what_is_sealed_stays_gone_where_its_news_never_reached_the_index() -> None:
    petition = make.petition("in_progress")
    keep([petition.pk])
    handler = make.handler()
    nothing_waits()
    sealed(petition)
    FollowUp.objects.filter(done_at=None).update(dead=True)
    assert find(handler, read("vỉa hè"))[0].total == 0
    compare(repair=True)
    assert not FollowUp.objects.filter(dead=True, consumer=INDEX).exists(), "what was given up is made good"
    assert find(handler, read("vỉa hè"))[0].total == 0


def test_whoever_loses_sight_by_any_step_loses_it_at_once() -> None:
    petition = make.petition("in_progress")
    keep([petition.pk])
    nothing_waits()
    reviewer = make.reviewer()
    assert found(reviewer, "vỉa hè") == {petition.pk}
    take(petition, "draft_reply", by=make.handler(), **make.ANSWER)
    assert found(reviewer, "vỉa hè") == set()
    assert found(make.handler(), "vỉa hè") == {petition.pk}


# --- kept true ------------------------------------------------------------------------------------------


@pytest.mark.long
def test_a_step_is_followed_into_the_index() -> None:
    petition = make.petition("in_progress", anew=True)
    followups.catch_up(limit=2000)
    assert found(make.handler(), "vỉa hè") == {petition.pk}
    take(petition, "withdraw", by=make.holder(petition))
    followups.catch_up(limit=2000)
    assert found(make.focal_point(), "vỉa hè") == set()


@pytest.mark.long
def test_an_engine_that_is_away_is_waited_for_however_long(monkeypatch: pytest.MonkeyPatch) -> None:
    petition = make.petition("in_progress")
    rows = FollowUp.objects.filter(consumer=INDEX, done_at=None, step__petition=petition)
    assert rows.count() > 1
    with monkeypatch.context() as gone:
        away(gone)
        for _try in range(3):
            FollowUp.objects.filter(consumer=INDEX).update(next_try_at=petition.submitted_at)
            assert followups.catch_up(outside=True).done == 0
    assert not rows.filter(dead=True).exists()
    assert not rows.exclude(attempts=0, claimed_until=None).exists()
    FollowUp.objects.filter(consumer=INDEX).update(next_try_at=petition.submitted_at)
    followups.catch_up(outside=True)
    assert not rows.exists()
    assert found(make.handler(), "vỉa hè") == {petition.pk}


@pytest.mark.long
def test_a_step_twice_and_an_older_one_last_change_nothing() -> None:
    petition = make.petition("in_progress")
    steps = list(petition.steps.order_by("-seq"))
    for step in [*steps, *steps]:
        index_petition(step)
    assert found(make.handler(), "vỉa hè") == {petition.pk}


@pytest.mark.long
def test_drift_is_found_told_and_repaired() -> None:
    there, lost, stale = (make.petition("in_progress") for _ in range(3))
    nothing_waits()
    keep([there.pk, stale.pk])
    Petition.objects.filter(pk=stale.pk).update(text="Đèn đường tắt.")
    assert compare(repair=False) == Drift(compared=3, missing=1, other=1)
    assert compare(repair=True).found == 2
    assert compare(repair=False) == Drift(compared=3)
    assert found(make.handler(), "đèn đường") == {stale.pk}
    assert found(make.handler(), '"vỉa hè"') == {there.pk, lost.pk}


def test_everything_is_made_anew() -> None:
    petition = published()
    assert reindex() == {"public": 1, "desk": 1, "sealed": 0}
    assert found(make.handler(), "vỉa hè") == {petition.pk}


@pytest.mark.long
def test_a_house_of_which_little_is_found_knows_it() -> None:
    """Also after a step or two since its index was lost."""
    petitions = [make.petition("in_progress", anew=True).pk for _ in range(3)]
    assert not is_lost(), "they are late"
    nothing_waits()
    assert is_lost()
    keep_new(petitions[:1])
    assert is_lost()
    keep(petitions)
    assert not is_lost()


def test_what_is_published_may_be_lost_alone() -> None:
    shown = published()
    keep([shown.pk])
    nothing_waits()
    assert not is_lost()
    search.remove([(Shelf.PUBLIC, shown.pk, 10**6)])
    assert is_lost()


def test_numbers_with_gaps_hide_no_loss() -> None:
    first, *others = (make.petition("submitted") for _ in range(5))
    Petition(
        pk=others[-1].pk + 10**7,
        **{
            field.attname: getattr(first, field.attname)
            for field in Petition._meta.concrete_fields
            if field.attname not in ("id", "code")
        },
        code="000000000000",
    ).save(force_insert=True)
    keep_new([first.pk])
    nothing_waits()
    assert is_lost()


@pytest.mark.long
def test_where_most_is_lost_no_part_is_told_as_if_it_were_all() -> None:
    petitions = [make.petition("in_progress").pk for _ in range(3)]
    keep_new(petitions[:1])
    nothing_waits()
    indexing.forget()
    user = make.handler()
    with pytest.raises(search.Unavailable, match="đang được lập lại"):
        find(user, read("vỉa hè"))
    with pytest.raises(search.Unavailable, match="đang được lập lại"):
        find_published(read("vỉa hè"))
    page, _rows = find(user, read(""))
    assert (page.engine, sorted(page.petitions)) == ("database", petitions)
    reindex()
    assert found(user, "vỉa hè") == set(petitions)
    chosen().clear()
    assert not indexing.known_lost(), "as it was a moment ago"
    with pytest.raises(search.Unavailable, match="đang được lập lại"):
        find(user, read("vỉa hè"))


# --- the commands ---------------------------------------------------------------------------------------


def asked(monkeypatch: pytest.MonkeyPatch, name: str, *lines: dict[str, Any]) -> list[dict[str, Any]]:
    given = "\n".join(json.dumps(line) for line in lines)
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(given.encode())))
    out = io.StringIO()
    with contextlib.suppress(SystemExit):
        call_command("find", "--json", "--as", name, stdout=out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


@pytest.mark.long
def test_find_answers_line_by_line_within_sight(monkeypatch: pytest.MonkeyPatch) -> None:
    petition = make.petition("in_progress")
    keep([petition.pk])
    make.user(Role.SUPERVISOR, "", "48", name="watches")
    make.user(Role.HANDLER, ELSEWHERE, name="stranger")
    lines = [
        {"id": 1, "q": "via he"},
        {"id": 2, "q": "", "filters": {"state": "closed"}},
        {"id": 3, "q": "via he", "after": "x"},
        {"id": 4, "q": "", "filters": {"seers": ["unsealed"]}},
    ]
    first, second, third, fourth = asked(monkeypatch, "watches", *lines)
    assert first | {"took_ms": 0} == {
        "id": 1,
        "total": 1,
        "whole": 1,
        "codes": [petition.code],
        "after": "",
        "engine": chosen().NAME,
        "took_ms": 0,
    }
    assert second["total"] == 0
    assert "error" in third
    assert "error" in fourth
    assert asked(monkeypatch, "stranger", lines[0])[0]["total"] == 0


def test_reindex_and_compare_index_tell_what_they_did() -> None:
    make.petition("in_progress")
    nothing_waits()
    out = io.StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("compare_index", "--json", stdout=out)
    assert ended.value.code == 1
    call_command("reindex", "--json", stdout=out)
    call_command("compare_index", "--json", stdout=out)
    told = [json.loads(line) for line in out.getvalue().splitlines()]
    assert [one.get("missing", one.get("desk")) for one in told] == [1, 1, 0]


def test_the_command_says_in_words_what_it_cannot_read() -> None:
    lines = ('{"id":1,"q":"x","filters":{"zzz":"1"}}', '{"id":2,"q":"x","after":"zz"}')
    more = ('{"id":3,"q":"x\\u0000","filters":{"commune":"\\u0000"}}', '{"id":4,"q":7}')
    told, code = io.StringIO(), 0
    try:
        given = io.BytesIO("\n".join((*lines, *more)).encode())
        call_command("find", username=make.handler().username, json=True, stdin=given, stdout=told)
    except SystemExit as end:
        code = int(str(end.code))
    answers = {one["id"]: one for one in map(json.loads, told.getvalue().splitlines())}
    assert code == 1
    assert answers[1]["error"].startswith("Không lọc được theo zzz")
    assert "khóa mà trang trước đưa ra" in answers[2]["error"]
    assert answers[3]["total"] == 0
    assert "phải là chuỗi" in answers[4]["error"]


# --- the whole province: last, for it stays until the end ------------------------------------------------


@pytest.fixture(scope="module")
def demonstration(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with demonstrated(django_db_blocker, WISH):
        yield


@pytest.mark.long
def test_whoever_looks_finds_exactly_what_he_sees(demonstration: None) -> None:
    keep_new(Petition.objects.values_list("pk", flat=True))
    people = everybody()
    assert len(people) > 15
    for user in people:
        assert found(user) == seen(user), user.username
    assert any(seen(user) for user in people)
    assert found(User.objects.get(username="nguoila")) == set()


@pytest.mark.long
def test_so_it_is_when_bodies_are_complained_of_and_parts_are_sealed(demonstration: None) -> None:
    with transaction.atomic():
        for number, petition in enumerate(Petition.objects.exclude(lead=None).order_by("pk")):
            if number % 3 == 0:
                Exclusion.objects.get_or_create(petition=petition, agency_id=petition.lead_id)
            if number % 7 == 0:
                Petition.objects.filter(pk=petition.pk).update(sealed=not petition.sealed)
            if number % 11 == 0:
                Petition.objects.filter(pk=petition.pk).update(
                    petitioner=User.objects.get(username="giamsat")
                )
        keep(list(Petition.objects.values_list("pk", flat=True)))
        for user in everybody():
            assert found(user) == seen(user), user.username
        transaction.set_rollback(True)


@pytest.mark.long
def test_the_same_stand_in_the_database_when_the_engine_is_away(
    demonstration: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    away(monkeypatch)
    for user in everybody():
        assert found(user) == seen(user), user.username
