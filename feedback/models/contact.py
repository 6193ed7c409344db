"""Who asks, kept apart from what is asked."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from feedback.sealing import SealedField, digest, opens

PHONE = "contact.phone"


class ContactQuerySet(models.QuerySet["Contact"]):
    """Contacts, found by what stands sealed in them."""

    def of_phone(self, phone: str) -> ContactQuerySet:
        """Those who left this number, written as `submission` writes it; none for an empty one."""
        return self.filter(phone_digest=digest(phone, PHONE)) if phone else self.none()

    def open_with_our_key(self) -> bool:
        """Whether IDENTITY_KEY is the one that the first of them was sealed with; True if there is none."""
        fields = ("name", "phone", "email")
        as_kept = {f"kept_{name}": Cast(name, models.TextField()) for name in fields}
        told = self.exclude(**dict.fromkeys(fields, "")).order_by("pk")
        first = told.annotate(**as_kept).values_list(*as_kept).first()
        return first is None or any(
            kept and opens(kept, f"contact.{name}") for name, kept in zip(fields, first, strict=True)
        )


class Contact(models.Model):
    """A person or an organisation; every field may be empty, for one may also stay unknown."""

    petition = models.OneToOneField("feedback.Petition", on_delete=models.CASCADE, related_name="contact")
    name = SealedField(_("họ tên"), blank=True)
    organisation = SealedField(_("tổ chức"), blank=True)
    tax_code = SealedField(_("mã số thuế"), blank=True)
    phone = SealedField(_("điện thoại"), blank=True)
    phone_digest = models.CharField(max_length=64, blank=True, editable=False, db_index=True)
    email = SealedField(_("thư điện tử"), blank=True)
    residence = SealedField(_("địa chỉ"), blank=True)  # a complaint names it (Luật Khiếu nại 2011, Điều 8)
    hidden = models.BooleanField(_("giấu tên với cơ quan xử lý"), default=False)
    anonymous = models.BooleanField(_("không để lại danh tính"), default=False)
    # He denounces somebody in this matter, with this petition or one of its family: as `steps` keeps it.
    secret = models.BooleanField(_("người tố cáo, giữ bí mật"), default=False)
    # Addresses that an official said are not his, one a line in small letters: nothing goes there, whoever
    # else names them (his account).
    not_his = SealedField(_("địa chỉ thư không phải của người gửi"), blank=True)
    # Since when a mail server says that there is no such address; None once a letter is taken.
    unreached_since = models.DateTimeField(_("thư không đến được từ"), null=True, blank=True)

    objects = ContactQuerySet.as_manager()

    def __str__(self) -> str:
        return self.organisation or self.name or str(_("Người gửi"))

    def save(self, *args: Any, **kwargs: Any) -> None:
        """The number is found by its digest alone."""
        self.phone_digest = digest(self.phone, PHONE)
        super().save(*args, **kwargs)

    def disowns(self, address: str) -> bool:
        """Whether this was said not to be his; "" is no address."""
        return bool(address) and address.casefold() in self.not_his.split("\n")

    def move_to(self, address: str) -> None:
        """He reads here from now on; "": where he read until now was not his."""
        kept = {*self.not_his.split("\n"), "" if address else self.email.casefold()}
        self.not_his = "\n".join(sorted(kept - {"", address.casefold()}))
        self.email = address
        self.unreached_since = None  # of another address nobody knows yet

    @property
    def party(self) -> str:
        """`organisation` or `person`; the only fact of the contact that figures may use."""
        return "organisation" if self.organisation else "person"
