"""Numbers, money and dates as the reader's language writes them: Django's formats, so that a translation changes all.

A date's form is itself a translated text. Zones are the caller's: what is given here is already local.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.utils.formats import date_format, number_format
from django.utils.translation import pgettext


def number(value: int | None) -> str:
    """ "33,898"; empty for None."""
    return "" if value is None else number_format(value, decimal_pos=0, force_grouping=True)


def money(amount: Decimal | None, places: int = 2) -> str:
    """US dollars: "$1,234.50", a minus sign before the dollar; empty for None. Half a cent goes to the even one."""
    if amount is None:
        return ""
    sign = "-" if amount < 0 else ""
    return f"{sign}${number_format(round(abs(amount), places), decimal_pos=places, force_grouping=True)}"


def unit_price(price: Decimal | None) -> str:
    """ "$318.00", or all four places where a price has them: "$0.0425"; empty for None."""
    return money(price, 2 if price is None or price == round(price, 2) else 4)


def day(value: date) -> str:
    """ "Dec 11, 2026"."""
    return date_format(value, pgettext("form of a date; see Django's date filter", "M j, Y"))


def month(value: date) -> str:
    """ "Oct 2026"."""
    return date_format(value, pgettext("form of a date; see Django's date filter", "M Y"))


def clock(local: datetime) -> str:
    """ "1:30 PM"."""
    return date_format(local, pgettext("form of a date; see Django's date filter", "g:i A"))


def when(local: datetime, *, with_year: bool) -> str:
    """ "Thu, Dec 11, 1:30 PM CST", or with its year: "Thu, Dec 11, 2026, 1:30 PM CST"."""
    form = (
        pgettext("form of a date; see Django's date filter", "D, M j, Y, g:i A T")
        if with_year
        else pgettext("form of a date; see Django's date filter", "D, M j, g:i A T")
    )
    return date_format(local, form)
