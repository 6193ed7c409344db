"""Files of a petition: each is served only to whoever may see the petition itself."""

from __future__ import annotations

from django.http import FileResponse, Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from feedback.models import Attachment, Petition
from feedback.views.opened import is_opened


@require_safe
@never_cache
def attachment(request: HttpRequest, pk: int) -> FileResponse:
    """Handed over to be saved; a page may still show a picture in itself. Nothing in it may run."""
    file = get_object_or_404(Attachment.objects.select_related("petition"), pk=pk)
    if not _may_see(request, file):
        raise Http404
    response = FileResponse(file.file.open("rb"), as_attachment=True, filename=file.name)
    response["Content-Type"] = file.media_type
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _may_see(request: HttpRequest, file: Attachment) -> bool:
    """Officials by their sight; whoever asked, without what belongs to an answer that was not sent."""
    petition, user = file.petition, request.user
    if Petition.objects.visible_to(user).filter(pk=petition.pk).exists():
        return True
    opened = is_opened(request, petition)
    own = Petition.objects.owned_by(user).filter(pk=petition.pk).exists()
    return (opened or own) and Attachment.objects.for_petitioner().filter(pk=file.pk).exists()
