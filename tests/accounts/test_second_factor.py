"""After the password a code from one's own telephone: until then one is a stranger on every page."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
import time_machine
from django.contrib.admin.models import LogEntry
from django.core.management import call_command
from django.test import Client
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts import second_factor
from accounts.models import Post, Role, User
from config.environment import APPROVER_AND_ABOVE, ROLES
from tests import make
from tests.pages import words

pytestmark = pytest.mark.django_db

PASSWORD = "con trâu đen nhảy múa"


@pytest.fixture(autouse=True)
def demanded(settings: Any) -> None:
    settings.SECOND_FACTOR = APPROVER_AND_ABOVE


def person(maker: Any = make.approver) -> User:
    user: User = maker()
    user.set_password(PASSWORD)
    user.save()
    return user


def at_the_door(user: User, next_page: str = "") -> Client:
    """The password was right."""
    client = Client()
    address = "/dang-nhap/" + (f"?next={next_page}" if next_page else "")
    answer = client.post(address, {"username": user.username, "password": PASSWORD})
    assert answer.status_code == 302, answer.content.decode()
    return client


def code_of(device: TOTPDevice, later_s: int = 0) -> str:
    machine = TOTP(device.bin_key, device.step, device.t0, device.digits, device.drift)
    machine.time = time.time() + later_s
    return f"{machine.token():06d}"


def enrolled(user: User) -> TOTPDevice:
    User.objects.filter(pk=user.pk).update(two_steps=True)
    return TOTPDevice.objects.create(user=user, name="telephone")


def shown_codes(page: str) -> list[str]:
    return re.findall(r"<code>([a-z2-7]{5}-[a-z2-7]{5})</code>", page)


def enrol(client: Client, page: str = "/dang-nhap/hai-buoc/") -> list[str]:
    """Scan the picture, type the code: the spare codes."""
    client.get(page)
    device = TOTPDevice(key=client.session["new_telephone"])
    answer = client.post(page, {"code": code_of(device)})
    assert answer.status_code == 200, answer.content.decode()
    return shown_codes(answer.content.decode())


def is_in(client: Client) -> bool:
    """A page that sends strangers to sign in, and nobody else."""
    return client.get("/giam-sat/").status_code != 302


# --- the way in -----------------------------------------------------------------------------------------


def test_an_approver_gives_a_code_after_the_password_and_goes_where_he_came_from() -> None:
    user = person()
    device = enrolled(user)
    client = Client()
    answer = client.post("/dang-nhap/?next=/giam-sat/", {"username": user.username, "password": PASSWORD})
    assert answer["Location"] == "/dang-nhap/ma/?next=%2Fgiam-sat%2F"
    assert not is_in(client)
    answer = client.post(answer["Location"], {"code": code_of(device)})
    assert (answer.status_code, answer["Location"]) == (302, "/giam-sat/")
    assert is_in(client)


@pytest.mark.long
def test_whoever_has_no_telephone_yet_enrols_one_first_and_gets_spare_codes() -> None:
    client = at_the_door(person())
    assert client.get("/dang-nhap/ma/")["Location"] == "/dang-nhap/hai-buoc/"
    first, again = (words(client.get("/dang-nhap/hai-buoc/")) for _time in range(2))
    assert 'src="data:image/svg+xml' in first
    addresses = [re.findall(r'"(otpauth://[^"]+)"', page) for page in (first, again)]
    assert len(addresses[0]) == 1
    assert addresses[0] == addresses[1]
    codes = enrol(client)
    assert len(set(codes)) == 10
    assert is_in(client)


def test_the_session_gets_a_new_key_when_the_code_was_right() -> None:
    user = person()
    device = enrolled(user)
    client = at_the_door(user)
    before = client.session.session_key
    client.post("/dang-nhap/ma/", {"code": code_of(device)})
    assert client.session.session_key not in (None, before)


def test_a_handler_needs_no_code_until_he_enrols_a_telephone_and_always_after() -> None:
    user = person(make.handler)
    client, other = at_the_door(user), at_the_door(user)
    assert is_in(client)
    assert is_in(other)
    enrol(client)
    assert is_in(client)
    assert not is_in(other)
    assert not is_in(at_the_door(user))


def test_who_becomes_an_approver_in_the_middle_of_a_session_is_asked_at_the_next_page() -> None:
    user = person(make.handler)
    client = at_the_door(user)
    Post.objects.create(user=user, role=Role.APPROVER, agency_id=make.HAI_CHAU)
    assert not is_in(client)


@pytest.mark.parametrize("role", list(Role))
def test_approver_and_above_are_asked(role: Role) -> None:
    user = make.user(role, make.HAI_CHAU)
    expected = role not in {Role.CITIZEN, Role.OPERATOR, Role.HANDLER}
    assert second_factor.is_demanded(user) is expected


def test_whoever_opens_the_admin_is_asked_though_he_has_no_post() -> None:
    assert second_factor.is_demanded(User.objects.create(username="quantri", is_staff=True))


def test_the_roles_of_the_setting_are_the_roles_there_are() -> None:
    assert list(ROLES) == Role.values


# --- until then a stranger ------------------------------------------------------------------------------

PAGES = (
    *("/", "/gui/", "/tra-cuu/", "/xu-ly/", "/giam-sat/", "/quan-tri/", "/quan-tri/accounts/user/"),
    *("/xu-ly/{code}/", "/xu-ly/{code}/approve/", "/tra-cuu/{code}/", "/bien-nhan/{code}/", "/tep/1/"),
)


@pytest.mark.long
def test_before_the_code_every_page_answers_as_to_a_stranger() -> None:
    user = person(lambda: make.user(Role.ADMINISTRATOR))
    User.objects.filter(pk=user.pk).update(is_staff=True, is_superuser=True)
    enrolled(user)
    petition = make.petition("pending_approval", petitioner=user)
    half, stranger = at_the_door(user), Client()
    for page in PAGES:
        address = page.format(code=petition.code)
        ours, theirs = half.get(address), stranger.get(address)
        assert (ours.status_code, ours.headers.get("Location")) == (
            theirs.status_code,
            theirs.headers.get("Location"),
        ), address
        assert plain(ours) == plain(theirs), address
        ours, theirs = half.post(address), stranger.post(address)
        assert (ours.status_code, plain(ours)) == (theirs.status_code, plain(theirs)), address


def plain(answer: Any) -> str:
    """Without what differs from one answer to the next for anybody."""
    return re.sub(r'(nonce|value)="[^"]*"', "", answer.content.decode())


# --- wrong codes ----------------------------------------------------------------------------------------


@pytest.mark.long
def test_a_wrong_code_is_refused_and_the_next_must_wait_longer_each_time() -> None:
    user = person()
    device = enrolled(user)
    with time_machine.travel("2026-12-01T02:00:00Z", tick=False) as clock:
        client = at_the_door(user)
        for wait in (1, 2, 4, 8):
            assert client.post("/dang-nhap/ma/", {"code": "000000"}).status_code == 400
            answer = client.post("/dang-nhap/ma/", {"code": code_of(device)})
            assert (answer.status_code, answer["Retry-After"]) == (429, str(wait))
            assert f"sau {wait} giây" in answer.content.decode()
            clock.shift(wait)
        assert client.post("/dang-nhap/ma/", {"code": code_of(device)}).status_code == 302


@pytest.mark.parametrize("code", ["", "abc", "१२३४५६", "12345", "1234567", "0" * 41, "'--", "\x00"])
def test_nonsense_is_a_wrong_code(code: str) -> None:
    user = person()
    enrolled(user)
    client = at_the_door(user)
    assert client.post("/dang-nhap/ma/", {"code": code}).status_code == 400
    assert not is_in(client)


def test_a_code_opens_once() -> None:
    user = person()
    code = code_of(enrolled(user))
    first, second = at_the_door(user), at_the_door(user)
    assert first.post("/dang-nhap/ma/", {"code": f" {code[:3]} {code[3:]} "}).status_code == 302
    assert second.post("/dang-nhap/ma/", {"code": code}).status_code == 400


def test_a_code_of_somebody_elses_telephone_opens_nothing() -> None:
    user, other = person(), person()
    enrolled(user)
    client = at_the_door(user)
    assert client.post("/dang-nhap/ma/", {"code": code_of(enrolled(other))}).status_code == 400


# --- spare codes ----------------------------------------------------------------------------------------


def test_a_spare_code_opens_once_however_it_is_written_and_only_its_hash_is_kept() -> None:
    user = person()
    codes = enrol(at_the_door(user))
    kept = set(StaticToken.objects.values_list("token", flat=True))
    assert len(kept) == 10
    assert not kept & {code.replace("-", "") for code in codes}
    client = at_the_door(user)
    assert client.post("/dang-nhap/ma/", {"code": codes[0].upper().replace("-", " ")}).status_code == 302
    assert is_in(client)
    assert at_the_door(user).post("/dang-nhap/ma/", {"code": codes[0]}).status_code == 400
    assert StaticToken.objects.count() == 9


@pytest.mark.long
def test_new_spare_codes_end_the_old_ones() -> None:
    user = person()
    client = at_the_door(user)
    old = enrol(client)
    new = shown_codes(client.post("/dang-nhap/ma-du-phong/").content.decode())
    assert len(new) == 10
    assert second_factor.accept(user, new[0])
    assert not second_factor.accept(user, old[1])


@pytest.mark.long
def test_the_last_spare_codes_are_announced() -> None:
    user = person()
    codes = enrol(at_the_door(user))
    for code in codes[:7]:
        assert second_factor.accept(user, code)
    client = at_the_door(user)
    page = client.post("/dang-nhap/ma/", {"code": codes[7]}, follow=True).content.decode()
    assert "Chỉ còn 2 mã dự phòng" in page


@pytest.mark.parametrize("address", ["/dang-nhap/ma-du-phong/", "/dang-nhap/hai-buoc/"])
def test_who_owes_the_code_makes_no_spare_codes_and_replaces_no_telephone(address: str) -> None:
    user = person()
    device = enrolled(user)
    client = at_the_door(user)
    answer = client.post(address, {"code": "123456"})
    assert answer["Location"].startswith(("/dang-nhap/?next=", "/dang-nhap/ma/"))
    assert not StaticToken.objects.exists()
    assert list(TOTPDevice.objects.all()) == [device]


def test_a_stranger_is_sent_to_the_password() -> None:
    for address in ("/dang-nhap/ma/", "/dang-nhap/hai-buoc/", "/dang-nhap/ma-du-phong/"):
        assert Client().get(address)["Location"].split("?")[0] == "/dang-nhap/"


# --- another telephone, a lost one ----------------------------------------------------------------------


@pytest.mark.long
def test_another_telephone_takes_the_place_of_the_first() -> None:
    user = person()
    client = at_the_door(user)
    enrol(client)
    first = TOTPDevice.objects.get()
    enrol(client)
    (second,) = TOTPDevice.objects.all()
    assert second.key != first.key
    assert is_in(client)


@pytest.mark.long
def test_a_first_code_that_does_not_fit_keeps_no_telephone() -> None:
    client = at_the_door(person())
    client.get("/dang-nhap/hai-buoc/")
    answer = client.post("/dang-nhap/hai-buoc/", {"code": "000000"})
    assert (answer.status_code, "Mã chưa khớp" in answer.content.decode()) == (400, True)
    assert not TOTPDevice.objects.exists()
    assert not is_in(client)


def test_an_administrator_resets_a_lost_telephone_and_the_history_says_who_and_when(settings: Any) -> None:
    user = person()
    device = enrolled(user)
    lost = at_the_door(user)
    lost.post("/dang-nhap/ma/", {"code": code_of(device)})
    assert is_in(lost)
    administrator = User.objects.create(username="quantri", is_staff=True, is_superuser=True)
    settings.SECOND_FACTOR = frozenset()
    desk = Client()
    desk.force_login(administrator)
    told = {"action": "forget_second_factor", "_selected_action": [user.pk]}
    assert desk.post("/quan-tri/accounts/user/", told).status_code == 302
    settings.SECOND_FACTOR = APPROVER_AND_ABOVE
    assert not is_in(lost)
    entry = LogEntry.objects.get(object_id=str(user.pk))
    assert (entry.user, "Đặt lại xác thực hai bước" in entry.get_change_message()) == (administrator, True)
    assert at_the_door(user).get("/dang-nhap/ma/")["Location"] == "/dang-nhap/hai-buoc/"


def test_the_last_administrator_is_helped_by_a_command(capsys: pytest.CaptureFixture[str]) -> None:
    user = person()
    enrolled(user)
    call_command("reset_second_factor", user.username)
    assert not TOTPDevice.objects.exists()
    assert LogEntry.objects.get().object_id == str(user.pk)
    for name, code in ((user.username, 3), ("không có", 5)):
        with pytest.raises(SystemExit) as refused:
            call_command("reset_second_factor", name)
        assert refused.value.code == code


def test_the_keys_of_telephones_are_on_no_page_of_the_admin() -> None:
    administrator = User.objects.create(username="quantri", is_staff=True, is_superuser=True)
    desk = Client()
    desk.force_login(administrator)
    for address in ("/quan-tri/otp_totp/totpdevice/", "/quan-tri/otp_static/staticdevice/"):
        assert desk.get(address).status_code in (302, 404)


# --- the admin's own door -------------------------------------------------------------------------------


def test_the_admin_has_no_sign_in_of_its_own_and_is_not_there_for_who_administers_nothing() -> None:
    assert Client().get("/quan-tri/", follow=True).redirect_chain[-1] == ("/dang-nhap/?next=/quan-tri/", 302)
    client = Client()
    client.force_login(make.handler())
    nowhere = plain(client.get("/khong-co-trang-nay/"))
    for address in ("/quan-tri/", "/quan-tri/login/", "/quan-tri/accounts/user/", "/quan-tri/khong-co/"):
        answer = client.get(address)
        assert (answer.status_code, plain(answer)) == (404, nowhere), address
