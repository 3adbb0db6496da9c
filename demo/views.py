from __future__ import annotations

from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from demo.outbox import OutboxMail
from demo.people import FIVE
from portal.districts.models import User
from portal.paging import page_of


@login_not_required
@require_safe
def five_people(request: HttpRequest) -> HttpResponse:
    return render(request, "demo/people.html", {"five": FIVE})


@login_not_required
@require_POST
def sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in as one of the five; nobody else can be asked for. Repeating it changes nothing, so it has no form key."""
    email = request.POST.get("email", "")
    if email not in {visitor.email for visitor in FIVE}:
        raise Http404
    person = get_object_or_404(User, email=email, is_active=True)
    login(request, person, backend="django.contrib.auth.backends.ModelBackend")
    return redirect("/")


@login_not_required
@require_safe
def outbox(request: HttpRequest) -> HttpResponse:
    page = page_of(OutboxMail.objects.defer("raw"), order=["-id"], token=request.GET.get("page", ""))
    return render(request, "demo/outbox.html", {"page": page})


@login_not_required
@require_safe
def mail(request: HttpRequest, pk: int) -> HttpResponse:
    return render(request, "demo/mail.html", {"mail": get_object_or_404(OutboxMail, pk=pk)})


@login_not_required
@require_safe
def attachment(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    attachments = get_object_or_404(OutboxMail, pk=pk).attachments
    if number >= len(attachments):
        raise Http404
    found = attachments[number]
    name = found.name.replace('"', "").replace("\\", "")
    return HttpResponse(
        found.content,
        content_type=found.content_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"},
    )
