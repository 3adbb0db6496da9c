"""The agenda: the host writes it, members propose, other features suggest."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from portal.districts.signed_in import SignedIn
from portal.events import rules
from portal.events.deeds import agenda as deeds
from portal.events.deeds import carry_over
from portal.events.forms.agenda import ItemEditForm, ItemForm, ProposalForm
from portal.events.models.meetings import Meeting
from portal.events.screens.agenda import agenda_page
from portal.events.screens.suggestions import found_by_title
from portal.events.views.finding import found, found_item, may_run
from portal.http import posted, read_or_write, show_refusal
from portal.ids import row_id
from portal.once import once
from portal.refusals import Refused, Stale
from portal.search.asking.links import resolve


def _address(meeting: Meeting, anchor: str = "") -> str:
    return reverse("events:agenda", args=[meeting.pk]) + anchor


def _page(request: HttpRequest, meeting: Meeting, form: ItemForm, status: int = 200) -> HttpResponse:
    shown = agenda_page(meeting, request.user, timezone.now())
    return render(request, "events/agenda_edit.html", {"form": form, **shown}, status=status)


@require_safe
def agenda(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = found(request, pk, rules.may_write_agenda)
    return _page(request, meeting, ItemForm(meeting=meeting))


@require_POST
def start_from_last(request: SignedIn, pk: int) -> HttpResponse:
    meeting = found(request, pk)
    with once(request) as sent:
        count = carry_over.start_from_last(meeting, by=request.user)
        said = ngettext("%(count)d item carried over.", "%(count)d items carried over.", count)
        messages.success(request, said % {"count": count})
        return sent.to(_address(meeting))


@require_POST
def add(request: SignedIn, pk: int) -> HttpResponse:
    meeting = found(request, pk, rules.may_write_agenda)
    form, status = ItemForm(request.POST, meeting=meeting), 422
    if form.is_valid():
        said: dict[str, Any] = dict(form.cleaned_data)
        said["minutes"] = said.pop("minutes_planned")
        try:
            with once(request) as sent:
                deeds.add_item(meeting, said.pop("title"), by=request.user, **said)
                return sent.to(_address(meeting))
        except Refused as refusal:
            status = show_refusal(form, refusal)
    return _page(request, meeting, form, status)


@require_POST
def take(request: SignedIn, pk: int) -> HttpResponse:
    """Put something that search knows on the agenda: one of the suggestions, or a hit of the picker."""
    meeting = found(request, pk, rules.may_write_agenda)
    link = _link(request)
    shown = resolve([link], request.user) if link else {}
    if link is None or link not in shown:
        messages.error(request, _("That is not there any more. Nothing was added."))
        return redirect(_address(meeting))
    with once(request) as sent:
        item = deeds.add_item(meeting, Truncator(shown[link].title).chars(160), by=request.user, link=link)
        return sent.to(_address(meeting, f"#item-{item.pk}"))


@read_or_write
def item_edit(request: SignedIn, pk: int, item: int) -> HttpResponse:
    row = found_item(request, pk, item, rules.may_write_agenda)
    form, refused = ItemEditForm(posted(request), meeting=row.meeting, initial=ItemEditForm.values_of(row)), 422
    if form.is_valid():
        try:
            with once(request) as sent:
                deeds.change_item(row, form.changes(), by=request.user, over=form.cleaned_data["seen"])
                return sent.to(_address(row.meeting, f"#item-{row.pk}"))
        except Stale as refusal:
            form.show_stale(refusal)
            refused = 409
        except Refused as refusal:
            refused = show_refusal(form, refusal)
    context = {"form": form, "heading": _("Change this item"), "submit": _("Save"), "back": _address(row.meeting)}
    return render(request, "events/form.html", context, status=refused if request.method == "POST" else 200)


@require_POST
def item_shift(request: SignedIn, pk: int, item: int, way: str) -> HttpResponse:
    row = found_item(request, pk, item, may_run)
    with once(request) as sent:
        deeds.shift_item(row, -1 if way == "up" else 1, by=request.user)
        return sent.to(_address(row.meeting, f"#item-{row.pk}"))


@require_POST
def item_remove(request: SignedIn, pk: int, item: int) -> HttpResponse:
    row = found_item(request, pk, item, may_run)
    try:
        with once(request) as sent:
            deeds.remove_item(row, by=request.user)
            messages.success(request, _("Taken off the agenda: %(title)s") % {"title": row.title})
            return sent.to(_address(row.meeting))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect(_address(row.meeting))


@require_POST
def item_accept(request: SignedIn, pk: int, item: int) -> HttpResponse:
    row = found_item(request, pk, item, may_run)
    with once(request) as sent:
        deeds.accept_item(row, by=request.user)
        return sent.to(_address(row.meeting, f"#item-{row.pk}"))


@read_or_write
def item_link(request: SignedIn, pk: int, item: int) -> HttpResponse:
    """Say what an item is about: search by title (GET `q`), press one (POST), or take the link off."""
    row = found_item(request, pk, item, rules.may_write_agenda)
    if request.method == "POST":
        link = _link(request)
        is_known = link is None or link in resolve([link], request.user)
        with once(request) as sent:
            if is_known:
                deeds.link_item(row, link, by=request.user)
            return sent.to(_address(row.meeting, f"#item-{row.pk}"))
    text = request.GET.get("q", "")[:200]
    hits = found_by_title(text, request.user) if text.strip() else []
    return render(request, "events/item_link.html", {"item": row, "meeting": row.meeting, "q": text, "hits": hits})


@read_or_write
def propose(request: SignedIn, pk: int) -> HttpResponse:
    meeting, now = found(request, pk), timezone.now()
    if not rules.may_propose(request.user, meeting, now):
        raise PermissionDenied
    form = ProposalForm(posted(request))
    if form.is_valid():
        try:
            with once(request) as sent:
                deeds.propose_item(meeting, **form.cleaned_data, by=request.user, at=now)
                messages.success(request, _("Sent to the host, who puts the agenda together."))
                return sent.to(meeting)
        except Refused as refusal:
            show_refusal(form, refusal)
    back = meeting.get_absolute_url()
    context = {"form": form, "heading": _("Propose an agenda item"), "submit": _("Propose it"), "back": back}
    return render(request, "events/form.html", context, status=422 if request.method == "POST" else 200)


def _link(request: HttpRequest) -> tuple[str, int] | None:
    """`thing` as "practice:12"; None for none or nonsense."""
    kind, _colon, number = request.POST.get("thing", "").partition(":")
    pk = row_id(number)
    return (kind[:40], pk) if kind and pk is not None else None
