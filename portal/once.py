"""A form sent twice, or twenty times at once, is done once.

Every form that writes carries a key (`{% form_key %}`). `@once` opens one transaction around the view and keeps the
key in it with a digest of what was sent and where the first answer led: a repeat is led there too and changes nothing,
and the same key with other contents is refused with 409. A view that answers with an error keeps nothing.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any

from django.db import IntegrityError, models, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone

from portal.errors import conflict

KEPT_DAYS = 7


class FormKey(models.Model):
    """One form that was sent. `location` is where its answer led."""

    key = models.UUIDField()
    person_id = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    location = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person_id", "key"], name="form_key_once")]

    def __str__(self) -> str:
        return str(self.key)


View = Callable[..., HttpResponse]


def once(view: View) -> View:
    """Make a POST view safe to repeat, and one transaction. Other verbs pass untouched."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method != "POST":
            return view(request, *args, **kwargs)
        try:
            key = uuid.UUID(request.POST.get("form_key", ""))
        except ValueError:
            with transaction.atomic():
                return _done_or_undone(view(request, *args, **kwargs))
        person_id = request.user.pk or 0
        digest = _digest(request)
        try:
            with transaction.atomic():
                sent = FormKey.objects.create(key=key, person_id=person_id, sha256=digest)
                response = _done_or_undone(view(request, *args, **kwargs))
                if response.status_code < 400:
                    sent.location = response.headers.get("HX-Redirect") or response.headers.get("Location", "")
                    sent.save(update_fields=["location"])
                return response
        except IntegrityError:
            before = FormKey.objects.filter(key=key, person_id=person_id).first()
            if before is None:  # another constraint: not ours to explain
                raise
        if before.sha256 != digest:
            return conflict(request)
        if request.headers.get("HX-Request"):
            return HttpResponse(headers={"HX-Redirect": before.location or request.path})
        return HttpResponseRedirect(before.location or request.path)

    return guarded


def _done_or_undone(response: HttpResponse) -> HttpResponse:
    if response.status_code >= 400:
        transaction.set_rollback(True)
    return response


def _digest(request: HttpRequest) -> str:
    sent = sorted(
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name not in {"csrfmiddlewaretoken", "form_key"}
    )
    return hashlib.sha256(repr((request.path, sent)).encode()).hexdigest()


def forget_old_keys(now: datetime) -> int:
    """Delete keys older than seven days; how many."""
    return FormKey.objects.filter(created_at__lt=now - timedelta(days=KEPT_DAYS)).delete()[0]
