"""Who asks, kept apart from what is asked."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from feedback.sealing import SealedField


class Contact(models.Model):
    """A person or an organisation; every field may be empty, for one may also stay unknown."""

    petition = models.OneToOneField("feedback.Petition", on_delete=models.CASCADE, related_name="contact")
    name = SealedField(_("họ tên"), blank=True)
    organisation = SealedField(_("tổ chức"), blank=True)
    tax_code = SealedField(_("mã số thuế"), blank=True)
    phone = SealedField(_("điện thoại"), blank=True)
    email = SealedField(_("thư điện tử"), blank=True)
    hidden = models.BooleanField(_("giấu tên với đơn vị xử lý"), default=False)
    anonymous = models.BooleanField(_("không để lại danh tính"), default=False)

    def __str__(self) -> str:
        return self.organisation or self.name or str(_("Người gửi"))

    @property
    def party(self) -> str:
        """`organisation` or `person`; the only fact of the contact that figures may use."""
        return "organisation" if self.organisation else "person"
