"""Black boxes over a picture: drawn by two taps each, burned into a new file; the original stays private."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.core.files.base import ContentFile
from django.utils import timezone
from PIL import Image

from accounts.models import User
from feedback.attachments import redrawing
from feedback.models import Attachment, DiscardedFile, Petition, PublicPicture

Corner = tuple[int, int]
Box = redrawing.Box
SHOWN_WIDTH = 640  # CSS pixels at most: where somebody taps is told in these
MOST_BOXES = 40


@dataclass(frozen=True)
class Sheet:
    """A picture on the reviewer's page: its size, and as how wide it is shown, all in pixels."""

    width: int
    height: int

    @classmethod
    def of(cls, file: Attachment) -> Sheet:
        with file.file.open("rb") as opened, Image.open(opened) as picture:
            return cls(*picture.size)

    @property
    def shown_width(self) -> int:
        return min(self.width, SHOWN_WIDTH)

    @property
    def shown_height(self) -> int:
        return round(self.height * self.shown_width / self.width)

    def at(self, x: int, y: int) -> Corner:
        """The pixel of the picture under a tap."""
        return self._inside(x * self.width // self.shown_width, y * self.width // self.shown_width)

    def part(self, left: int, top: int, width: int, height: int) -> Box:
        """A box told in hundredths of the picture, for whoever has no pointer."""
        ends = ((left, top), (left + width, top + height))
        corners = [self._inside(x * self.width // 100, y * self.height // 100) for x, y in ends]
        return box_of(*corners)

    def _inside(self, x: int, y: int) -> Corner:
        return max(0, min(x, self.width - 1)), max(0, min(y, self.height - 1))


def box_of(one: Corner, other: Corner) -> Box:
    """The box between two corners, whichever was tapped first."""
    (left, right), (top, bottom) = sorted((one[0], other[0])), sorted((one[1], other[1]))
    return left, top, right, bottom


def pictures_of(petition: Petition) -> list[Attachment]:
    """What could be shown of it: pictures of the sender, and of the answer that was sent."""
    files = petition.attachments.for_petitioner().order_by("pk")
    return [file for file in files if file.is_image]


def looked_at(petition: Petition) -> dict[int, PublicPicture]:
    """The pictures that a reviewer has made ready, the youngest of each file, by the file's number."""
    return {one.source_id: one for one in petition.public_pictures.order_by("pk")}


def make_ready(file: Attachment, boxes: Sequence[Box], *, by: User) -> PublicPicture:
    """Burn the boxes into a new file. What was made before goes, unless it is public just now."""
    with file.file.open("rb") as opened:
        raw, size = redrawing.burned(opened.read(), boxes)
    old = list(file.in_public.filter(copy__isnull=True))
    ready = PublicPicture.objects.create(
        petition=file.petition,
        source=file,
        file=ContentFile(raw, name=f"{uuid.uuid4().hex}.jpg"),
        sha256=hashlib.sha256(raw).hexdigest(),
        width=size[0],
        height=size[1],
        boxes=len(boxes),
        looked_by=by,
        looked_at=timezone.now(),
    )
    throw_away(old)
    return ready


def throw_away(pictures: Iterable[PublicPicture]) -> None:
    """Their rows now, their files by the clock's next round at the latest."""
    for one in pictures:
        DiscardedFile.objects.create(file=one.file.name)
        one.delete()
