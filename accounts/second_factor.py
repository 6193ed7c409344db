"""The second factor: a code from one's own telephone after the password, and spare codes for its loss."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import re
import secrets
from base64 import b32encode
from typing import TYPE_CHECKING

import django_otp
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django_otp.models import Device
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.models import Role, User

if TYPE_CHECKING:
    from collections.abc import Iterator

SPARE_CODES = 10
KEY_BYTES = 20  # RFC 4226, section 4: 160 bits
SIX_DIGITS = re.compile(r"[0-9]{6}")
# Base32 without what is read wrongly; fifty bits each.
LETTERS = "abcdefghijklmnopqrstuvwxyz234567"


def is_demanded(user: User) -> bool:
    """Whether one of this person's roles may only be used after a second factor."""
    roles: frozenset[str] = settings.SECOND_FACTOR
    administers = user.is_staff or user.is_superuser
    return (administers and Role.ADMINISTRATOR in roles) or (
        bool(roles) and any(post.role in roles for post in user.posts)
    )


def is_in(user: User | AnonymousUser) -> bool:
    """Whether this session may act for the person: a telephone once enrolled is asked for ever after."""
    if not isinstance(user, User) or getattr(user, "otp_device", None) is not None:
        return True
    return not user.two_steps and not is_demanded(user)


def waiting(request: HttpRequest) -> User | None:
    """Who has given the password and still owes the second factor."""
    person: User | AnonymousUser = getattr(request, "signed_in", request.user)
    return person if isinstance(person, User) and not is_in(person) else None


def spare_codes_left(user: User) -> int:
    return int(StaticToken.objects.filter(device__user=user).count())


# --- enrolling ------------------------------------------------------------------------------------------


def new_key() -> str:
    return secrets.token_hex(KEY_BYTES)


def proposed(user: User, key: str) -> TOTPDevice:
    """A telephone that is not kept yet: its `config_url` is what the picture holds."""
    return TOTPDevice(user=user, key=key, name="telephone", confirmed=True)


def typed(device: TOTPDevice) -> str:
    """The key as it is typed by hand where no picture can be taken: groups of four letters."""
    letters = b32encode(device.bin_key).decode()
    return " ".join(letters[at : at + 4] for at in range(0, len(letters), 4))


def enrol(request: HttpRequest, user: User, key: str, code: str) -> list[str] | None:
    """Keep the telephone whose code fits, in place of any earlier one; gives back new spare codes.

    None if the code does not fit, or another session of this person was quicker: who owes the second
    factor can never replace one that is there.
    """
    with transaction.atomic():
        kept = User.objects.select_for_update().get(pk=user.pk)
        if kept.two_steps and not may_enrol(user):
            return None
        device = proposed(user, key)
        device.save()
        if not device.verify_token(code):
            device.delete()
            return None
        TOTPDevice.objects.filter(user=user).exclude(pk=device.pk).delete()
        _mark(user, two_steps=True)
        codes = renew_spare_codes(user)
    let_in(request, user, device)
    return codes


def may_enrol(user: User) -> bool:
    """The first telephone, or another one by who has shown the one that is there."""
    return not user.two_steps or getattr(user, "otp_device", None) is not None


def _mark(user: User, *, two_steps: bool) -> None:
    User.objects.filter(pk=user.pk).update(two_steps=two_steps)
    user.two_steps = two_steps


@transaction.atomic
def renew_spare_codes(user: User) -> list[str]:
    """New spare codes, told here and kept only as keyed hashes; the old ones open nothing any more."""
    device, _created = StaticDevice.objects.get_or_create(user=user, name="spare")
    device.token_set.all().delete()
    codes = list(_new_codes())
    StaticToken.objects.bulk_create(StaticToken(device=device, token=_hashed(code)) for code in codes)
    return codes


def _new_codes() -> Iterator[str]:
    for _number in range(SPARE_CODES):
        letters = "".join(secrets.choice(LETTERS) for _place in range(10))
        yield f"{letters[:5]}-{letters[5:]}"


def _hashed(code: str) -> str:
    """Sixteen letters: what the library's column holds, and enough for fifty random bits."""
    letters = "".join(char for char in code.lower() if char in LETTERS)
    digest = hmac.new(settings.IDENTITY_KEY.encode(), b"spare:" + letters.encode(), hashlib.sha256).digest()
    return b32encode(digest[:10]).decode()


# --- showing it -----------------------------------------------------------------------------------------


def accept(user: User, code: str) -> Device | None:
    """What the code belongs to: six digits to the telephone, else a spare code, which is then used up.

    A code opens once; wrong ones are answered later and later (1, 2, 4 ... seconds, kept with the device).
    """
    word = "".join(code.split())
    kind, shown = (TOTPDevice, word) if SIX_DIGITS.fullmatch(word) else (StaticDevice, _hashed(word))
    with transaction.atomic():
        device: Device | None = kind.objects.select_for_update().filter(user=user, confirmed=True).first()
        return device if device and device.verify_token(shown) else None


def closed_for(user: User) -> int:
    """Seconds until another code is looked at; 0 when one may be given now."""
    devices = django_otp.devices_for_user(user)
    until = [
        told["locked_until"]
        for allowed, told in (each.verify_is_allowed() for each in devices)
        if not allowed
    ]
    left = max(until, default=timezone.now()) - timezone.now()
    return max(0, -(-left // dt.timedelta(seconds=1)))


def let_in(request: HttpRequest, user: User, device: Device) -> None:
    """From now on this session acts for the person; under a new session key."""
    request.user = user
    django_otp.login(request, device)
    request.session.cycle_key()


def forget(user: User) -> bool:
    """Take away the telephone and the spare codes: the next sign-in enrols anew. False if there was none.

    Sessions that showed the old telephone are out at once.
    """
    with transaction.atomic():
        found = [kind.objects.filter(user=user).delete()[0] for kind in (TOTPDevice, StaticDevice)]
        _mark(user, two_steps=False)
    return any(found)
