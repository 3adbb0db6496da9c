"""Searches that a member keeps, what was found for them since, and the secret address of feeds."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.districts.models.secret_address import SecretAddress
from portal.districts.models.standing import standing_of


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
        db_table = "search_savedsearch"
        verbose_name = _("saved search")
        verbose_name_plural = _("saved searches")
        constraints = [models.UniqueConstraint(fields=["person", "address"], name="saved_search_once")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"{reverse('search:search')}?{self.address}"


class FoundThing(models.Model):
    """That a saved search found a thing. Nobody is told of the same one twice while it is kept."""

    saved = models.ForeignKey(SavedSearch, on_delete=models.CASCADE, related_name="found")
    kind = models.CharField(max_length=30)
    object_id = models.BigIntegerField()
    found_at = models.DateTimeField(default=timezone.now)
    """When the thing was written, or others were let see it."""
    told_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "search_foundthing"
        constraints = [models.UniqueConstraint(fields=["saved", "kind", "object_id"], name="found_once")]
        indexes = [models.Index(fields=["saved"], condition=models.Q(told_at=None), name="found_untold")]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id}"


class SearchFeedSecret(SecretAddress):
    """A person's: it opens feeds of searches and nothing else."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="search_feed_secret")

    class Meta:
        db_table = "search_searchfeedsecret"
        verbose_name = _("feed address")
        verbose_name_plural = _("feed addresses")

    def __str__(self) -> str:
        return str(self.person)
