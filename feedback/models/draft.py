"""An answer that is still being written: words nobody has been shown yet, kept on the server."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from feedback.models.reply import Outcome
from feedback.models.sight import barred
from feedback.permissions import WORKERS

WINDOW = 16


def a_window() -> str:
    """The name of one page that was sent out to be typed on."""
    return secrets.token_hex(WINDOW // 2)


class ReplyDraftQuerySet(models.QuerySet["ReplyDraft"]):
    def visible_to(self, user: User) -> ReplyDraftQuerySet:
        """One's own, and those of the people one answers with: never what another agency wrote.

        Nor of a petition whose accused one's body has turned out to be: not even what one typed oneself.
        """
        own = models.Q(person=user)
        seen = self.filter(own | models.Q(agency_id__in=user.agencies_as(*WORKERS)))
        return seen.exclude(barred(user, of="petition__"))


class ReplyDraft(models.Model):
    """What one person has typed in one window; replaced by its next save, gone with the answer.

    One a person, until two windows of his begin with the same words: then each goes on in a row of its own.
    """

    petition = models.ForeignKey("feedback.Petition", on_delete=models.CASCADE, related_name="drafts")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    # Who led when it was written: after a hand-over the next agency does not read it.
    agency = models.ForeignKey("routing.Agency", on_delete=models.PROTECT, null=True, related_name="+")
    outcome = models.CharField(_("kết quả"), max_length=20, choices=Outcome.choices, blank=True)
    text = models.TextField(_("nội dung trả lời"), blank=True)
    evidence = models.TextField(_("bằng chứng"), blank=True)
    plan_date = models.DateField(_("ngày hẹn"), null=True, blank=True)
    updated_at = models.DateTimeField()
    window = models.CharField(max_length=WINDOW, default=a_window)  # the page that saved it last
    saves = models.PositiveIntegerField(default=0)

    objects = ReplyDraftQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["petition", "person", "window"], name="one_draft_a_window")
        ]

    def __str__(self) -> str:
        return f"{self.petition_id} {self.person_id}"

    @property
    def version(self) -> str:
        """What a page that shows it brings back: another save in between makes it another."""
        return f"{self.pk}-{self.saves}"
