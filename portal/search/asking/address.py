"""The address of a search: what is not a known filter value is left out, never an error."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict

from portal.search.asking.filters import LONGEST, Filters
from portal.search.facets import FACETS, MOST_CHOSEN, Facet, is_number
from portal.text import clean, one_line


@dataclass(frozen=True, slots=True)
class SearchAddress:
    text: str = ""
    """As it came; `portal.search.text.query` makes sense of it."""
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    after: date | None = None
    before: date | None = None
    mine: bool = True
    """What districts like the reader's do rises."""
    exact: bool = False
    """The words are left as they are typed."""
    page: int = 1

    @classmethod
    def read(cls, asked: QueryDict) -> SearchAddress:
        filters = {name: _values(facet, asked.getlist(name)) for name, facet in FACETS.items()}
        return cls(
            text=asked.get("q", ""),
            filters={facet: values for facet, values in filters.items() if values},
            after=_day(asked.get("after", "")),
            before=_day(asked.get("before", "")),
            mine=asked.get("mine") != "0",
            exact=asked.get("exact") == "1",
            page=int(page) if is_number(page := asked.get("page", "")) else 1,
        )

    @property
    def kind(self) -> str:
        """The one kind that is searched, "" for several or all."""
        kinds = self.filters.get("kind", ())
        return kinds[0] if len(kinds) == 1 else ""

    def settled(self, words: str, filters: Filters) -> SearchAddress:
        """The first page of the same search with the operators among its filters."""
        return replace(self, text=words, filters=filters.values, after=filters.after, before=filters.before, page=1)

    def link(self, **changes: Any) -> str:
        """The query string of this search, changed; its first page unless `page` is among the changes."""
        return "?" + urlencode(replace(self, **{"page": 1, **changes}).pairs())

    def pairs(self, *but: str) -> list[tuple[str, str]]:
        """Parameters of the address, in order, without those named; nothing that says what goes without saying."""
        found = [("q", self.text)] if self.text else []
        found += [(facet, value) for facet in FACETS for value in self.filters.get(facet, ())]
        found += [(name, day.isoformat()) for name, day in (("after", self.after), ("before", self.before)) if day]
        found += [] if self.mine else [("mine", "0")]
        found += [("exact", "1")] if self.exact else []
        found += [("page", str(self.page))] if self.page > 1 else []
        return [(name, value) for name, value in found if name not in but]

    def without(self, facet: str, value: str) -> dict[str, tuple[str, ...]]:
        """The filters without one value; all values of the facet where none is named."""
        kept = tuple(one for one in self.filters.get(facet, ()) if value and one != value)
        return {
            **{name: values for name, values in self.filters.items() if name != facet},
            **({facet: kept} if kept else {}),
        }


def _values(facet: Facet, texts: list[str]) -> tuple[str, ...]:
    cleaned = (one_line(clean(text[:LONGEST])) for text in texts[: 2 * MOST_CHOSEN])
    return tuple(dict.fromkeys(text for text in cleaned if facet.is_known(text)))[: facet.most_chosen]


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None
