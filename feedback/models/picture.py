"""A picture as everyone may see it: looked at by a reviewer, with its black boxes burned in."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from feedback.models.attachment import private_files


class PublicPicture(models.Model):
    """A new file, made of a file that came with a petition, which stays private.

    It is public where `copy` says of what; else it waits, or is no longer shown.
    """

    petition = models.ForeignKey(
        "feedback.Petition", on_delete=models.CASCADE, related_name="public_pictures"
    )
    source = models.ForeignKey("feedback.Attachment", on_delete=models.CASCADE, related_name="in_public")
    copy = models.ForeignKey(
        "feedback.PublicPetition", on_delete=models.SET_NULL, null=True, blank=True, related_name="pictures"
    )
    file = models.FileField(storage=private_files, max_length=100)
    sha256 = models.CharField(max_length=64)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    boxes = models.PositiveSmallIntegerField(default=0)  # how many places are black
    looked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    looked_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.petition_id} {self.sha256[:8]}"
