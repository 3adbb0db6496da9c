"""The agenda: the host writes it, members propose, other features suggest."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.districts.signed_in import SignedIn
from portal.events import rules
from portal.events.deeds import agenda as deeds
from portal.events.deeds import carry_over
from portal.events.forms.agenda import ItemEditForm, ItemForm, ProposalForm
from portal.events.models.meetings import Meeting
from portal.events.screens import suggestions
from portal.events.screens.meeting import lines_of
from portal.events.views.finding import found, found_item, sent
from portal.ids import row_id
from portal.once import once
from portal.refusals import Refused, Stale
from portal.search.links import resolve

get_or_post = require_http_methods(["GET", "HEAD", "POST"])


def _agenda(meeting: Meeting, anchor: str = "") -> HttpResponse:
    return redirect(reverse("events:agenda", args=[meeting.pk]) + anchor)


def _page(request: HttpRequest, meeting: Meeting, form: ItemForm, status: int = 200) -> HttpResponse:
    return render(
        request,
        "events/agenda_edit.html",
        {
            "meeting": meeting,
            "form": form,
            "lines": lines_of(meeting, request.user, []),
            "proposals": list(meeting.items.filter(is_proposal=True).select_related("owner", "proposed_by")),
            "last": meeting.last_with_agenda(),
            "suggestions": suggestions.suggestions(meeting, request.user, timezone.now()),
        },
        status=status,
    )


@require_safe
def agenda(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = found(request, pk, rules.may_write_agenda)
    return _page(request, meeting, ItemForm(meeting=meeting))


@require_POST
@once
def start_from_last(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = found(request, pk, rules.may_write_agenda)
    count = carry_over.start_from_last(meeting)
    said = ngettext("%(count)d item carried over.", "%(count)d items carried over.", count)
    messages.success(request, said % {"count": count})
    return _agenda(meeting)


@require_POST
@once
def add(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = found(request, pk, rules.may_write_agenda)
    form = ItemForm(request.POST, meeting=meeting)
    if not form.is_valid():
        return _page(request, meeting, form, status=422)
    data = form.cleaned_data
    deeds.add_item(
        meeting,
        data["title"],
        kind=data["kind"],
        minutes=data["minutes_planned"],
        owner=data["owner"],
        body=data["body"],
        repeats=data["repeats"],
    )
    return _agenda(meeting)


@require_POST
@once
def take(request: HttpRequest, pk: int) -> HttpResponse:
    """Put something that search knows on the agenda: one of the suggestions, or a hit of the picker."""
    meeting = found(request, pk, rules.may_write_agenda)
    link = _link(request)
    shown = resolve([link], request.user) if link else {}
    if link is None or link not in shown:
        messages.error(request, _("That is not there any more. Nothing was added."))
        return _agenda(meeting)
    item = deeds.add_item(meeting, str(shown[link].title)[:160], link=link)
    return _agenda(meeting, f"#item-{item.pk}")


@get_or_post
@once
def item_edit(request: HttpRequest, pk: int, item: int) -> HttpResponse:
    row = found_item(request, pk, item, rules.may_write_agenda)
    form, refused = ItemEditForm(sent(request), meeting=row.meeting, initial=ItemEditForm.values_of(row)), 422
    if request.method == "POST" and form.is_valid():
        try:
            deeds.change_item(row, form.changes(), over=form.cleaned_data["seen"])
            return _agenda(row.meeting, f"#item-{row.pk}")
        except Stale as stale:
            form.show_stale(stale)
            refused = 409
    back = reverse("events:agenda", args=[row.meeting_id])
    context = {"form": form, "heading": _("Change this item"), "submit": _("Save"), "back": back}
    return render(request, "events/form.html", context, status=refused if request.method == "POST" else 200)


@require_POST
@once
def item_shift(request: HttpRequest, pk: int, item: int, way: str) -> HttpResponse:
    row = found_item(request, pk, item, rules.may_write_agenda)
    deeds.shift_item(row, -1 if way == "up" else 1)
    return _agenda(row.meeting, f"#item-{row.pk}")


@require_POST
@once
def item_remove(request: SignedIn, pk: int, item: int) -> HttpResponse:
    row = found_item(request, pk, item, rules.may_write_agenda)
    try:
        deeds.remove_item(row, by=request.user)
        messages.success(request, _("Taken off the agenda: %(title)s") % {"title": row.title})
    except Refused as refusal:
        messages.error(request, str(refusal))
    return _agenda(row.meeting)


@require_POST
@once
def item_accept(request: HttpRequest, pk: int, item: int) -> HttpResponse:
    row = found_item(request, pk, item, rules.may_write_agenda)
    deeds.accept_item(row)
    return _agenda(row.meeting, f"#item-{row.pk}")


@get_or_post
@once
def item_link(request: HttpRequest, pk: int, item: int) -> HttpResponse:
    """Say what an item is about: search by title (GET `q`), press one (POST), or take the link off."""
    row = found_item(request, pk, item, rules.may_write_agenda)
    if request.method == "POST":
        link = _link(request)
        if link is None or link in resolve([link], request.user):
            deeds.link_item(row, link)
        return _agenda(row.meeting, f"#item-{row.pk}")
    text = request.GET.get("q", "")[:200]
    hits = suggestions.found_by_title(text, request.user) if text.strip() else []
    return render(request, "events/item_link.html", {"item": row, "meeting": row.meeting, "q": text, "hits": hits})


@get_or_post
@once
def propose(request: SignedIn, pk: int) -> HttpResponse:
    meeting = found(request, pk)
    if not rules.may_propose(request.user, meeting, timezone.now()):
        raise PermissionDenied
    form = ProposalForm(sent(request))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        deeds.propose_item(
            meeting,
            data["title"],
            by=request.user,
            body=data["body"],
            minutes=data["minutes"],
        )
        messages.success(request, _("Sent to the host, who puts the agenda together."))
        return redirect(meeting)
    back = meeting.get_absolute_url()
    context = {"form": form, "heading": _("Propose an agenda item"), "submit": _("Propose it"), "back": back}
    return render(request, "events/form.html", context, status=422 if request.method == "POST" else 200)


def _link(request: HttpRequest) -> tuple[str, int] | None:
    """`thing` as "practice:12"; None for none or nonsense."""
    kind, _colon, number = request.POST.get("thing", "").partition(":")
    pk = row_id(number)
    return (kind[:40], pk) if kind and pk is not None else None
