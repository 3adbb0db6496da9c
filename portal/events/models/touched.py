"""Which entries of search a change of meetings touches."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from portal.search.entries.indexing import Touched


def touched_with_meetings(rows: QuerySet[Any], way: str = "") -> Touched:
    """Meetings with their dates, minutes, agenda and actions: all are dated by the meeting.

    `way` leads from the rows to their meetings ("meetings__"). Three queries, one where there is no meeting.
    """
    stored = rows.model._default_manager.filter(pk__in=rows.order_by().values("pk")).order_by()

    def ids(column: str) -> list[int]:
        return list(stored.filter(**{f"{way}{column}__isnull": False}).values_list(f"{way}{column}", flat=True))

    meetings = ids("pk")
    if not meetings:
        return []
    whole = [(kind, meetings) for kind in ("meeting", "meeting-date", "minutes")]
    return [*whole, ("agenda-item", ids("items")), ("action", ids("actions"))]
