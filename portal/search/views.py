from __future__ import annotations

from time import perf_counter

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal import search
from portal.search import promoted, querylog
from portal.search.finding import visible_words
from portal.search.forms import SearchAddress


@login_not_required
@require_safe
def search_page(request: HttpRequest) -> HttpResponse:
    """Everybody may search; each sees only what is theirs to see, in hits and in counts."""
    asked = SearchAddress.read(request.GET)
    started = perf_counter()
    results = search.find(
        asked.text,
        user=request.user,
        kinds=[asked.kind] if asked.kind else None,
        facets={"county": [asked.county]} if asked.county is not None else None,
        page=asked.page,
    )
    querylog.note(results, user=request.user, kind=asked.kind, seconds=perf_counter() - started)
    near = visible_words(results.query.text, request.user) if not results.hits else []
    chosen = promoted.for_query(results.query, request.user) if results.page == 1 else []
    return render(
        request,
        "search/search_page.html",
        {"results": results, "asked": asked, "near": near, "promoted": chosen},
    )
