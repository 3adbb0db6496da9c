"""The chapter itself: Set up, and how far it reaches. Officers only."""

from __future__ import annotations

import tempfile
from pathlib import Path

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from portal.districts import rules
from portal.districts.deeds import describe
from portal.districts.deeds.directory_file import UnreadableFileError
from portal.districts.deeds.import_directory import OFFICES_FILE, Report, import_directory
from portal.districts.forms.chapter import DirectoryForm, IdentityForm
from portal.districts.models import District, JoinRequest, User
from portal.districts.models.chapter import Chapter
from portal.districts.models.standing import standing_of
from portal.districts.screens.reach import ACTIVE_DAYS
from portal.districts.screens.reach import reach as reach_by_county
from portal.districts.signed_in import SignedIn
from portal.once import once
from portal.registry import set_up_steps


def _officers_only(request: HttpRequest) -> None:
    if not standing_of(request.user).is_member:
        raise Http404
    if not rules.may_run_chapter(request.user):
        raise PermissionDenied(_("Chapter officers set up the portal."))


@require_GET
def set_up(request: HttpRequest) -> HttpResponse:
    _officers_only(request)
    steps = [
        {"title": step.title, "text": step.text, "deed": step.deed, "url": step.url(), "done": step.is_done()}
        for step in sorted(set_up_steps, key=lambda step: step.order)
    ]
    done = sum(bool(step["done"]) for step in steps)
    return render(request, "districts/set_up.html", {"steps": steps, "done": done})


@require_http_methods(["GET", "POST"])
@once
def identity(request: SignedIn) -> HttpResponse:
    _officers_only(request)
    chapter = Chapter.objects.filter(pk=1).first() or Chapter()
    sent = request.method == "POST"
    form = IdentityForm(request.POST if sent else None, request.FILES if sent else None, instance=chapter)
    if sent and form.is_valid():
        describe.describe_chapter(form.instance, form.changed_data, by=request.user, at=timezone.now())
        messages.success(request, _("Saved."))
        return redirect("districts:set-up")
    return render(request, "districts/set_up_identity.html", {"form": form}, status=422 if sent else 200)


@require_http_methods(["GET", "POST"])
@once
def directory_upload(request: SignedIn) -> HttpResponse:
    """Take in the state's file; what became of its rows is shown at once."""
    _officers_only(request)
    sent = request.method == "POST"
    form = DirectoryForm(request.POST if sent else None, request.FILES if sent else None)
    report: Report | None = None
    if sent and form.is_valid():
        try:
            report = _import(form, by=request.user)
        except UnreadableFileError as error:
            form.add_error("directory", str(error))
    context = {
        "form": form if report is None else DirectoryForm(),
        "report": report,
        "verbs": [(verb, report.count(verb)) for verb in ("created", "changed", "unchanged", "refused")]
        if report
        else [],
        "refused": [fate for fate in report.fates if fate.verb == "refused"][:200] if report else [],
        "counts": District.objects.aggregate(all=Count("pk"), counties=Count("county", distinct=True)),
        "listed": District.objects.in_directory().count(),
    }
    status = 422 if sent and report is None else 200
    return render(request, "districts/set_up_directory.html", context, status=status)


def _import(form: DirectoryForm, *, by: User) -> Report:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "directory.csv"
        path.write_bytes(form.cleaned_data["directory"].read())
        if form.cleaned_data["offices"]:
            (path.parent / OFFICES_FILE).write_bytes(form.cleaned_data["offices"].read())
        return import_directory(path, dry_run=form.cleaned_data["only_look"], by=by)


@require_GET
def reach(request: HttpRequest) -> HttpResponse:
    _officers_only(request)
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
