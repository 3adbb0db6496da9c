"""What was told to whom."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _


class NoticeQuerySet(models.QuerySet["Notice"]):
    def to_send(self, now: datetime) -> NoticeQuerySet:
        """Not sent, not given up, and due for a first or another try."""
        return self.filter(sent_at=None, given_up_at=None, next_try_at__lte=now).order_by("pk")


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
