"""Ending an agreement before its award: nobody is bound any more."""

from __future__ import annotations

from datetime import datetime

from django.db.models import F

from portal.districts.models import User
from purchasing.deeds import notify
from purchasing.deeds.transition import transition
from purchasing.models.agreements import Agreement
from purchasing.models.quantities import Commitment, CommitmentEntry, EntryKind


def end_without_award(agreement: Agreement, *, by: User, at: datetime, reason: str) -> None:
    """Every commitment is released."""
    with transition(agreement, "fail", by=by, at=at, reason=reason) as stored:
        _release_all(stored, by=by, at=at)
        notify.ended(stored, at, reason)


def cancel_agreement(agreement: Agreement, *, by: User, at: datetime, reason: str) -> None:
    """Stop it: every commitment is released. Districts that were never asked never see it."""
    with transition(agreement, "cancel", by=by, at=at, reason=reason) as stored:
        stored.participations.exclude(pk__in=stored.asked().values("pk")).delete()
        notify.ended(stored, at, reason)
        _release_all(stored, by=by, at=at)


def _release_all(agreement: Agreement, *, by: User, at: datetime) -> None:
    """Each counting commitment is marked, its entry written, the totals set to zero."""
    agreement.released_at = at
    counting = list(
        Commitment.objects.counting().filter(participation__agreement=agreement).exclude(planned=0, committed=0)
    )
    CommitmentEntry.objects.bulk_create(
        CommitmentEntry(
            participation_id=row.participation_id,
            line_id=row.line_id,
            at=at,
            by=by,
            kind=EntryKind.RELEASED,
            planned_before=row.planned,
            committed_before=row.committed,
            version=row.version + 1,
        )
        for row in counting
    )
    Commitment.objects.filter(pk__in=[row.pk for row in counting]).update(released_at=at, version=F("version") + 1)
    agreement.lines.update(committed=0)
