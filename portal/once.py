"""A form sent twice, or twenty times at once, is done once.

Every form that writes carries a key (`{% form_key %}`). A view parses and judges what was typed, and only then does
`with once(request) as sent:` open the transaction of the deed, in which the key is kept with a digest of the whole
request and where its answer leads (`sent.to`). `OnceMiddleware` leads a repeat there before the view is asked, and
refuses the same key with other contents with 409. A deed that refuses rolls back and keeps no key. Of two under way at
once the later may find what the first did before it comes to the key, and refuse it: then, too, it is led there.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, models, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.errors import conflict
from portal.forgetting import delete_some
from portal.form_keys import key_of
from portal.refusals import Refused

KEPT_DAYS = 7


def only_show(request: HttpRequest) -> None:
    """From now on `once` refuses: the form of this request is shown as typed, and not done."""
    request.is_only_shown = True  # type: ignore[attr-defined]


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


class SentBefore(Exception):  # noqa: N818 - the answer of the middleware, not a fault
    """The same form was sent, and is done, while this request was under way."""


class Sent:
    """A form under way. `location` is where a repeat is led; the form's own address where nothing is said."""

    def __init__(self, request: HttpRequest) -> None:
        self.location = ""
        self.person_id = request.user.pk or 0
        try:
            self.key: uuid.UUID | None = uuid.UUID(key_of(request))
        except ValueError:
            self.key = None

    def to(self, target: Any, *args: Any, **kwargs: Any) -> HttpResponseRedirect:
        """The redirect that answers this form, and every repeat of it."""
        answer: HttpResponseRedirect = redirect(target, *args, **kwargs)
        self.location = answer.url
        return answer

    def before(self) -> FormKey | None:
        if self.key is None:
            return None
        return FormKey.objects.filter(person_id=self.person_id, key=self.key).first()


@contextmanager
def once(request: HttpRequest) -> Iterator[Sent]:
    """One transaction around the deed of a POST view, with the form's key in it. Nothing slow belongs inside.

    Raises `SentBefore` where the same form was done meanwhile; a form without a key is still one transaction. Raises
    `Refused` for a form that is only to be shown again (`portal.again`).
    """
    if getattr(request, "is_only_shown", False):
        raise Refused(_("Look it over, then send it."))
    sent = Sent(request)
    digest = _digest(request) if sent.key else ""  # before the transaction: files are read for it
    with transaction.atomic():
        if sent.key is None:
            yield sent
            return
        try:
            kept = FormKey.objects.create(key=sent.key, person_id=sent.person_id, sha256=digest)
        except IntegrityError:
            raise SentBefore from None
        yield sent
        if sent.location:
            FormKey.objects.filter(pk=kept.pk).update(location=sent.location)


class OnceMiddleware:
    """Answers a form that was sent before as it was answered the first time."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        refused = request.method == "POST" and response.status_code >= 400 and hasattr(request, "user")
        if response.status_code == 503:  # the database is away: to ask it again would only be another wait
            return response
        return (self._answer(request) if refused else None) or response

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: object) -> HttpResponse | None:
        return self._answer(request) if request.method == "POST" else None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return self._answer(request) if isinstance(exception, SentBefore) else None

    def _answer(self, request: HttpRequest) -> HttpResponse | None:
        before = Sent(request).before()
        if before is None:
            return None
        if before.sha256 != _digest(request):
            return conflict(request)
        if request.headers.get("HX-Request"):
            return HttpResponse(headers={"HX-Redirect": before.location or request.path})
        return HttpResponseRedirect(before.location or request.path)


def _digest(request: HttpRequest) -> str:
    """Of the whole request: its address, its fields and its files."""
    fields = sorted(
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name not in {"csrfmiddlewaretoken", "form_key"}
    )
    files = sorted((name, str(file.name), _sha256(file)) for name, sent in request.FILES.lists() for file in sent)
    return hashlib.sha256(repr((request.get_full_path(), fields, files)).encode()).hexdigest()


def _sha256(file: Any) -> str:
    found = hashlib.sha256()
    for chunk in file.chunks():
        found.update(chunk)
    file.seek(0)
    return found.hexdigest()


def forget_old_keys(now: datetime) -> int:
    """Delete some of the keys older than seven days; how many."""
    return delete_some(FormKey.objects.filter(created_at__lt=now - timedelta(days=KEPT_DAYS)))
