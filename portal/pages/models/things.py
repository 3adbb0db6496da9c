"""A block that points at something of the portal (a practice, an agreement, a meeting) by its kind and id.

An officer pastes the address; what a reader may not see is left out when the page is shown.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.urls import Resolver404, resolve
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.blocks import FieldBlock

from portal import boxes
from portal.ids import row_id
from portal.registry import search_sources


def reference_of(address: str) -> str | None:
    """ "practice:12" for the address of practice 12, absolute or not; None where nothing of the portal is there."""
    path = urlsplit(address.strip()).path
    try:
        kwargs = resolve(path).kwargs
    except Resolver404:
        return None
    ids = [pk for value in kwargs.values() if (pk := row_id(str(value))) is not None]
    for source in search_sources:
        for pk in ids:
            if source.urls([pk]).get(pk) == path:
                return f"{source.kind}:{pk}"
    return None


def pair_of(reference: str) -> tuple[str, int] | None:
    """(kind, id) of "practice:12"; None for anything else."""
    kind, _colon, number = str(reference or "").partition(":")
    pk = row_id(number)
    return (kind, pk) if kind in search_sources and pk is not None else None


class ThingField(boxes.CharField):
    """Shows the address, keeps the reference."""

    def prepare_value(self, value: Any) -> Any:
        pair = pair_of(value)
        if pair is None:
            return value
        return search_sources[pair[0]].urls([pair[1]]).get(pair[1], value)

    def clean(self, value: Any) -> str:
        typed = super().clean(value)
        if not typed or pair_of(typed):
            return str(typed)
        reference = reference_of(typed)
        if reference is None:
            raise ValidationError(
                _("There is no practice, agreement or meeting at this address. Copy it from the page itself.")
            )
        return reference


class ThingBlock(FieldBlock):  # type: ignore[misc]
    def __init__(self, *, required: bool = True, help_text: str | None = None, **kwargs: Any) -> None:
        self.is_required = required
        self.help_text = help_text or _("Paste the address of its page, such as /practices/12/.")
        super().__init__(**kwargs)

    @cached_property
    def field(self) -> ThingField:
        return ThingField(required=self.is_required, help_text=self.help_text)

    def value_from_form(self, value: Any) -> str:
        return str(value or "")

    class Meta:
        icon = "link"
        label = _("Practice, agreement or meeting")


def links_of(references: Iterable[str], user: Any) -> list[Any]:
    """The links this reader may follow, in the given order; see `portal.search.asking.links`."""
    from portal.search.asking.links import resolve as resolve_links

    pairs = [pair for pair in map(pair_of, references) if pair]
    found = resolve_links(pairs, user)
    return [found[pair] for pair in pairs if pair in found]
