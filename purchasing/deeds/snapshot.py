"""Fixing the quantities: what every district had planned and committed at the closing is kept."""

from __future__ import annotations

from datetime import datetime

from purchasing.models.agreements import Agreement
from purchasing.models.quantities import Commitment, QuantitySnapshot, SnapshotRow


def fix_quantities(agreement: Agreement, at: datetime) -> None:
    """Copy every counting commitment. The caller holds the agreement's row, and writes it."""
    agreement.closed_at = at
    snapshot = QuantitySnapshot.objects.create(agreement=agreement, at=at)
    counting = Commitment.objects.counting().filter(participation__agreement=agreement).order_by("pk")
    SnapshotRow.objects.bulk_create(
        SnapshotRow(
            snapshot=snapshot, participation_id=participation, line_id=line, planned=planned, committed=committed
        )
        for participation, line, planned, committed in counting.values_list(
            "participation", "line", "planned", "committed"
        )
    )
