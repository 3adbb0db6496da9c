"""Where people meet."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.events.models.fingerprint import Fingerprinted


class Place(Fingerprinted):
    """Where people meet: a series' usual place, or one meeting's."""

    room = models.CharField(_("room"), max_length=120, blank=True)
    address = models.CharField(_("address"), max_length=200, blank=True)
    entrance = models.CharField(_("entrance"), max_length=200, blank=True, help_text=_("Door 3, ring at the desk."))
    parking = models.CharField(_("parking"), max_length=200, blank=True)
    join_link = models.URLField(
        _("link to join online"), max_length=500, blank=True, help_text=_("Shown to members shortly before.")
    )

    PLACE_FIELDS = ("room", "address", "entrance", "parking", "join_link")
    WAY_THERE = frozenset({"room", "address", "entrance", "parking"})
    """Where one would stand before the wrong door. The link is not among them: mail never has it, the page does."""

    class Meta:
        abstract = True

    @property
    def where(self) -> str:
        """Room and address in one line."""
        return ", ".join(part for part in (self.room, self.address) if part)
