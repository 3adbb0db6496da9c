"""The five people of the demo's front page, and what each may try: the walk-through in their words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


@dataclass(frozen=True, slots=True)
class Visitor:
    """`email` is the address of an account that `build_demo` makes."""

    email: str
    who: str | _StrPromise
    tries: str | _StrPromise


FIVE = (
    Visitor(
        "director@kaneland.example",
        _("Kaneland's director, who is also its buyer"),
        _(
            "The Chromebook agreement lacks 37 devices to the next price. See Kaneland's price for 240, commit them,"
            " and everybody's price falls. Answer for next month's meeting. Search for students repairing chromebooks"
            " and say that Kaneland is trying it."
        ),
    ),
    Visitor(
        "host@roe31.example",
        _("The host at ROE 31, Kane County"),
        _(
            "Open the Chromebook agreement's grid and see who has not answered. Enter what one said by phone,"
            " download the sheet, close early and award. Start the next agenda from last month's, then move the meeting"
            " and look at the outbox."
        ),
    ),
    Visitor(
        "officer@chapter.example",
        _("A chapter officer"),
        _(
            "Edit a page or a toolkit under Administration, see who has joined in which county, invite a host, and"
            " moderate a practice."
        ),
    ),
    Visitor(
        "director@geneva.example",
        _("Geneva's director"),
        _(
            "Read the question that waits under your practice on student repairs and answer it. See which districts"
            " like yours say that they do the same, and which one stopped."
        ),
    ),
    Visitor(
        "director@sycamore.example",
        _("Sycamore's director, in DeKalb County"),
        _(
            "A neighbor's view: practices shared with all members and DeKalb's own meetings, but nothing of Kane"
            " County's agreements."
        ),
    ),
)
