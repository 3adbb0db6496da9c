"""What was told to whom."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Case, Q, When
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from portal.registry import notice_kinds

CODE, ACCOUNT, OTHER = "code", "account", "other"
COMPOSED_ELSEWHERE = (CODE, ACCOUNT, OTHER)
"""Kinds of email that no deed tells: a code to type, what happened to an account, and whatever else is sent."""
CODE_LASTS = timedelta(minutes=15)
"""Nobody takes a code for longer (`ACCOUNT_…_TIMEOUT`, `portal.districts.views.joining`)."""


class NoticeQuerySet(models.QuerySet["Notice"]):
    def to_send(self, now: datetime) -> NoticeQuerySet:
        """Not sent, not given up, due for a first or another try, and still of use: codes first, the oldest first."""
        urgent = [ACCOUNT, *(kind.key for kind in notice_kinds if kind.is_urgent)]
        return (
            self.filter(sent_at=None, given_up_at=None, next_try_at__lte=now)
            .exclude(kind=CODE, created_at__lt=now - CODE_LASTS)
            .order_by(Case(When(kind=CODE, then=0), When(kind__in=urgent, then=1), default=2), "pk")
        )

    def seconds_behind(self, now: datetime) -> int:
        """How long the one that waits longest for a try has been due."""
        due = self.to_send(now).order_by("next_try_at").values_list("next_try_at", flat=True).first()
        return int((now - due).total_seconds()) if due else 0


class Notice(models.Model):
    """One plain-text message to one address about one occasion. Also the outbox: `sent_at` is None until it went."""

    kind = models.CharField(_("kind"), max_length=40)
    key = models.CharField(max_length=120, help_text=_("The occasion; nobody is told of one twice."))
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="notices"
    )
    email = models.EmailField(_("sent to"))
    subject = models.CharField(_("subject"), max_length=200)
    body = models.TextField(_("text"))
    calendar = models.BinaryField(default=bytes, blank=True)
    created_at = models.DateTimeField(_("written"))
    next_try_at = models.DateTimeField()
    """When it may be tried; a sender moves it ahead first, so that two senders never take the same one."""
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    given_up_at = models.DateTimeField(_("given up"), null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["next_try_at"], condition=Q(sent_at=None, given_up_at=None), name="notice_waiting"),
            models.Index(fields=["person", "-id"], name="notice_of_person"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["kind", "key", "email"], name="notice_once"),
            models.CheckConstraint(condition=Q(email=Lower("email")), name="notice_email_is_lower_case"),
        ]

    def __str__(self) -> str:
        return f"{self.email}: {self.subject}"
