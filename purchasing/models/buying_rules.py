"""What law or the chapter's policy sets for buying: days, and when a fiscal year starts."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import models
from django.utils.dates import MONTHS
from django.utils.formats import date_format
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _


class BuyingRule(models.Model):
    """Numbers that law or the chapter's policy sets, in force from a day on; an officer edits them."""

    in_force_from = models.DateField(_("in force from"), unique=True)
    open_days = models.PositiveSmallIntegerField(
        _("days open for commitments, at least"), default=14, help_text=_("From opening to closing.")
    )
    notice_days = models.PositiveSmallIntegerField(
        _("days from public notice to bid closing, at least"), default=10, help_text=_("As your statute says.")
    )
    fiscal_year_month = models.PositiveSmallIntegerField(
        _("the fiscal year's first month"),
        choices=list(MONTHS.items()),
        default=7,
        help_text=_("It counts from the calendar year of the date above on."),
    )

    class Meta:
        verbose_name = _("buying rule")
        verbose_name_plural = _("buying rules")
        ordering = ["-in_force_from"]

    def __str__(self) -> str:
        return str(_("Buying rules from %(day)s") % {"day": self.in_force_from})

    @classmethod
    def on(cls, day: date) -> BuyingRule:
        """The rule in force on the day; the defaults where none is written."""
        return cls.objects.filter(in_force_from__lte=day).first() or cls(in_force_from=day)

    def successor(self) -> BuyingRule:
        """One of the same numbers, of no day yet."""
        return BuyingRule(
            open_days=self.open_days, notice_days=self.notice_days, fiscal_year_month=self.fiscal_year_month
        )

    @classmethod
    def fiscal_year(cls, year: int) -> tuple[date, date]:
        """First and last day of the fiscal year that starts in the calendar year; it lasts until the next one starts.

        A rule counts for the whole calendar year in which it comes into force. One query.
        """
        rules: list[BuyingRule] = [*cls.objects.filter(in_force_from__year__lte=year + 1), cls(in_force_from=date.min)]
        first, following = (
            date(start, next(rule.fiscal_year_month for rule in rules if rule.in_force_from.year <= start), 1)
            for start in (year, year + 1)
        )
        return first, following - timedelta(days=1)

    @classmethod
    def fiscal_year_on(cls, day: date) -> int:
        """The calendar year in which the day's fiscal year starts."""
        return day.year if day >= cls.fiscal_year(day.year)[0] else day.year - 1

    @classmethod
    def fiscal_year_words(cls, year: int) -> str:
        """For example "July 2026 to June 2027"."""
        first, last = cls.fiscal_year(year)
        return _g("%(first)s to %(last)s") % {"first": date_format(first, "F Y"), "last": date_format(last, "F Y")}
