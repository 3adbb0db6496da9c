"""What somebody typed into a form that could not be taken, so that a page can give it back."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, QueryDict, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.http.request import RawPostDataException

SECRETS = ("password", "token", "code", "secret")
"""Parts of the names of fields whose text must neither stand on a page nor be kept."""
NEVER_SHOWN = (*SECRETS, "form_key", "seen", "version", "initial-", "_forms")
"""Those too that hold no text of the person's but what the form goes by."""


@dataclass(frozen=True, slots=True)
class Typed:
    name: str
    label: str
    value: str

    @property
    def is_long(self) -> bool:
        return len(self.value) > 80 or "\n" in self.value


def typed(request: HttpRequest) -> list[Typed]:
    """Every field that somebody filled in, in the form's order; secrets never. None of a body that cannot be read."""
    fields = _fields(request)
    return [
        Typed(name, label_of(name, fields), value)
        for name, values in fields.lists()
        if may_be_shown(name)
        for value in values
        if value.strip()
    ]


def kept(request: HttpRequest) -> list[tuple[str, str]]:
    """What else a form needs to be sent again as it was: its key, what it goes by, what was left empty. No secret."""
    return [
        (name, value)
        for name, values in _fields(request).lists()
        for value in values
        if not (may_be_shown(name) and value.strip()) and not any(part in name.lower() for part in SECRETS)
    ]


def _fields(request: HttpRequest) -> QueryDict:
    try:
        return request.POST
    except (SuspiciousOperation, MultiPartParserError, UnreadablePostError, RawPostDataException):
        return QueryDict()


def without_secrets(fields: QueryDict) -> QueryDict:
    """What a form needs to be filled in again."""
    left = fields.copy()
    for name in fields:
        if any(part in name.lower() for part in SECRETS):
            del left[name]
    return left


def may_be_shown(name: str) -> bool:
    return not any(part in name.lower() for part in NEVER_SHOWN)


def label_of(name: str, fields: QueryDict) -> str:
    """ "Board date" of `board_date`; "Items 1: price" of `items-0-price`, the first form of a formset."""
    *before, last = (part.replace("_", " ").strip() for part in name.split("-"))
    if not before:
        return last.capitalize()
    counted = f"{name.split('-')[0]}-TOTAL_FORMS" in fields
    numbers = [str(int(part) + counted) if part.isdecimal() else part for part in before]
    return f"{' '.join(numbers).capitalize()}: {last}"
