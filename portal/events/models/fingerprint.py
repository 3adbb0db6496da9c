"""What two people may have open at once: a change made over what is no longer there is refused, and both are shown."""

from __future__ import annotations

import hashlib
from typing import ClassVar

from django.db import models
from django.forms import model_to_dict
from django.utils.translation import gettext as _

from portal.refusals import Stale


class Fingerprinted(models.Model):
    FORM_FIELDS: ClassVar[tuple[str, ...]]
    """The fields that its form shows."""

    class Meta:
        abstract = True

    def fingerprint(self) -> str:
        """What the form shows of it, as a digest."""
        shown = model_to_dict(self, fields=self.FORM_FIELDS)
        return hashlib.sha256(repr(shown).encode()).hexdigest()

    def refuse_stale(self, over: str | None) -> None:
        """`Stale` unless this, locked, still has the fingerprint `over`; None is whoever saw no form."""
        if over is not None and self.fingerprint() != over:
            raise Stale(_("Somebody changed this since you opened it. Put together what should stay."), self)
