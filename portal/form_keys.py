"""The keys of forms (`{% form_key %}`): each says, signed, for whom its form was made. Nobody else can make one."""

from __future__ import annotations

import secrets
import uuid

from django.http import HttpRequest
from django.utils.crypto import constant_time_compare, salted_hmac


def new_key(person_id: int | None) -> uuid.UUID:
    """A key for a form that is shown to this person, None where nobody is signed in."""
    who = (person_id or 0).to_bytes(5, "big") + secrets.token_bytes(5)
    return uuid.UUID(bytes=who + _signature(who))


def made_for(key: str) -> int:
    """The person for whom the form with this key was made; 0 where nobody was signed in, or the key is not ours."""
    try:
        whole = uuid.UUID(key).bytes
    except ValueError:
        return 0
    who, signature = whole[:10], whole[10:]
    return int.from_bytes(who[:5], "big") if constant_time_compare(signature, _signature(who)) else 0


def _signature(who: bytes) -> bytes:
    return salted_hmac("portal.form_keys", who, algorithm="sha256").digest()[:6]


def key_of(request: HttpRequest) -> str:
    return request.POST.get("form_key", "")
