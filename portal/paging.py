"""Lists by key: a page costs the same however deep it lies, and nothing is counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core.signing import BadSignature, Signer
from django.db.models import Model, Q, QuerySet

M = TypeVar("M", bound=Model)

COUNT_LIMIT = 1000
_signer = Signer(salt="portal.paging")


@dataclass(frozen=True, slots=True)
class Page(Generic[M]):
    """Some rows of a list, and the tokens for the pages beside it ("" where there is none)."""

    rows: list[M]
    next: str
    previous: str

    def __iter__(self) -> Any:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)


def page_of(queryset: QuerySet[M], *, order: Sequence[str], token: str = "", per_page: int = 25) -> Page[M]:
    """The page that `token` names, or the first. One query.

    `order` holds field names of the rows themselves, "-" for descending, the last one unique and none of them NULL.
    A token that was tampered with, or belongs to another order, gives the first page.
    """
    backwards, edge = _read(token, order)
    names = [name.lstrip("-") for name in order]
    directions = [name.startswith("-") != backwards for name in order]
    rows = queryset.order_by(*[("-" if down else "") + name for name, down in zip(names, directions, strict=True)])
    if edge is not None:
        rows = rows.filter(_beyond(names, directions, edge))
    found = list(rows[: per_page + 1])
    more = len(found) > per_page
    found = found[:per_page]
    if backwards:
        found.reverse()
    has_next, has_previous = (True, more) if backwards else (more, edge is not None)
    return Page(
        found,
        next=_token("n", order, found[-1]) if found and has_next else "",
        previous=_token("p", order, found[0]) if found and has_previous else "",
    )


def capped_count(queryset: QuerySet[Any], limit: int = COUNT_LIMIT) -> tuple[int, bool]:
    """How many rows, and whether there are more than `limit`; never reads more than that. One query."""
    count = queryset.order_by()[: limit + 1].count()
    return min(count, limit), count > limit


def _beyond(names: list[str], directions: list[bool], edge: list[Any]) -> Q:
    """Rows after the edge: (a, b) > (x, y) written as a > x or (a = x and b > y), with the first column bounded."""
    condition = Q()
    equal = Q()
    for name, down, value in zip(names, directions, edge, strict=True):
        condition |= equal & Q(**{f"{name}__{'lt' if down else 'gt'}": value})
        equal &= Q(**{name: value})
    first = f"{names[0]}__{'lte' if directions[0] else 'gte'}"
    return Q(**{first: edge[0]}) & condition


def _token(way: str, order: Sequence[str], row: Model) -> str:
    values = [getattr(row, name.lstrip("-")) for name in order]
    plain = [value.isoformat() if hasattr(value, "isoformat") else value for value in values]
    return _signer.sign_object([way, list(order), plain])


def _read(token: str, order: Sequence[str]) -> tuple[bool, list[Any] | None]:
    try:
        way, signed_order, edge = _signer.unsign_object(token)
    except (BadSignature, ValueError, UnicodeError):
        return False, None
    if signed_order != list(order):
        return False, None
    return way == "p", edge
