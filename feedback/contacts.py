"""Who sent it, told after filing: he adds what a complaint or denunciation needs; what stands is mended by an
official alone, who answers for it by name: whoever finds a receipt must not give it another address."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from accounts.models import User
from feedback.facts import TOLD_LATER
from feedback.models import Petition, Step
from feedback.permissions import Actor, can_see_contact
from feedback.submission import CHECKS
from feedback.workflow import PETITIONS_AT_LAW

# Luật Khiếu nại 2011, Điều 8; Luật Tố cáo 2018, Điều 23.
NEEDED = ("name", "residence")
CALLED: Mapping[str, Any] = {
    "name": _l("họ tên"),
    "residence": _l("địa chỉ"),
    "phone": _l("điện thoại"),
    "email": _l("thư điện tử"),
}


def unknown(petition: Petition) -> tuple[str, ...]:
    """Which of TOLD_LATER nobody has told; an organisation has its name. () once its words are erased."""
    contact = petition.sender
    if contact is None:
        return ()
    named = {"name": contact.name or contact.organisation}
    return tuple(one for one in TOLD_LATER if not named.get(one, getattr(contact, one)))


def owed(petition: Petition) -> tuple[str, ...]:
    """Which of NEEDED nobody has told, whatever it is about."""
    left = unknown(petition)
    return tuple(one for one in NEEDED if one in left)


def lacking(petition: Petition) -> tuple[str, ...]:
    """Which of NEEDED an open complaint or denunciation, suspected or formal, still lacks; () of all else."""
    return owed(petition) if petition.kind in PETITIONS_AT_LAW and petition.is_open else ()


def named(fields: Iterable[str]) -> str:
    """These fields in words, as within a sentence; what is not known by name is left out."""
    return ", ".join(str(CALLED[one]) for one in fields if one in CALLED)


def told_words(fields: Collection[str], stood: Collection[str] = (), gone: Collection[str] = ()) -> str:
    """What is read under the step, in Vietnamese whatever the page spoke.

    `stood`: what was there before; `gone`: what was taken away.
    """
    added = [one for one in fields if one not in stood]
    mended = [one for one in fields if one in stood and one not in gone]
    with translation.override("vi"):
        told = (("Đã bổ sung", named(added)), ("Đã sửa", named(mended)), ("Đã bỏ", named(gone)))
    return " ".join(f"{done}: {names}." for done, names in told if names)


def may_mend(by: Actor | None, petition: Petition) -> bool:
    """An official who may know him anyway, and is not he himself."""
    if not isinstance(by, User) or petition.petitioner_id == by.pk:
        return False
    return petition.sender is not None and can_see_contact(by, petition)


def checked(told: Mapping[str, Any], petition: Petition, *, by: Actor) -> dict[str, Any]:
    """What was told of the sender of a petition that is locked, clean as at intake; what is empty left out.

    Raises PermissionDenied for whoever may not know him, ValidationError with one sentence a field.
    """
    if not can_see_contact(by, petition):
        raise PermissionDenied(_("Bạn không có quyền làm việc này."))
    mends = may_mend(by, petition)
    if not mends and not lacking(petition):
        raise ValidationError({"contact": _("Đơn này đã có họ tên, địa chỉ, hoặc không còn bổ sung được.")})
    given, errors = _clean(told)
    if mends and told.get("no_email") and "email" not in given:
        given["email"] = ""
    free = TOLD_LATER if mends else unknown(petition)
    stands = _("Đã có rồi, không ghi đè; muốn sửa, xin viết ở phần nói thêm.")
    errors |= {name: stands for name in given if name not in free}
    if not given and not errors:
        errors["name"] = _("Xin ghi họ tên, địa chỉ.")
    if petition.contact.anonymous and not told.get("known"):
        errors["known"] = _("Bạn đã chọn không để lại danh tính; nếu nay đồng ý, xin đánh dấu ô này.")
    if errors:
        raise ValidationError(errors)
    return {**given, "hidden": bool(told.get("hidden"))}


def _clean(told: Mapping[str, Any]) -> tuple[dict[str, str], dict[str, Any]]:
    given, errors = {}, {}
    for name in TOLD_LATER:
        try:
            given[name] = CHECKS[name](str(told.get(name) or ""))
        except ValidationError as error:
            errors[name] = error.messages[0]
    return {name: value for name, value in given.items() if value}, errors


def add(step: Step, told: Mapping[str, Any]) -> None:
    """Keep what was told, in the step's transaction; whoever stayed unknown until now stays hidden from the
    agency that handles it."""
    given = told.get("contact")
    if not given:
        return
    contact = step.petition.contact
    contact.hidden = contact.hidden or contact.anonymous or given["hidden"]
    contact.anonymous = False
    fields = [name for name in TOLD_LATER if name in given]
    for name in fields:
        if name == "email":
            contact.move_to(given[name])
        else:
            setattr(contact, name, given[name])
    known = ("phone_digest", "hidden", "anonymous", "not_his", "unreached_since")
    contact.save(update_fields=[*fields, *known])
