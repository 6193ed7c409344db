"""Which petitions this browser has shown the secret of: kept by the browser, in one signed cookie.

No table knows it: a row would tie together what one person filed, anonymous petitions included, and
would cost each of them a second commit.
"""

from __future__ import annotations

from django.conf import settings
from django.core import signing
from django.db.models import Q
from django.http import HttpRequest, HttpResponse

from accounts.links import link_to
from accounts.models import User
from feedback import codes
from feedback.models import Petition, PetitionQuerySet
from feedback.submission import KeptReceipt

COOKIE = settings.OPENED_COOKIE_NAME
# Names what the cookie holds: one of another shape is nobody's.
SALT = f"{COOKIE}-receipts"
RECEIPT_COOKIE = "receipt"
# How long the browser alone keeps the secret, so that a reloaded receipt still shows it.
SECRET_AGE_S = 30 * 60
MOST = 20


def ways_in(petition: Petition, secret: str) -> dict[str, str]:
    """Where whoever sent it looks it up: the page to type, and while the secret is shown his own link."""
    page = link_to("feedback:track")
    link = f"{page}?code={petition.code}&secret={secret}" if secret else ""
    told = {"secret": secret, "page": page.partition("://")[2], "link": link}
    return told | {"qr": codes.qr(link) if link else ""}


def is_opened(request: HttpRequest, petition: Petition) -> bool:
    """What was split off or appeals is opened by the secret of where it comes from."""
    return any(petition.descends_from(pk) for pk in opened(request))


def theirs(request: HttpRequest) -> PetitionQuerySet:
    """What this browser has opened, or the signed-in person filed.

    One question for what is there and what is not: neither the answer nor its time tells them apart.
    """
    shown, user = opened(request), request.user
    own = Q(petitioner_id=user.pk) if isinstance(user, User) else Q(pk__in=[])
    opened_here = Petition.objects.opened_with(shown).values("pk")
    return Petition.objects.filter(Q(pk__in=opened_here) | own)


def remember(request: HttpRequest, response: HttpResponse, petition: Petition) -> None:
    """It may come back without the secret until the browser closes or signs out, half a day at most."""
    others = [kept for kept in receipts(request) if kept.pk != petition.pk]
    response.set_cookie(
        COOKIE,
        signed([*others, KeptReceipt.of(petition)][-MOST:]),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def show_secret(response: HttpResponse, secret: str, address: str) -> None:
    """Let the page at this address alone show it for a while: no session or table ever holds it."""
    response.set_cookie(
        RECEIPT_COOKIE,
        secret,
        max_age=SECRET_AGE_S,
        path=address,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def shown_secret(request: HttpRequest, petition: Petition) -> str:
    """The secret that this browser still brings to this page; "" once it is gone or is another's."""
    secret = request.COOKIES.get(RECEIPT_COOKIE, "")
    fits = bool(secret) and codes.secret_fits(petition.code, secret, petition.secret_hash)
    return secret if fits else ""


def signed(kept: list[KeptReceipt]) -> str:
    return signing.dumps(kept, salt=SALT)


def opened(request: HttpRequest) -> list[int]:
    """Their primary keys, last opened last."""
    return [kept.pk for kept in receipts(request)]


def receipts(request: HttpRequest) -> list[KeptReceipt]:
    """Last opened last; none where the cookie is missing, too old, or not ours."""
    try:
        kept = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=settings.SESSION_COOKIE_AGE)
    except signing.BadSignature:
        return []
    return [KeptReceipt(*pair) for pair in kept]
