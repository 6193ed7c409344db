"""Whether a letter reaches whoever sent a petition, and what is said where none does.

Never his address: whoever may know it reads it where it stands.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from feedback.models import Notice, Petition
from feedback.workflow import State


class Reach(models.TextChoices):
    """How far a letter to him gets."""

    LETTER = "letter"
    REFUSED = "refused", _l("Thư gửi người gửi không đến được: máy chủ thư báo không có địa chỉ này.")
    NO_ADDRESS = "no_address", _l("Người gửi không để lại địa chỉ thư.")
    NO_SERVER = "no_server", _l("Hệ thống này chưa gửi thư đi được.")


ONLY_IF_HE_LOOKS = _l(
    "Không ai báo được cho người gửi: họ chỉ biết khi tự mở trang tra cứu. Có số điện thoại thì nên gọi."
)


def address_of(petition: Petition) -> str:
    """Where letters to him go; "" where he left none, or what he left was said not to be his."""
    contact = petition.sender
    account = petition.petitioner if petition.petitioner_id else None
    if contact and contact.email:
        return contact.email
    email = account.email if account else ""
    return "" if contact and contact.disowns(email) else email


def address_now(pk: int) -> str:
    """The same of the petition with this key, as it stands at this very moment: asked before each sending."""
    return address_of(Petition.objects.select_related("contact", "petitioner").get(pk=pk))


def of(petition: Petition) -> Reach:
    contact = petition.sender
    if not address_of(petition):
        return Reach.NO_ADDRESS
    if contact and contact.unreached_since:
        return Reach.REFUSED
    return Reach.LETTER if settings.EMAIL_URL else Reach.NO_SERVER


def warned(petition: Petition) -> str:
    """For whoever is about to write to him; "" where a letter goes out."""
    found = of(petition)
    return "" if found == Reach.LETTER else f"{found.label} {ONLY_IF_HE_LOOKS}"


def said(petition: Petition) -> str:
    """For the page of officials: that what he is told does not come to him; "" where nothing says so."""
    contact = petition.sender
    refused = contact is not None and contact.unreached_since is not None
    return warned(petition) if refused or petition.state == State.NEEDS_INFO else ""


def question_unheard(petition: Petition) -> str:
    """For whoever closes because he was silent: that the last question never left for him, or went to
    somebody else; else ""."""
    asked = petition.steps.filter(action="ask").order_by("-seq").first()
    letter = asked.notices.filter(recipient=Notice.PETITIONER).first() if asked else None
    if letter is None or (letter.sent_at and not _went_astray(petition, letter)):
        return ""
    return f"{_why(petition, letter)} {_('Họ có thể chưa biết mình được hỏi: xin gọi nếu có số điện thoại.')}"


def _went_astray(petition: Petition, letter: Notice) -> bool:
    """To an address that was said not to be his."""
    return petition.sender is not None and petition.sender.disowns(letter.address)


def _why(petition: Petition, letter: Notice) -> Any:
    if letter.sent_at:
        return _("Câu hỏi đã gửi tới một địa chỉ thư không phải của người gửi.")
    if letter.refused_at:
        return _("Câu hỏi không đến được người gửi: máy chủ thư báo không có địa chỉ này.")
    if letter.channel == Notice.Channel.EMAIL:
        return _("Thư hỏi người gửi chưa gửi đi được.")
    if not address_of(petition):
        return _("Không có thư nào báo cho người gửi câu hỏi này: họ không để lại địa chỉ thư.")
    return _("Không có thư nào báo cho người gửi câu hỏi này.")


def unreached_address(petition: Petition) -> str:
    """The address that refuses his letters, as he knows it again and nobody else learns it; "" where none
    does."""
    contact = petition.sender
    if not contact or not contact.unreached_since:
        return ""
    name, at, host = address_of(petition).partition("@")
    return f"{name[:1]}…{at}{host}"
