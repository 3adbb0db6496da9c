"""Whom to ask for help: named for members, the offices' public contacts for everybody."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from portal.districts.models import RegionalOffice
from portal.districts.models.standing import standing_of
from portal.districts.screens.whom_to_ask import people_to_ask


@login_not_required
@require_GET
def whom_to_ask(request: HttpRequest) -> HttpResponse:
    standing = standing_of(request.user)
    offices = RegionalOffice.objects.exclude(contact="")
    context = {"people": people_to_ask(standing, at=timezone.now()), "offices": list(offices)}
    return render(request, "districts/whom_to_ask.html", context)
