"""Who looked at what: the access log, written before it is shown, for ever."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class LookQuerySet(models.QuerySet["Look"]):
    def at_identity(self) -> LookQuerySet:
        """Those that showed who sent a sealed one: his name, or a file that tells it."""
        return self.filter(sealed=True, named=True)

    def in_one_row(self) -> LookQuerySet:
        """Of an export its own row alone, without one for each petition in it."""
        return self.exclude(what=Look.What.EXPORT, about=WITHIN)


# What stands in `about` of a petition that went along in an export, whose own row tells how many.
WITHIN = "within"


class Look(models.Model):
    """One look of one person; never changed, never deleted, and nothing of a citizen stands in it.

    Of what is not sealed the same look is kept once an hour (`hour`); of what is sealed each one.
    """

    class What(models.TextChoices):
        PETITION = "petition", pgettext_lazy("xem", "Mở đơn")
        FILE = "file", pgettext_lazy("xem", "Mở tệp")
        IDENTITY = "identity", pgettext_lazy("xem", "Xem danh tính")
        EXPORT = "export", pgettext_lazy("xem", "Tải xuống")
        SEARCH = "search", pgettext_lazy("xem", "Tra cứu")

    # No constraint of the database: on PostgreSQL each look would wait for whoever is at work on the
    # petition. A petition is never deleted.
    petition = models.ForeignKey(
        "feedback.Petition",
        on_delete=models.PROTECT,
        related_name="looks",
        null=True,
        db_constraint=False,
        verbose_name=_("đơn"),
    )
    user = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, related_name="looks", verbose_name=_("người xem")
    )
    at = models.DateTimeField(_("lúc"), db_index=True)
    what = models.CharField(_("việc"), max_length=10, choices=What.choices)
    about = models.CharField(max_length=40, default="", blank=True)  # the file's number, the letter, the list
    right = models.CharField(_("quyền"), max_length=60, default="", blank=True)
    sealed = models.BooleanField(_("niêm phong"), default=False)  # it was, then
    named = models.BooleanField(_("kèm danh tính"), default=False)  # who sent it stood there
    page = models.CharField(_("trang"), max_length=40, default="", blank=True)  # the route, or the command
    rows = models.PositiveIntegerField(_("số dòng"), null=True)  # of what was exported or found
    hour = models.DateTimeField(null=True)  # of what is kept once an hour: the hour

    objects = LookQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("lượt xem")
        verbose_name_plural = pgettext_lazy("số nhiều", "lượt xem")
        # The auditor's page reads from the newest; these are rare among all others.
        indexes = [
            models.Index(fields=["what", "id"], name="look_what"),
            models.Index(fields=["id"], condition=models.Q(named=True, sealed=True), name="look_at_identity"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "petition", "what", "about", "named", "hour"],
                condition=models.Q(hour__isnull=False),
                name="one_look_an_hour",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.what} {self.petition_id} {self.at:%d/%m/%Y %H:%M}"
