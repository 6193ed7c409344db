"""The same thing reported twice: kept after reading, forgotten with a seal, shown to those who may see it."""

import io
import json
from typing import Any

import pytest
from django.core.management import call_command

from feedback import alike, followups
from feedback.intake import receive
from feedback.models import FollowUp, Petition
from feedback.permissions import SYSTEM
from feedback.steps import take
from search.models import Band, Signature
from tests import make
from tests.pages import at

pytestmark = pytest.mark.django_db

TEXT = "Nắp cống trước cổng trường tiểu học trên đường Lê Lợi bị vỡ đã hơn một tuần, tối đi rất nguy hiểm."
SAME = "kinh gui ubnd phuong, nap cong truoc cong truong tieu hoc tren duong le loi bi vo da hon mot tuan roi"


def filed(text: str = TEXT, **fields: Any) -> Petition:
    """Handed in, read by the machine, and all that follows done."""
    petition = receive(make.submission(text=text, **fields)).petition
    done()
    return Petition.objects.get(pk=petition.pk)


def done() -> None:
    while followups.catch_up().done:
        pass
    assert not FollowUp.objects.exclude(error="").exists()


def asked(name: str, *lines: object) -> tuple[list[dict[str, Any]], int]:
    out, code = io.StringIO(), 0
    sent = [json.dumps(line).encode() for line in lines]
    try:
        call_command("similar", "--as", name, "--json", stdin=sent, stdout=out, stderr=io.StringIO())
    except SystemExit as stop:
        code = int(str(stop.code))
    return [json.loads(line) for line in out.getvalue().splitlines()], code


def codes(name: str, text: str = SAME, **asking: Any) -> list[str]:
    (told,), code = asked(name, {"id": 7, "text": text, **asking})
    assert (code, told["id"]) == (0, 7)
    return [match["code"] for match in told["matches"]]


def kept() -> set[int]:
    return set(Signature.objects.values_list("pk", flat=True))


@pytest.mark.long
def test_what_was_read_is_found_by_its_officials_and_by_nobody_else() -> None:
    petition = filed()
    here, elsewhere = make.focal_point(), make.focal_point("79")
    assert codes(here.username) == codes(here.username, commune="20242") == [petition.code]
    assert codes(elsewhere.username) == codes(make.user().username) == []
    assert codes(here.username, commune="20257") == []
    assert codes(here.username, "Quán karaoke sau chợ mở loa đến khuya, không ai ngủ được.") == []


@pytest.mark.long
def test_bad_questions_are_told_and_the_next_goes_on() -> None:
    petition = filed()
    lines = ({"id": 1}, {"id": 2, "text": TEXT, "commune": "99999"}, {"id": 3, "text": TEXT, "days": -1})
    told, code = asked(make.focal_point().username, *lines, {"id": 4, "text": TEXT, "days": 0})
    assert code == 1
    assert all("error" in answer for answer in told[:3])
    assert told[3] == {"id": 4, "matches": [{"code": petition.code, "score": 1.0}]}
    assert asked("khong-co", {"id": 1, "text": TEXT}) == ([], 2)


@pytest.mark.long
def test_a_step_done_twice_keeps_one() -> None:
    petition = filed()
    for row in FollowUp.objects.filter(consumer=alike.REMEMBER):
        write = followups.consumer(row.consumer)(row.step)
        assert write
        write()
    assert kept() == {petition.pk}
    assert Band.objects.count() == 21


@pytest.mark.long
@pytest.mark.parametrize("way", ["seal", "withdraw", "erase"])
def test_sealed_withdrawn_or_erased_it_is_forgotten(way: str) -> None:
    petition = filed()
    by: Any = make.focal_point() if way == "seal" else make.holder(petition) if way == "withdraw" else SYSTEM
    facts: dict[str, Any] = {"seal": {"kind": "denunciation"}, "erase": {"rule": "unsigned-1-year"}}.get(
        way, {}
    )
    take(petition, way, by=by, **facts)
    assert codes(make.focal_point().username) == []  # at once, whatever is still kept
    done()
    assert kept() == set()
    assert Band.objects.count() == 0


