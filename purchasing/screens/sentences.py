"""What is said of an agreement in one sentence, wherever it is shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.formats import day, money, number
from portal.templatetags.wording import days_until, unit_price, when
from purchasing.models.agreements import Agreement
from purchasing.models.ladder import Gap, WhatIf
from purchasing.models.lifecycle import ENDED, State
from purchasing.models.quantities import Authority
from purchasing.models.quantity_table import Cell, Line, WithoutUs


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
    return gap_words(line.gap)


def gap_words(gap: Gap | None) -> str:
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


def right_sentence(agreement: Agreement, now: datetime) -> str:
    """Until when a district's buyer may change or withdraw, or that nobody may now."""
    until, state = agreement.open_until_at(now), agreement.state_at(now)
    if until is not None:
        said = _("Until the closing (%(when)s) your buyer may change or withdraw it here. After that it stands.")
        return said % {"when": when(until, agreement.zone)}
    if state in {State.DRAFT, State.INTEREST}:
        return _(
            "Nothing is binding yet. Once it is open for commitments, your buyer may change or withdraw until the"
            " closing; after that it stands."
        )
    if state in ENDED:
        return _("It ended without an award: every commitment is released.")
    closed = agreement.closed_at or agreement.closes_at
    if closed is None:
        return _("It takes no commitments from districts now.")
    said = _("It closed %(when)s. What your district committed stands: nobody can change or withdraw it here.")
    return said % {"when": when(closed, agreement.zone)}


def join_sentence(agreement: Agreement, now: datetime) -> str:
    """Until when a district that has taken its quantity back, or said no, may still commit."""
    until = agreement.open_until_at(now)
    if until is None:
        return _("You can still commit once it is open for commitments.")
    return _("You can still commit until %(when)s.") % {"when": when(until, agreement.zone)}


def without_us_sentence(without: WithoutUs | None, total: Decimal | None, quantity: int) -> str:
    """ "Without us: $83,760.00 at $349.00 each (CDW list price). You save $10,320.00." Empty where nothing compares."""
    if without is None:
        return ""
    alone = _("the price here for %(n)s alone") % {"n": number(quantity)}
    said = _("Without us: %(total)s at %(price)s each (%(source)s).") % {
        "total": money(without.total),
        "price": unit_price(without.price),
        "source": without.source or alone,
    }
    if total is None or total == without.total:
        return said
    saves = _("You save %(saved)s.") if total < without.total else _("You pay %(saved)s more.")
    return f"{said} {saves % {'saved': money(abs(without.total - total))}}"


def effect_sentence(line: Line, what_if: WhatIf, districts: int) -> str:
    """What one district's quantity makes of everybody's price; `districts` others have committed to the item."""
    words = {"all": line.counted(what_if.group), "was": unit_price(what_if.before), "now": unit_price(what_if.price)}
    if what_if.price is None:
        said = _("With this, %(all)s are committed in all, too few for any price.")
        return (said + (" " + _("Now everyone pays %(was)s each.") if what_if.before is not None else "")) % words
    if what_if.before is None:
        return (
            _("With this, %(all)s are committed in all: the first price is reached, %(now)s each for everyone.") % words
        )
    if not what_if.is_moved:
        return _("With this, %(all)s are committed in all; the price stays %(now)s each for everyone.") % words
    said = _("With this, %(all)s are committed in all; %(was)s becomes %(now)s each for everyone.") % words
    return f"{said} {_others_pay(what_if.others_pay_more, districts)}".strip()


def _others_pay(more: Decimal | None, districts: int) -> str:
    if not more:
        return ""
    said = (
        ngettext(
            "The other district pays %(sum)s more.", "The %(n)s other districts pay %(sum)s more together.", districts
        )
        if more > 0
        else ngettext(
            "The other district pays %(sum)s less.", "The %(n)s other districts pay %(sum)s less together.", districts
        )
    )
    return said % {"n": number(districts), "sum": money(abs(more))}


def approval_words(cell: Cell) -> str:
    """What makes a quantity binding: "board meeting of Dec 14, 2026, Resolution 12"; empty where nothing binds."""
    if not cell.committed:
        return ""
    if cell.authority == Authority.BOARD and cell.board_date:
        said = _("board meeting of %(day)s") % {"day": day(cell.board_date)}
    else:
        said = _("within delegated authority")
    return f"{said}, {cell.evidence}" if cell.evidence else said


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
