"""What a verb of the lifecycle's table does, shown before it is done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.formats import money, number
from portal.templatetags.wording import unit_price, when
from purchasing.models.agreements import Agreement
from purchasing.models.ladder import extended
from purchasing.models.lifecycle import ENDED, Transition
from purchasing.models.quantity_table import Line, QuantityTable, Row, quantity_table_of


@dataclass(frozen=True, slots=True)
class Consequences:
    does: list[str]
    """What it fixes or releases, and whom it tells."""
    waiting: list[str]
    """Districts that have not answered, where it leaves them out."""
    keep: str
    """The way back, named for what it keeps."""


def consequences(agreement: Agreement, move: Transition, now: datetime) -> Consequences:
    """Three queries."""
    table = quantity_table_of(agreement)
    asked = set(agreement.asked().values_list("pk", flat=True))
    saw = [row for row in table.rows if row.participation_id in asked]
    does = [*_does(agreement, move, table, now), _told(move, saw if move.target in ENDED else table.rows)]
    leaves_out = move.verb in {"close", "award"} or move.target in ENDED
    return Consequences(
        does=[said for said in does if said],
        waiting=[row.short_name for row in saw if not row.has_answered] if leaves_out else [],
        keep=_keep(agreement, move, now),
    )


def _does(agreement: Agreement, move: Transition, table: QuantityTable, now: datetime) -> list[str]:
    until = agreement.open_until_at(now)
    if move.verb == "close":
        stops = _("From now on nobody can commit, change or withdraw. It would have been open until %(when)s.")
        return [*(_fixed(table, line) for line in table.lines), stops % {"when": when(until, agreement.zone)}]
    if move.verb == "award":
        fixed = [_fixed(table, line) for line in table.lines]
        return [*fixed, _("What you write here is final: an award is never changed.")]
    if move.verb == "revise":
        return [
            _("The survey stops: districts do not see this agreement until you ask them again or open it."),
            _("Their answers so far are kept. You can change items, prices and terms again."),
        ]
    if move.target in ENDED:
        return [*_released(table), _("It is over: nobody can open this agreement again.")]
    return []


def _fixed(table: QuantityTable, line: Line) -> str:
    words: dict[str, Any] = {"item": line.name, "n": line.counted(line.committed)}
    if line.price is None:
        return _("%(item)s: %(n)s committed, too few for any price.") % words
    quantities = [row.cell(line.id).committed for row in table.rows]
    total = sum(extended(quantity, line.price) for quantity in quantities)
    words |= {"price": unit_price(line.price), "total": money(total or None)}
    return _("%(item)s: %(n)s committed, at %(price)s each: %(total)s in all.") % words


def _released(table: QuantityTable) -> list[str]:
    bound = sum(row.is_bound for row in table.rows)
    if not bound:
        return []
    said = ngettext(
        "The commitment of %(count)s district is released: %(what)s.",
        "The commitments of %(count)s districts are released: %(what)s.",
        bound,
    )
    what = "; ".join(f"{line.name}, {line.counted(line.committed)}" for line in table.lines if line.committed)
    return [said % {"count": number(bound), "what": what}]


def _told(move: Transition, rows: Sequence[Row]) -> str:
    """Whom the deed mails, as the table's row says; nobody hears that a draft ends that they never saw."""
    if not move.tells or not rows:
        return ""
    said = (
        ngettext(
            "Everybody in the %(n)s district asked is told by email what it gets and at what price.",
            "Everybody in the %(n)s districts asked is told by email what their district gets and at what price.",
            len(rows),
        )
        if move.verb == "award"
        else ngettext(
            "Everybody in the %(n)s district asked is told by email.",
            "Everybody in the %(n)s districts asked is told by email.",
            len(rows),
        )
    )
    return said % {"n": number(len(rows))}


def _keep(agreement: Agreement, move: Transition, now: datetime) -> str:
    if agreement.is_open_at(now) and move.verb in {"close", "cancel", "fail"}:
        return _("Keep the agreement open")
    if move.target in ENDED:
        return _("Keep the agreement")
    said = {
        "award": _("Do not award it yet"),
        "suspend": _("Keep it ready to order"),
        "revise": _("Keep asking"),
    }
    return said.get(move.verb, _("Back to the agreement"))
