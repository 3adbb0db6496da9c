"""Things about the same as another, as a piece of its page or as a page of their own."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from portal.search.links import resolve
from portal.search.related import related


@login_not_required
@require_safe
@vary_on_headers("HX-Request")
def related_things(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """For whoever may see the thing itself; nowhere for anybody else."""
    found = related(kind, pk, request.user)
    if found is None:
        raise Http404
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "search/_related.html", {"related": found})
    about = resolve([(kind, pk)], request.user).get((kind, pk))
    return render(request, "search/related.html", {"related": found, "about": about})
