"""Searches that a member keeps, and what was found for them since."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.districts.models.standing import standing_of
from portal.progress import done_until, note
from portal.refusals import Refused

MOST = 50
"""Of one person."""
TAKEN_AWAY_DAYS = 30
TOLD_DAYS = 90
"""How long what was taken away, and what somebody was told of, is kept."""
FORGOTTEN = "forget-saved-searches"


class TooManySearches(Refused):
    """The person has `MOST` of them; the text says what to do."""


class Often(models.TextChoices):
    NOW = "now", _("At once")
    DAILY = "daily", _("Every morning")
    WEEKLY = "weekly", _("On Mondays")
    OFF = "off", _("Never")


class SavedSearchQuerySet(models.QuerySet["SavedSearch"]):
    def of(self, user: Any, *, also_taken_away: bool = False) -> SavedSearchQuerySet:
        """The person's own; none for who is no member today."""
        standing = standing_of(user)
        own = self.filter(person=standing.person_id) if standing.is_member else self.none()
        return own if also_taken_away else own.filter(deleted_at=None)

    def alerting(self) -> SavedSearchQuerySet:
        return self.filter(deleted_at=None, person__is_active=True).exclude(often=Often.OFF)


class SavedSearch(models.Model):
    """A search by words and filters, with how often its person is told of new things that fit."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_searches")
    name = models.CharField(_("name"), max_length=100)
    address = models.CharField(max_length=1000)
    """The query string of the search page, its parameters in their order."""
    often = models.CharField(
        _("mail"),
        max_length=10,
        choices=Often.choices,
        default=Often.DAILY,
        help_text=_("When we write of new things."),
    )
    created_at = models.DateTimeField(_("saved"))
    told_at = models.DateTimeField(_("last mail"), null=True, blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True)
    """Taken away, but still to be had back by Undo."""

    objects = SavedSearchQuerySet.as_manager()

    class Meta:
        verbose_name = _("saved search")
        verbose_name_plural = _("saved searches")
        constraints = [models.UniqueConstraint(fields=["person", "address"], name="saved_search_once")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"{reverse('search:search')}?{self.address}"

    def take_away(self, at: datetime) -> None:
        self.deleted_at = at
        self.save(update_fields=["deleted_at"])

    def bring_back(self) -> None:
        """Raises `TooManySearches` where there is no room for it any more."""
        if self.deleted_at is not None:
            _ask_room(self.person)
            self.deleted_at = None
            self.save(update_fields=["deleted_at"])


class FoundThing(models.Model):
    """That a saved search found a thing. Nobody is told of the same one twice within `TOLD_DAYS`."""

    saved = models.ForeignKey(SavedSearch, on_delete=models.CASCADE, related_name="found")
    kind = models.CharField(max_length=30)
    object_id = models.BigIntegerField()
    found_at = models.DateTimeField(default=timezone.now)
    """When the thing was written, or others were let see it."""
    told_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["saved", "kind", "object_id"], name="found_once")]
        indexes = [models.Index(fields=["saved"], condition=models.Q(told_at=None), name="found_untold")]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id}"


def _ask_room(person: Any) -> None:
    if SavedSearch.objects.filter(person=person, deleted_at=None).count() >= MOST:
        raise TooManySearches(gettext("You have %(most)d saved searches. Delete one to save another.") % {"most": MOST})


@transaction.atomic
def save_search(person: Any, address: str, name: str, *, at: datetime) -> SavedSearch:
    """The person's saved search of this address: a new one, or the one that is there or was taken away.

    One that was taken away begins anew: of what it found before nobody is told. Raises `TooManySearches`.
    """
    saved = SavedSearch.objects.filter(person=person, address=address).first()
    if saved is None:
        _ask_room(person)
        return SavedSearch.objects.get_or_create(
            person=person, address=address, defaults={"name": name, "created_at": at}
        )[0]
    if saved.deleted_at is not None:
        saved.bring_back()
        saved.created_at = at
        saved.save(update_fields=["created_at"])
        saved.found.filter(told_at=None).update(told_at=at)
    return saved


def forget_old(now: datetime) -> int:
    """Delete searches long taken away, and things long told of; how many. Once a day."""
    last = done_until(FORGOTTEN)
    if last is not None and now - last < timedelta(days=1):
        return 0
    gone = SavedSearch.objects.filter(deleted_at__lt=now - timedelta(days=TAKEN_AWAY_DAYS)).delete()[0]
    told = FoundThing.objects.filter(told_at__lt=now - timedelta(days=TOLD_DAYS)).delete()[0]
    note(FORGOTTEN, now)
    return gone + told
