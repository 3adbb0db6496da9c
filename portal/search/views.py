from __future__ import annotations

from time import perf_counter

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from portal.registry import PanelContext, shown_panels
from portal.search.asking import finding
from portal.search.asking.address import SearchAddress
from portal.search.asking.finding import Results, searched
from portal.search.asking.links import resolve
from portal.search.asking.page import COUNTED, Searched, shown
from portal.search.asking.related import related
from portal.search.asking.suggesting import suggest


@login_not_required
@require_safe
def search_page(request: HttpRequest) -> HttpResponse:
    """Everybody may search; each sees only what is theirs to see, in hits and in counts."""
    asked = SearchAddress.read(request.GET)
    started = perf_counter()
    results = finding.find(
        asked.text,
        user=request.user,
        facets=asked.filters,
        after=asked.after,
        before=asked.before,
        mine=asked.mine,
        exact=asked.exact,
        counted=COUNTED,
        page=asked.page,
    )
    if asked.page == results.page:  # else one past the end was asked: no search of its own
        seconds = perf_counter() - started
        searched.send(Results, results=results, user=request.user, kind=asked.kind, seconds=seconds)
    context = shown(asked, results, request.user)
    about = PanelContext(request.user, timezone.now(), Searched(context["heading"], context["address"], results))
    panels = {slot: shown_panels(f"search.{slot}", about) for slot in ("head", "above", "beside")}
    return render(request, "search/search_page.html", {**context, **panels})


@login_not_required
@require_safe
def suggestions(request: HttpRequest) -> HttpResponse:
    """What the list under the box shows while somebody types: a fragment, empty where there is nothing to offer."""
    asked = SearchAddress.read(request.GET)
    found = suggest(asked.text, user=request.user, kinds=asked.filters.get("kind", ()))
    return render(request, "search/_suggestions.html", {"suggestions": found})


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
