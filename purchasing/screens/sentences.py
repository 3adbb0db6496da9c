"""What is said of an agreement in one sentence, wherever it is shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.formats import number
from portal.templatetags.wording import days_until, unit_price
from purchasing.models.agreements import Agreement
from purchasing.models.quantity_table import Line


def state_sentence(agreement: Agreement, now: datetime) -> str:
    """ "Open, closes in 9 days"; the state in words where it is not open."""
    if agreement.closes_at is None or not agreement.is_open_at(now):
        return agreement.words_at(now)
    days = days_until(agreement.closes_at, now, agreement.zone)
    if days == 0:
        return _("Open, closes today")
    sentence: str = ngettext("Open, closes in %(days)d day", "Open, closes in %(days)d days", days)
    return sentence % {"days": days}


def gap_sentence(line: Line) -> str:
    """ "37 more take $12.00 off each"; empty at the top of the ladder."""
    gap = line.gap
    if gap is None:
        return ""
    if gap.off_each is None:
        said = ngettext(
            "%(units)s more reaches the first price, %(price)s each",
            "%(units)s more reach the first price, %(price)s each",
            gap.units,
        )
        return said % {"units": number(gap.units), "price": unit_price(gap.step.price)}
    return ngettext("%(units)s more takes %(off)s off each", "%(units)s more take %(off)s off each", gap.units) % {
        "units": number(gap.units),
        "off": unit_price(gap.off_each),
    }


def nearest_gap(lines: Sequence[Line]) -> str:
    """The sentence of the line that is nearest to its next step, by share of that step."""
    open_lines = [line for line in lines if line.gap is not None]
    if not open_lines:
        return ""
    return gap_sentence(min(open_lines, key=lambda line: line.gap.units / line.gap.step.minimum if line.gap else 1))


def committed_sentence(before: Sequence[Line], after: Sequence[Line], quantities: Mapping[int, int]) -> str:
    """ "Committed: 240 devices. All together 1,153 devices; $318.00 becomes $306.00 for everyone." """
    then = {line.id: line for line in after}
    parts = []
    for line in before:
        if line.id not in quantities:
            continue
        new = then[line.id]
        said = _("Committed: %(own)s. All together %(all)s") % {
            "own": line.counted(quantities[line.id]),
            "all": new.counted(new.committed),
        }
        if line.price is not None and new.price is not None and line.price != new.price:
            said += _("; %(old)s becomes %(new)s for everyone") % {
                "old": unit_price(line.price),
                "new": unit_price(new.price),
            }
        parts.append(said + ".")
    return " ".join(parts)
