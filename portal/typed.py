"""What somebody typed into a form that could not be taken, so that a page can give it back."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, QueryDict, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.http.request import RawPostDataException

SECRETS = ("code", "key")
"""The whole names of fields that hold a secret, as others do that have a password, a token or a secret in theirs."""
GONE_BY = ("form_key", "seen", "version")
"""The names of fields that hold no text of the person's but what the form goes by, as a formset's counts do."""


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
        if not (may_be_shown(name) and value.strip()) and not is_secret(name)
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
        if is_secret(name):
            del left[name]
    return left


def is_secret(name: str) -> bool:
    """Whether the text of a field must neither stand on a page nor be kept: of `code`, not of `zip_code`."""
    own = _own(name)
    return own in SECRETS or "password" in own or "token" in own or "secret" in own.split("_")


def may_be_shown(name: str) -> bool:
    own = _own(name)
    return not (is_secret(name) or own in GONE_BY or own.endswith("_forms") or name.startswith("initial-"))


def _own(name: str) -> str:
    """Without the prefix of its form."""
    return name.lower().rpartition("-")[2]


def label_of(name: str, fields: QueryDict) -> str:
    """ "Board date" of `board_date`; "Items 1: price" of `items-0-price`, the first form of a formset."""
    *before, last = (part.replace("_", " ").strip() for part in name.split("-"))
    if not before:
        return last.capitalize()
    counted = f"{name.split('-')[0]}-TOTAL_FORMS" in fields
    numbers = [str(int(part) + counted) if part.isdecimal() else part for part in before]
    return f"{' '.join(numbers).capitalize()}: {last}"
