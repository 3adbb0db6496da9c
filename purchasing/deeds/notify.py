"""Who is told of what in an agreement's life. Each function is called inside the deed's transaction."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.districts.models import Membership, User
from portal.notices.deeds.tell import tell
from portal.templatetags.wording import unit_price
from purchasing.models.agreements import Agreement
from purchasing.models.quantities import CommitmentEntry, EntryKind, Participation, answers_in
from purchasing.models.quantity_table import Line, lines_by_agreement, quantity_table_of
from purchasing.models.records import Award

DAYS_BEFORE_CLOSING = 3


def _people(participations: QuerySet[Participation], at: datetime) -> dict[int, list[User]]:
    """The members of each district, by its id. One query."""
    found: dict[int, dict[int, User]] = defaultdict(dict)
    members = Membership.objects.active(timezone.localdate(at)).filter(district__in=participations.values("district"))
    for membership in members.select_related("person").order_by("pk"):
        if membership.district_id is not None:
            found[membership.district_id][membership.person_id] = membership.person
    return {district: list(people.values()) for district, people in found.items()}


def _tell_all(kind: str, agreement: Agreement, at: datetime, occasion: str, **context: Any) -> int:
    return _tell(kind, agreement, agreement.participations.all(), at, occasion, **context)


def _tell(
    kind: str,
    agreement: Agreement,
    participations: QuerySet[Participation],
    at: datetime,
    occasion: str,
    **context: Any,
) -> int:
    people = {person.pk: person for group in _people(participations, at).values() for person in group}
    key = f"agreement:{agreement.pk}:{occasion}"
    return tell(kind, people.values(), key=key, at=at, agreement=agreement, **context)


def asked(agreement: Agreement, at: datetime) -> None:
    _tell_all("agreement-asked", agreement, at, f"asked:{agreement.version}")


def opened(agreement: Agreement, at: datetime) -> None:
    _tell_all("agreement-opened", agreement, at, "opened")


def changed(agreement: Agreement, at: datetime, what: str, reason: str, *, is_hidden: bool = False) -> None:
    """What changed in a sentence, and the reason given; told once for each version.

    `is_hidden`: those who are told do not see the agreement afterwards, and so are not led to it.
    """
    occasion = f"changed:{agreement.version}"
    _tell_all("agreement-changed", agreement, at, occasion, what=what, reason=reason, is_hidden=is_hidden)


def less_committed(agreement: Agreement, less: Mapping[int | None, int], at: datetime) -> None:
    """So many units fewer by line id: whoever takes part hears which items cost everybody more by it, in one notice.

    Of the same items and prices a person hears once a day, however often a district commits and withdraws, and anew
    where that was undone. One query, and five where a price rose.
    """
    risen = [line for line in lines_by_agreement([agreement.pk])[agreement.pk] if line.rises_by(less.get(line.id, 0))]
    if not risen:
        return
    said = _("Less of %(item)s is committed than before: %(was)s each became %(now)s.")
    _tell_prices(agreement, {line: line.committed + less[line.id] for line in risen}, said, at, "price")


def restored(agreement: Agreement, more: Mapping[int | None, int], at: datetime) -> None:
    """So many units are back by line id: who heard that a price rose hears that it fell again. As `less_committed`."""
    before = {line: line.committed - more.get(line.id, 0) for line in lines_by_agreement([agreement.pk])[agreement.pk]}
    fallen = {line: units for line, units in before.items() if line.ladder.price_or_none(units) != line.price}
    if fallen:
        said = _("%(item)s: a district did not lower its quantity after all, and %(was)s each became %(now)s again.")
        _tell_prices(agreement, fallen, said, at, "price-back")


def _tell_prices(agreement: Agreement, moved: Mapping[Line, int], said: str, at: datetime, occasion: str) -> None:
    """`moved` holds the lines as they are now, each with the units that were committed before."""

    def words(price: Decimal | None) -> str:
        return _("no price at all yet") if price is None else unit_price(price)

    what = " ".join(
        said % {"item": line.name, "was": words(line.ladder.price_or_none(before)), "now": words(line.price)}
        for line, before in moved.items()
    )
    entries = CommitmentEntry.objects.filter(participation__agreement=agreement, kind=EntryKind.RESTORED)
    last_undo = entries.order_by("-pk").values_list("pk", flat=True).first()
    told = "; ".join([f"{line.id}:{line.price}" for line in moved] + [f"undone:{last_undo}"] * bool(last_undo))
    digest = hashlib.blake2b(told.encode(), digest_size=8).hexdigest()
    day = at.astimezone(agreement.tz).date()
    _tell_all("agreement-changed", agreement, at, f"{occasion}:{digest}:{day}", what=what)


def ended(agreement: Agreement, at: datetime, reason: str) -> None:
    """Nobody may switch this off: it says that nobody is bound any more."""
    _tell_all("agreement-result", agreement, at, "result", reason=reason, released=True)


def awarded(agreement: Agreement, award: Award, at: datetime) -> None:
    """Each district hears its own quantities, prices and total; who is of two districts gets two mails.

    Five queries and three for each district.
    """
    table = quantity_table_of(agreement)
    for district, people in _people(agreement.participations.all(), at).items():
        tell(
            "agreement-result",
            people,
            key=f"agreement:{agreement.pk}:result:{district}",
            at=at,
            agreement=agreement,
            award=award,
            row=table.row_of([district]),
            bought=table.bought_by(district),
        )


def reminded(agreement: Agreement, participations: QuerySet[Participation], at: datetime) -> int:
    """The host asks those who have not answered; at most one mail to a person and day."""
    day = at.astimezone(agreement.tz).date()
    until = agreement.open_until_at(at)
    return _tell("agreement-reminder", agreement, participations, at, f"reminder:{day}", until=until)


def three_days_left(now: datetime) -> int:
    """The due job: districts that have not answered an agreement closing within three days. How many were told.

    Not within a day of its opening, extension or reopening: of that they have just been told. So one that is open for
    less is not reminded of.
    """
    told = 0
    soon = Agreement.objects.open_at(now).filter(
        closes_at__lte=now + timedelta(days=DAYS_BEFORE_CLOSING), moved_at__lte=now - timedelta(days=1)
    )
    for agreement in soon:
        waiting = unanswered(agreement)
        told += _tell("agreement-closing", agreement, waiting, now, f"closing:{agreement.closes_at:%Y%m%d%H%M}")
    return told


def unanswered(agreement: Agreement) -> QuerySet[Participation]:
    """Who has not answered what is being asked now."""
    return agreement.participations.exclude(state__in=answers_in(agreement.state))