@pytest.mark.long
def test_erased_it_is_forgotten_in_the_same_transaction_and_not_kept_again() -> None:
    petition = receive(make.submission(text=TEXT)).petition
    followups.follow_up(FollowUp.objects.get(consumer="feedback.intake.read_submitted").pk)
    row = FollowUp.objects.get(consumer=alike.REMEMBER)
    late = followups.consumer(row.consumer)(row.step)  # at work while the words are erased
    take(Petition.objects.get(pk=petition.pk), "erase", by=SYSTEM, rule="unsigned-1-year")
    assert kept() == set()
    assert late
    late()
    done()
    assert kept() == set()


@pytest.mark.long
def test_unsealed_it_is_found_again() -> None:
    petition = filed()
    take(petition, "seal", by=make.focal_point(), kind="denunciation")
    done()
    assert kept() == set()
    officer = make.officer()
    take(petition, "reclassify", by=officer, kind="report", subfield=make.SIDEWALK, why="Là phản ánh")
    done()
    assert codes(officer.username) == [petition.code]


@pytest.mark.long
def test_an_official_who_corrects_the_place_moves_it() -> None:
    petition = filed()
    person = make.focal_point()
    take(petition, "reclassify", by=person, commune="20257", why="Thuộc phường bên cạnh")
    done()
    assert codes(person.username, commune="20242") == []
    assert codes(person.username, commune="20257") == [petition.code]


@pytest.mark.long
def test_a_person_who_was_quicker_than_the_machine_changes_nothing_of_it() -> None:
    petition = receive(make.submission(text=TEXT)).petition
    take(petition, "receive", by=make.focal_point())
    done()
    assert kept() == {petition.pk}


@pytest.mark.long
def test_a_place_told_later_in_words_is_the_place_it_is_found_at() -> None:
    petition = filed(
        "Nắp cống trước cổng trường tiểu học bị vỡ đã hơn một tuần, tối đi rất nguy hiểm.", commune=""
    )
    take(petition, "receive", by=make.focal_point())
    take(petition, "inform", by=make.holder(petition), text="Ở phường Hải Châu")
    done()
    assert Signature.objects.get(pk=petition.pk).commune == "20242"


@pytest.mark.long
def test_the_likes_of_a_petition_are_open_and_another() -> None:
    petition, other, sealed, left = filed(), filed(SAME), filed(SAME + " chưa ai sửa"), filed(SAME + " nhé")
    person = make.focal_point()
    take(sealed, "seal", by=person, kind="denunciation")
    take(left, "withdraw", by=make.holder(left))
    found = alike.candidates(petition)
    assert alike.likes(petition, found, Petition.objects.visible_to(person)) == [other]
    assert alike.candidates(Petition.objects.get(pk=sealed.pk)) == {}
    assert alike.likes(petition, found, Petition.objects.visible_to(make.focal_point("79"))) == []


@pytest.mark.long
def test_the_desk_shows_likes_with_their_state_and_never_what_is_hidden() -> None:
    petition, other, sealed = filed(), filed(SAME), filed(SAME + " chưa ai sửa")
    person = make.focal_point()
    take(sealed, "seal", by=person, kind="denunciation")
    page = at(person).get(petition.get_absolute_url()).content.decode()
    assert "Có thể trùng" in page
    assert other.get_absolute_url() in page
    assert sealed.get_absolute_url() not in page.split("Có thể trùng", 1)[1]
    take(other, "merge", by=person, main=petition.code)
    page = at(person).get(petition.get_absolute_url()).content.decode()
    assert "Có thể trùng" not in page
    assert page.count(f'href="{other.get_absolute_url()}"') == 1  # among those that were merged
