"""`nguoila` handles petitions of a ward elsewhere: of province 48 he sees what is published, no more."""

from __future__ import annotations

import io
import json
import re
import sys
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from accounts import demonstration
from accounts.models import Role, User
from feedback import inbox
from feedback.forms.following import BY_SLUG
from feedback.models import Petition
from feedback.permissions import SYSTEM
from feedback.steps import take
from feedback.workflow import ACTIONS
from tests import make
from tests.test_roles import ELSEWHERE, NO_CODE, NO_NUMBER, seen_of

pytestmark = pytest.mark.django_db

HIDDEN = "Cột điện nghiêng trước nhà số chín"
SHOWN = "Bản công khai về cột điện"


@pytest.fixture
def now() -> Iterator[None]:
    """One moment for the whole walk: pages say how long ago."""
    with time_machine.travel(timezone.now(), tick=False):
        yield


@pytest.fixture
def stranger(now: None) -> Client:
    demonstration.create()
    client = Client()
    client.force_login(User.objects.get(username="nguoila"))
    return client


def of_the_province() -> dict[str, Petition]:
    """Of every state that has a list somewhere; one was his ward's before it went to province 48."""
    states = ("submitted", "returned", "in_progress", "pending_approval")
    made = {state: make.petition(state, text=HIDDEN) for state in states}
    made["published"] = make.petition("answered", text=HIDDEN)
    take(made["published"], "publish", by=make.reviewer(), public_text=SHOWN)
    made["sealed"] = make.petition("submitted", text=HIDDEN)
    take(made["sealed"], "seal", by=SYSTEM, kind="denunciation")
    made["moved"] = make.petition("in_progress", text=HIDDEN, lead=ELSEWHERE)
    supervisor = make.user(Role.SUPERVISOR, "", "48")
    take(made["moved"], "transfer", by=supervisor, agency=make.HAI_CHAU, reason="Thuộc Hải Châu")
    for petition in made.values():
        make.attachment(petition)
    return made


def plain(answer: Any) -> str:
    """Without what differs from one answer to the next for anybody."""
    return re.sub(r'(nonce|value)="[^"]*"', "", answer.content.decode())


def command(name: str, *args: str, stdin: str = "") -> tuple[Any, str, str]:
    """Its exit code, and what it says on either side."""
    out, err, before = io.StringIO(), io.StringIO(), sys.stdin
    sys.stdin = io.TextIOWrapper(io.BytesIO(stdin.encode()), encoding="utf-8")
    try:
        call_command(name, *args, stdout=out, stderr=err)
    except SystemExit as ended:
        return ended.code, out.getvalue(), err.getvalue()
    finally:
        sys.stdin = before
    return 0, out.getvalue(), err.getvalue()


@pytest.mark.long
def test_nothing_that_happens_in_the_province_changes_anything_he_sees(stranger: Client) -> None:
    own = make.petition("in_progress", lead=ELSEWHERE, commune="00367")
    addresses = ["/xu-ly/", f"/xu-ly/{own.code}/", "/giam-sat/", "/tra-cuu/", "/quan-tri/"]
    his = inbox.drawers_of(User.objects.get(username="nguoila"))
    others = [drawer for drawer in inbox.DRAWERS if drawer not in his]
    addresses += [f"/xu-ly/?xem={drawer.slug}" for drawer in (*his, *others[:2])]

    def seen() -> dict[str, object]:
        pages: dict[str, object] = {address: plain(stranger.get(address)) for address in addresses}
        return pages | {"command": command("petition", own.code, "--as", "nguoila")}

    before = seen()
    of_the_province()
    assert seen() == before
    assert own.printed_code in str(before["/xu-ly/?xem=dang-xu-ly"])


def test_no_page_no_list_no_file_knows_a_petition_of_the_province(stranger: Client) -> None:
    made = of_the_province()
    assert not Petition.objects.visible_to(User.objects.get(username="nguoila")).exists()
    void = {address: seen_of(stranger.get(address.format(NO_CODE))) for address in PAGES}
    void_file = seen_of(stranger.get(f"/tep/{NO_NUMBER}/"))
    for name, petition in made.items():
        for address in PAGES:
            assert seen_of(stranger.get(address.format(petition.code))) == void[address], (name, address)
        file = petition.attachments.get()
        assert seen_of(stranger.get(f"/tep/{file.pk}/")) == void_file, name
    code = made["in_progress"].code
    asked = (stranger.get("/xu-ly/", {"ma": one}, follow=True) for one in (code, NO_CODE))
    found, nothing = (plain(answer).replace(code, NO_CODE) for answer in asked)
    assert found == nothing


PAGES = ("/xu-ly/{}/", "/tra-cuu/{}/", "/bien-nhan/{}/")


@pytest.mark.long
def test_nothing_can_be_done_with_a_petition_of_the_province(stranger: Client) -> None:
    code = make.petition("in_progress", text=HIDDEN).code
    steps = Petition.objects.get(code=code).steps.count()
    # Each action by the command below; here some of each page, for the petition is looked for first.
    doors = {
        f"/xu-ly/{{}}/{action}/": "/xu-ly/{}/note/" for action in ("accept", "draft_reply", "seal", "erase")
    }
    doors |= {f"/tra-cuu/{{}}/{slug}/": "/tra-cuu/{}/noi-them/" for slug in list(BY_SLUG)[:3]}
    doors |= {door: door for door in ("/xu-ly/{}/nhap/", "/xu-ly/{}/chon/", "/xu-ly/{}/khong-dang/")}
    doors["/giam-sat/nhac/{}/"] = "/giam-sat/nhac/{}/"
    void = {door: seen_of(stranger.post(door.format(NO_CODE), make.ANSWER)) for door in doors.values()}
    for door, alike in doors.items():
        here = stranger.post(door.format(code), make.ANSWER)
        assert here.status_code == 404, door
        assert seen_of(here) == void[alike], door
    assert Petition.objects.get(code=code).steps.count() == steps


@pytest.mark.long
def test_no_command_knows_it_by_his_name(stranger: Client) -> None:
    code = make.petition("in_progress", text=HIDDEN).code
    for one in (code, NO_CODE):
        assert command("petition", one, "--as", "nguoila") == (5, "", "Không có đơn này.\n")
    lines = [
        json.dumps({"id": action, "code": one, "action": action, "as": "nguoila"})
        for action in ACTIONS
        for one in (code, NO_CODE)
    ]
    _exit, out, _err = command("take", "--json", stdin="\n".join(lines))
    told = [json.loads(line) for line in out.splitlines()]
    assert len(told) == len(lines)
    assert {(line["error"], line["exit"]) for line in told} == {("Không có đơn này.", 5)}


def test_what_is_published_he_reads_where_everybody_does(stranger: Client) -> None:
    made = of_the_province()
    page = stranger.get(f"/cong-khai/{made['published'].code}/").content.decode()
    listed = stranger.get("/cong-khai/").content.decode()
    assert (SHOWN in page, SHOWN in listed, HIDDEN in page + listed) == (True, True, False)
    for name, petition in made.items():
        if name != "published":
            assert petition.printed_code not in listed
            assert stranger.get(f"/cong-khai/{petition.code}/").status_code == 404
