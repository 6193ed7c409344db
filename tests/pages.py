"""A browser as far as a test needs one: signed in as somebody, and what stands on the page."""

from __future__ import annotations

import html
import io
import re
from importlib import import_module
from typing import Any

import lxml.html
import pypdf
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.test import Client

from accounts.models import User
from feedback.models import Petition
from feedback.submission import KeptReceipt
from feedback.views.opened import COOKIE, signed


def at(user: User) -> Client:
    """A client that this person has signed in with: the session alone, without the steps to it."""
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[-1]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    return client


def words(answer: Any) -> str:
    """The page as it was sent."""
    return str(answer.content.decode())


def onward(client: Client, page: str) -> str:
    """The address to which the link to the next petition on this page leads."""
    link = re.search(r'href="([^"]+)" rel="next"', page)
    assert link, "no link to the next"
    return str(client.get(html.unescape(link[1])).headers["Location"]).replace("%7E", "~")


def opened(petition: Petition) -> Client:
    """A browser that has shown the secret of this petition."""
    client = Client()
    client.cookies[COOKIE] = signed([KeptReceipt.of(petition)])
    return client


def in_pdf(file: bytes) -> str:
    """Its words, a page after the other."""
    pages = pypdf.PdfReader(io.BytesIO(file)).pages
    return " ".join(" ".join(page.extract_text().split()) for page in pages)


def as_sent(page: str) -> dict[str, list[str]]:
    """What a browser sends of the admin's form on this page where nobody changed anything: what is shut it
    leaves out."""
    forms = lxml.html.fromstring(page).forms
    (form,) = (form for form in forms if (form.get("id") or "").endswith("_form"))
    told: dict[str, list[str]] = {}
    for name, value in form.form_values():
        told.setdefault(name, []).append(value)
    return told
