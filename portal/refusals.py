"""The ways in which a deed says no. A view shows them; `RefusalMiddleware` does where a view does not.

What somebody has no right to is Django's `PermissionDenied` (403), and what they may not see is `Http404`.
"""

from __future__ import annotations

from typing import Any


class Refused(Exception):  # noqa: N818 - an answer, not a fault
    """This cannot be done now, or not so (422). The message is a sentence for the person who tried; nothing is done."""

    status = 422
    """Of the page that says so."""


class Stale(Refused):
    """Somebody changed it since the person looked (409). The message, or the page, holds what stands and what was sent.

    `stored` is the row as it stands now, where a page puts both side by side.
    """

    status = 409

    def __init__(self, message: str, stored: Any = None) -> None:
        super().__init__(message)
        self.stored = stored


class TooMany(Refused):
    """This was done too often by one person, or to one (429). The message says when to go on."""

    status = 429

    def __init__(self, message: str, seconds: int) -> None:
        super().__init__(message)
        self.seconds = seconds
