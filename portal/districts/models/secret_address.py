"""Addresses that let in whoever knows them, for programs that cannot sign in."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext_lazy as _

from portal.ids import row_id

if TYPE_CHECKING:
    from portal.districts.models.people import User


class SecretAddress(models.Model):
    """One for each `person`, a field of the class that stands on this. Only a SHA-256 is kept: it is shown once."""

    secret_sha256 = models.CharField(max_length=64)
    created_at = models.DateTimeField(_("made"))

    objects: models.Manager[Any]

    class Meta:
        abstract = True

    @classmethod
    def renew(cls, person: User, at: datetime) -> str:
        """A new address part for this person; the one before stops working."""
        secret = secrets.token_urlsafe(24)
        cls.objects.update_or_create(person=person, defaults={"secret_sha256": _digest(secret), "created_at": at})
        return f"{person.pk}.{secret}"

    @classmethod
    def person_of(cls, token: str) -> User | None:
        """Whose address it is; None for one unknown, renewed or revoked. One query."""
        number, _dot, secret = token.partition(".")
        pk = row_id(number)
        if pk is None:
            return None
        kept = cls.objects.select_related("person").filter(person_id=pk).first()
        if kept is None:
            constant_time_compare(_digest(secret), _digest(""))
            return None
        person: User = kept.person
        return person if constant_time_compare(_digest(secret), kept.secret_sha256) else None


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
