"""Who asks, kept apart from what is asked."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Contact(models.Model):
    """A person or an organisation; every field may be empty, for one may also stay unknown."""

    petition = models.OneToOneField("feedback.Petition", on_delete=models.CASCADE, related_name="contact")
    name = models.CharField(_("họ tên"), max_length=150, blank=True)
    organisation = models.CharField(_("tổ chức"), max_length=250, blank=True)
    tax_code = models.CharField(_("mã số thuế"), max_length=14, blank=True)
    phone = models.CharField(_("điện thoại"), max_length=20, blank=True)
    email = models.EmailField(_("thư điện tử"), blank=True)
    hidden = models.BooleanField(_("giấu tên với đơn vị xử lý"), default=False)
    anonymous = models.BooleanField(_("không để lại danh tính"), default=False)

    def __str__(self) -> str:
        return self.organisation or self.name or str(_("Người gửi"))

    @property
    def party(self) -> str:
        """`organisation` or `person`; the only fact of the contact that figures may use."""
        return "organisation" if self.organisation else "person"
