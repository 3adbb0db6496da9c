"""The chapter itself: Set up, and how far it reaches. Officers only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from portal.bodies import BODY_BYTES, takes_files
from portal.districts import rules
from portal.districts.deeds.describe import describe_chapter
from portal.districts.deeds.import_directory import Report, import_directory
from portal.districts.forms.chapter import DIRECTORY_BYTES, DirectoryForm, IdentityForm
from portal.districts.forms.directory_file import COLUMNS, OFFICE_COLUMNS, TEMPLATES
from portal.districts.models import District, JoinRequest
from portal.districts.models.chapter import LOGO_BYTES, Chapter
from portal.districts.models.standing import standing_of
from portal.districts.screens.reach import ACTIVE_DAYS
from portal.districts.screens.reach import reach as reach_by_county
from portal.districts.signed_in import SignedIn
from portal.http import posted, read_or_write, show_refusal
from portal.once import once
from portal.refusals import Refused
from portal.registry import set_up_steps
from portal.spreadsheets import csv_response
from portal.tables import refused_rows


def officers_only(request: HttpRequest) -> None:
    if not standing_of(request.user).is_member:
        raise Http404
    if not rules.may_run_chapter(request.user):
        raise PermissionDenied(_("Chapter officers set up the portal."))


@require_GET
def set_up(request: HttpRequest) -> HttpResponse:
    officers_only(request)
    steps = [
        {"title": step.title, "text": step.text, "deed": step.deed, "url": step.url(), "done": step.is_done()}
        for step in sorted(set_up_steps, key=lambda step: step.order)
    ]
    done = sum(bool(step["done"]) for step in steps)
    return render(request, "districts/set_up.html", {"steps": steps, "done": done})


@takes_files(BODY_BYTES + LOGO_BYTES)
@read_or_write
def identity(request: SignedIn) -> HttpResponse:
    officers_only(request)
    chapter = Chapter.objects.filter(pk=1).first() or Chapter()
    form = IdentityForm(posted(request), request.FILES or None, instance=chapter)
    if form.is_valid():
        try:
            with once(request) as sent:
                describe_chapter(form.instance, form.changed_data, by=request.user, at=timezone.now())
                messages.success(request, _("Saved."))
                return sent.to("districts:set-up")
        except Refused as refusal:
            show_refusal(form, refusal)
    return render(request, "districts/set_up_identity.html", {"form": form}, status=422 if form.is_bound else 200)


@takes_files(BODY_BYTES + 2 * DIRECTORY_BYTES)
@read_or_write
def directory_upload(request: SignedIn) -> HttpResponse:
    """Take in the state's file; what became of its rows is shown at once."""
    officers_only(request)
    form = DirectoryForm(posted(request), request.FILES or None)
    report: Report | None = None
    if form.is_valid():
        said = form.cleaned_data
        try:
            with once(request):
                report = import_directory(
                    said["directory"], said["offices"], dry_run=said["only_look"], move=said["move"], by=request.user
                )
        except Refused as refusal:
            show_refusal(form, refusal)
        else:
            cache.set(_kept_under(request), refused_rows(*_refused(report)), KEPT_SECONDS)
    status = 422 if form.is_bound and report is None else 200
    context = {
        "form": form if report is None else DirectoryForm(),
        "report": report,
        "counts": District.objects.aggregate(all=Count("pk"), counties=Count("county", distinct=True)),
        "listed": District.objects.in_directory().count(),
        "columns": COLUMNS.items(),
        "office_columns": OFFICE_COLUMNS.items(),
    }
    return render(request, "districts/set_up_directory.html", context | _told(report), status=status)


KEPT_SECONDS = 60 * 60


def _kept_under(request: SignedIn) -> str:
    return f"refused-rows:{request.user.pk}"


def _refused(report: Report) -> tuple[tuple[str, ...], list[tuple[int, str, Sequence[str]]]]:
    columns = report.refusals[0].columns if report.refusals else ()
    return columns, [(row.line, row.reason, row.cells) for row in report.refusals]


@require_GET
def directory_file(request: SignedIn, what: str) -> HttpResponse:
    """A file to start from, "districts" or "offices"; or the rows "refused" last, which are kept for an hour."""
    officers_only(request)
    if what != "refused":
        return csv_response(what, TEMPLATES[what])
    rows = cache.get(_kept_under(request))
    if rows is None:
        raise Http404
    return csv_response("refused-rows", rows)


def _told(report: Report | None) -> dict[str, Any]:
    """What the page says of an import."""
    if report is None:
        return {"verbs": [], "refused": []}
    return {
        "verbs": [(verb, report.count(verb)) for verb in ("created", "changed", "unchanged", "refused")],
        "refused": [fate for fate in report.fates if fate.verb == "refused"][:200],
    }


@require_GET
def reach(request: HttpRequest) -> HttpResponse:
    officers_only(request)
    rows = reach_by_county(timezone.localdate())
    with_people = [row for row in rows if row.people]
    context = {
        "rows": with_people,
        "untouched": [row for row in rows if not row.people and row.districts],
        "without_host": [row for row in rows if not row.has_host and row.districts],
        "people": sum(row.people for row in rows),
        "active": sum(row.active for row in rows),
        "districts_joined": sum(row.districts_joined for row in rows),
        "districts": sum(row.districts for row in rows),
        "days": ACTIVE_DAYS,
        "waiting": JoinRequest.objects.waiting().count(),
    }
    return render(request, "districts/reach.html", context)
