"""What people searched for. Nobody can be named from it."""

from __future__ import annotations

import secrets
from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy

LONGEST = 100


class LogSalt(models.Model):
    """A month's secret, mixed into the numbers of its readers. Once it is deleted they can be linked to nobody."""

    month = models.DateField(unique=True)
    salt = models.CharField(max_length=64)

    class Meta:
        db_table = "search_logsalt"

    def __str__(self) -> str:
        return str(self.month)

    @classmethod
    def of(cls, day: date) -> str:
        """The salt of the day's month, made where there is none."""
        kept, _made = cls.objects.get_or_create(month=day.replace(day=1), defaults={"salt": secrets.token_hex(32)})
        return kept.salt


class LoggedSearch(models.Model):
    """One search by words, its first page."""

    day = models.DateField(gettext_lazy("day"))
    reader = models.CharField(gettext_lazy("reader"), max_length=16, blank=True)
    """A keyed hash that changes every month; "" for visitors."""
    text = models.CharField(gettext_lazy("words"), max_length=LONGEST)
    """Folded to lower case."""
    kind = models.CharField(gettext_lazy("kind"), max_length=30, blank=True)
    """Where the search was limited to one kind."""
    total = models.PositiveIntegerField(gettext_lazy("results"))
    milliseconds = models.PositiveIntegerField(gettext_lazy("milliseconds"))

    class Meta:
        db_table = "search_loggedsearch"
        verbose_name = gettext_lazy("search")
        verbose_name_plural = gettext_lazy("searches")
        indexes = [models.Index(fields=["day", "text"], name="logged_search_day")]

    def __str__(self) -> str:
        return self.text
