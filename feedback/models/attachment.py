"""A file that came with a petition; private, served only through a permission-checked view."""

from __future__ import annotations

from collections.abc import Collection

from django.core.files.storage import FileSystemStorage, Storage
from django.db import models
from django.utils.translation import gettext_lazy as _


def private_files() -> Storage:
    """`MEDIA_ROOT`, outside every folder that a web server might hand out; it has no address."""
    return FileSystemStorage()


# Whose files come with the answer, and whose are not the sender's.
ANSWERING = frozenset({"draft_reply", "fulfil"})
OF_OFFICIALS = ANSWERING | {"note"}


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def for_petitioner(self) -> AttachmentQuerySet:
        """One's own files, and those of answers that were sent: never what an approver sent back."""
        return self.filter(models.Q(evidence=False) | models.Q(reply__approved_at__isnull=False))

    def unsent(self, digests: Collection[str]) -> AttachmentQuerySet:
        """Those with these SHA-256 that came with drafts which nobody sent."""
        return self.filter(sha256__in=digests, reply__isnull=False, reply__approved_at__isnull=True)


class Attachment(models.Model):
    """One picture or document, re-encoded or sniffed before it was stored."""

    petition = models.ForeignKey("feedback.Petition", on_delete=models.CASCADE, related_name="attachments")
    # Random on disk: a file name may carry a person's name.
    file = models.FileField(storage=private_files, max_length=100)
    name = models.CharField(_("tên tệp"), max_length=120)
    media_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    evidence = models.BooleanField(_("bằng chứng kết quả"), default=False)
    # The draft that an evidence came with, or went with again after it was sent back.
    reply = models.ForeignKey(
        "feedback.Reply", on_delete=models.CASCADE, null=True, blank=True, related_name="enclosures"
    )
    created_at = models.DateTimeField()

    objects = AttachmentQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name

    @property
    def is_image(self) -> bool:
        return self.media_type.startswith("image/")


class DiscardedFile(models.Model):
    """A file of what was erased, until it is gone from the disk: written with the erasure, undone with it."""

    file = models.FileField(storage=private_files, max_length=100)

    def __str__(self) -> str:
        return str(self.file.name)
