"""Files of a petition: each is served only to whoever may see the petition itself."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.http import FileResponse, Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from feedback import permissions
from feedback.models import Attachment, Look, Petition
from feedback.redaction import file_name_as_seen
from feedback.views.opened import theirs


@require_safe
@never_cache
def attachment(request: HttpRequest, pk: int) -> FileResponse:
    """Handed over to be saved; a page may still show a picture in itself. Nothing in it may run.

    A sealed denouncer's own is a look at who he is, written before it is sent; to whoever may not look it
    does not exist.
    """
    file = get_object_or_404(_seen(request).select_related("petition"), pk=pk)
    own = theirs(request).filter(pk=file.petition_id).exists()
    if not own:
        _look(file, request.user)
    name = file.name if own else file_name_as_seen(file, request.user)
    response = FileResponse(file.file.open("rb"), as_attachment=True, filename=name)
    response["Content-Type"] = file.media_type
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _look(file: Attachment, user: Any) -> None:
    """Keep it where the file tells who sent a sealed denunciation; raises Http404 where he may not see it."""
    petition = file.petition
    if file.evidence or not petition.denouncer_sealed:
        return
    if not permissions.can_see_files(user, petition):
        raise Http404
    Look.objects.create(petition=petition, user=user, at=timezone.now())


def _seen(request: HttpRequest) -> QuerySet[Attachment]:
    """Officials by their sight; whoever asked, without what belongs to an answer that was not sent."""
    own = Attachment.objects.for_petitioner().filter(petition__in=theirs(request))
    seen = Petition.objects.visible_to(request.user)
    return Attachment.objects.filter(Q(petition__in=seen) | Q(pk__in=own.values("pk")))
