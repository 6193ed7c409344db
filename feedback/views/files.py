"""Files of a petition: each is served only to whoever may see the petition itself."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.http import FileResponse, Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from feedback import access, earlier, permissions
from feedback.access import What
from feedback.models import Attachment, Petition
from feedback.redaction import file_name_as_seen
from feedback.views.opened import theirs


@require_safe
@never_cache
def attachment(request: HttpRequest, pk: int) -> FileResponse:
    """Handed over to be saved; a page may still show a picture in itself. Nothing in it may run.

    Each fetching by an official is kept before it is sent; a sealed denouncer's own shows who he is, and to
    whoever may not look it does not exist.
    """
    # Asked before anything: by its headers too, the 404 of what is there is that of what is not.
    seen, mine = _seen(request), theirs(request)
    file = get_object_or_404(Attachment.objects.select_related("petition__contact"), pk=pk)
    own = mine.filter(pk=file.petition_id).exists()
    if not seen.filter(pk=pk).exists():
        _look_by_appeal(file, request.user)
    elif not own:
        _look(file, request.user)
    name = file.name if own else file_name_as_seen(file, request.user)
    response = FileResponse(file.file.open("rb"), as_attachment=True, filename=name)
    response["Content-Type"] = file.media_type
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def _look(file: Attachment, user: Any) -> None:
    """Keep it; raises Http404 where it tells who sent a sealed denunciation and he may not see that."""
    petition = file.petition
    tells = petition.letter_sealed and not file.evidence
    if tells and not permissions.can_see_files(user, petition):
        raise Http404
    access.kept(
        user, What.FILE, petition=petition, about=str(file.pk), page="feedback:attachment", named=tells
    )


def _look_by_appeal(file: Attachment, user: Any) -> None:
    """Keep it; raises Http404 where he judges nothing that is against what it came with or brought."""
    appeal = earlier.opens(user, file) if user.is_authenticated else None
    if appeal is None:
        raise Http404
    page = "feedback:attachment"
    access.kept_by_appeal(user, What.FILE, file.petition, appeal=appeal, page=page, about=str(file.pk))


def _seen(request: HttpRequest) -> QuerySet[Attachment]:
    """Officials by their sight; whoever asked, without what belongs to an answer that was not sent."""
    own = Attachment.objects.for_petitioner().filter(petition__in=theirs(request))
    seen = Petition.objects.visible_to(request.user)
    return Attachment.objects.filter(Q(petition__in=seen) | Q(pk__in=own.values("pk")))
