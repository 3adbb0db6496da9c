"""Files on the web: one check for everything under `/media/` and `/documents/`."""

from __future__ import annotations

import mimetypes
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe
from wagtail.documents.models import document_served

from portal.districts.models.chapter import Chapter
from portal.districts.models.standing import standing_of
from portal.pages.models.media import Document, Image, Rendition, audiences_of

KEPT_SECONDS = 300


@login_not_required
@require_safe
def media(request: HttpRequest, name: str) -> HttpResponseBase:
    """A file by its name in the storage, for those who may see what it belongs to; anything else is 404."""
    if not _is_plain(name) or not _may_see(request.user, name):
        raise Http404
    return send(name, attachment=not _is_picture(name))


@login_not_required
@require_safe
def document(request: HttpRequest, pk: int, filename: str) -> HttpResponseBase:
    """A document under the name it was given, as a download."""
    found: Document = get_object_or_404(Document.objects.visible_to(request.user), pk=pk)
    if found.filename != filename:
        raise Http404
    document_served.send(sender=Document, instance=found, request=request)
    return send(found.file.name, attachment=True)


@login_not_required
@require_safe
def to_document(request: HttpRequest, pk: int) -> HttpResponse:
    """To the document of this number, under the name it was given."""
    found: Document = get_object_or_404(Document.objects.visible_to(request.user), pk=pk)
    return redirect(found.url)


def send(name: str, *, attachment: bool) -> HttpResponseBase:
    """The stored file `name`. The web server sends it where `MEDIA_ACCEL_PREFIX` names its internal location."""
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    response: HttpResponseBase
    if settings.MEDIA_ACCEL_PREFIX:
        response = HttpResponse(content_type=kind)
        response.headers["X-Accel-Redirect"] = quote(f"{settings.MEDIA_ACCEL_PREFIX.rstrip('/')}/{name}")
    else:
        try:
            response = FileResponse(default_storage.open(name), content_type=kind)
        except (OSError, SuspiciousFileOperation) as error:
            raise Http404 from error
    disposition = content_disposition_header(attachment, PurePosixPath(name).name)
    if disposition:
        response.headers["Content-Disposition"] = disposition
    response._csp_update = {"sandbox": [""]}  # type: ignore[union-attr]  # nothing in a file runs as the portal
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = f"private, max-age={KEPT_SECONDS}"
    return response


def _is_plain(name: str) -> bool:
    """Is it a name that our storage gives: no step up, no absolute path, no backslash, nothing unprintable."""
    parts = name.split("/")
    return name.isprintable() and "\\" not in name and all(part not in {"", ".", ".."} for part in parts)


def _is_picture(name: str) -> bool:
    return name.startswith(("images/", "original_images/", "chapter/"))


def _may_see(user: Any, name: str) -> bool:
    """At most one query. The chapter's logo is everybody's; a rendition is seen by those who see its image.

    The file it was made of is for those who may replace it: nobody else is ever shown it.
    """
    standing = standing_of(user)
    audiences = audiences_of(standing)
    folder = name.split("/", 1)[0]
    if folder == "chapter":
        return bool(Chapter.current().logo and Chapter.current().logo.name == name)
    if folder == "images":
        return bool(Rendition.objects.filter(file=name, image__audience__in=audiences).exists())
    if folder == "original_images":
        return standing.is_officer and bool(Image.objects.filter(file=name).exists())
    if folder == "documents":
        return bool(Document.objects.filter(file=name, audience__in=audiences).exists())
    return False
