"""Searches that a member keeps."""

from __future__ import annotations

from typing import cast
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from portal import undo
from portal.districts.models import User
from portal.districts.models.standing import standing_of
from portal.http import posted, read_or_write, show_refusal
from portal.once import once
from portal.paging import page_of
from portal.refusals import Refused
from portal.saved.deeds.save import bring_back, save_search, take_away
from portal.saved.forms.search import SavedSearchForm
from portal.saved.models import SavedSearch
from portal.saved.models.fitting import words_of
from portal.search.asking.address import SearchAddress


def _member(request: HttpRequest) -> User:
    """Saved searches are members'; an account without a membership finds no such page."""
    if not standing_of(request.user).is_member:
        raise Http404
    return cast("User", request.user)


def _own(request: HttpRequest, pk: int, *, also_taken_away: bool = False) -> SavedSearch:
    own = SavedSearch.objects.of(_member(request), also_taken_away=also_taken_away)
    return get_object_or_404(own, pk=pk)


@require_safe
def search_list(request: HttpRequest) -> HttpResponse:
    rows = SavedSearch.objects.of(_member(request))
    page = page_of(rows, order=["-created_at", "-pk"], token=request.GET.get("page", ""))
    return render(request, "saved/search_list.html", {"page": page})


@require_POST
def search_add(request: HttpRequest) -> HttpResponse:
    """One press on the search page: `search` is its query string."""
    person = _member(request)
    asked = SearchAddress.read(QueryDict(request.POST.get("search", "")))
    address = urlencode(asked.pairs("page", "mine", "exact"))
    if not address or len(address) > 1000:
        too_long = _("This search is too long to be saved. Use fewer words or filters.")
        messages.error(request, too_long if address else _("Search for something first, then save it."))
        return redirect("search:search")
    name = Truncator(words_of(asked, person)).chars(100)
    with once(request) as sent:
        saved = save_search(person, address, name, at=timezone.now())
        words = _("Saved: %(name)s. Choose below how often we write of new things.") % {"name": saved.name}
        undo.offer(request, words, reverse("saved:search-delete", args=[saved.pk]))
        return sent.to("saved:search-list")


@read_or_write
def search_change(request: HttpRequest, pk: int) -> HttpResponse:
    saved = _own(request, pk)
    form = SavedSearchForm(posted(request), instance=saved)
    if form.is_valid():
        try:
            with once(request) as sent:
                form.save()
                messages.success(request, _("Saved: %(name)s.") % {"name": saved.name})
                return sent.to("saved:search-list")
        except Refused as refusal:
            show_refusal(form, refusal)
    status = 422 if form.errors else 200
    return render(request, "saved/search_form.html", {"saved": saved, "form": form}, status=status)


@require_POST
def search_delete(request: HttpRequest, pk: int) -> HttpResponse:
    saved = _own(request, pk)
    with once(request) as sent:
        take_away(saved, timezone.now())
        words = _("Deleted: %(name)s.") % {"name": saved.name}
        undo.offer(request, words, reverse("saved:search-restore", args=[saved.pk]))
        return sent.to("saved:search-list")


@require_POST
def search_restore(request: HttpRequest, pk: int) -> HttpResponse:
    saved = _own(request, pk, also_taken_away=True)
    with once(request) as sent:
        bring_back(saved)
        messages.success(request, _("It is back: %(name)s.") % {"name": saved.name})
        return sent.to("saved:search-list")
