"""Who may reach what of the meetings. Members of another county see nothing but public dates; strangers neither."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils import timezone

from portal.events.deeds.answer import undo_token
from portal.events.deeds.reschedule import cancel
from portal.events.deeds.write_minutes import add_action
from portal.events.models.feed_secret import FeedSecret
from tests.architecture.routes import Route, everybody
from tests.events.makers import make_item, make_meeting, make_minutes, make_series
from tests.people import Cast

READERS = everybody(200, visitor=302, stranger=404, outsider=404)
DOERS = everybody(302, stranger=404, outsider=404)
"""Members of the county may; a visitor is led to the sign-in page."""


def hosts(status: int, others: int = 403) -> dict[str, int]:
    """The office's host and officers may; the county's members see it but may not."""
    return everybody(others, visitor=302, stranger=404, outsider=404, host=status, officer=status)


def to_come(cast: Cast) -> dict[str, Any]:
    return {"pk": make_meeting(cast).pk}


def undo_of_member(cast: Cast) -> dict[str, Any]:
    meeting = make_meeting(cast)
    return {"pk": meeting.pk, "token": undo_token(meeting, cast.member)}


def public(cast: Cast) -> dict[str, Any]:
    return {"pk": make_meeting(cast, dates_public=True).pk}


def canceled(cast: Cast) -> dict[str, Any]:
    meeting = make_meeting(cast)
    cancel(meeting, by=cast.host, at=timezone.now(), reason="Snow", quiet=True)
    return {"pk": meeting.pk}


def with_item(cast: Cast) -> dict[str, Any]:
    meeting = make_meeting(cast)
    make_item(meeting, "First")
    return {"pk": meeting.pk, "item": make_item(meeting).pk}


def with_way(cast: Cast) -> dict[str, Any]:
    return with_item(cast) | {"way": "up"}


def over(cast: Cast) -> dict[str, Any]:
    return {"pk": make_meeting(cast, days=-10).pk}


def with_minutes(cast: Cast) -> dict[str, Any]:
    meeting = make_meeting(cast, days=-10)
    make_minutes(cast, meeting)
    return {"pk": meeting.pk}


def with_action(cast: Cast) -> dict[str, Any]:
    meeting = make_meeting(cast, days=-10)
    make_minutes(cast, meeting)
    return {"pk": add_action(meeting, "Send the list", owner=cast.geneva, by=cast.host).pk}


def series(cast: Cast) -> dict[str, Any]:
    return {"slug": make_series(cast).slug}


def public_series(cast: Cast) -> dict[str, Any]:
    return {"slug": make_series(cast, dates_public=True).slug}


def member_feed(cast: Cast) -> dict[str, Any]:
    return series(cast) | {"token": FeedSecret.renew(cast.member, make_meeting(cast, name="Other").starts_at)}


def wrong_feed(cast: Cast) -> dict[str, Any]:
    return member_feed(cast) | {"token": f"{cast.member.pk}.guess"}


def form(**values: Any) -> Callable[[Cast], dict[str, Any]]:
    return lambda cast: values


ACTION = everybody(403, visitor=302, stranger=404, outsider=404, neighbor=302, host=302, officer=302)

ROUTES = [
    Route("events:meeting-list", get=everybody(200)),
    Route("events:meeting-detail", get=everybody(200, visitor=404, stranger=404, outsider=404), make=to_come),
    Route("events:meeting-detail", get=everybody(200), make=public, query="?"),
    Route("events:meeting-detail", get=everybody(200, visitor=404, stranger=404, outsider=404), make=over, query="?a"),
    Route("events:meeting-file", get=READERS, make=to_come),
    Route("events:meeting-edit", get=hosts(200), post=hosts(422), make=to_come),
    Route("events:meeting-move", get=hosts(200), post=hosts(422), make=to_come),
    Route("events:meeting-cancel", get=hosts(200), post=hosts(302), make=to_come, form=form(reason="Snow")),
    Route("events:meeting-reinstate", get=hosts(200), post=hosts(302), make=canceled, form=form(reason="Thaw")),
    Route("events:meeting-invite", get=None, post=hosts(302), make=to_come),
    Route("events:rsvp", get=None, post=DOERS, make=to_come, form=form(answer="online")),
    Route("events:rsvp", get=None, post=everybody(422, visitor=302, stranger=404, outsider=404), make=over, query="?a"),
    Route("events:rsvp-undo", get=None, post=everybody(404, visitor=302, member=302), make=undo_of_member),
    Route(
        "events:rsvp-undo",
        get=None,
        post=everybody(404, visitor=302),
        make=lambda cast: to_come(cast) | {"token": "forged"},
        query="?forged",
    ),
    Route("events:district-rsvp", get=None, post=hosts(422), make=to_come),
    Route("events:agenda", get=hosts(200), make=to_come),
    Route("events:agenda-start", get=None, post=hosts(302), make=to_come),
    Route("events:agenda-add", get=None, post=hosts(422), make=to_come),
    Route("events:agenda-take", get=None, post=hosts(302), make=to_come),
    Route("events:agenda-propose", get=READERS, post=DOERS, make=to_come, form=form(title="Wi-Fi", minutes=5)),
    Route("events:item-edit", get=hosts(200), post=hosts(422), make=with_item),
    Route("events:item-link", get=hosts(200), post=hosts(302), make=with_item),
    Route("events:item-accept", get=None, post=hosts(302), make=with_item),
    Route("events:item-remove", get=None, post=hosts(302), make=with_item),
    Route("events:item-shift", get=None, post=hosts(302), make=with_way),
    Route("events:minutes", get=hosts(200), post=hosts(302), make=with_minutes),
    Route("events:attendance", get=hosts(200), post=hosts(302), make=over),
    Route("events:circulate", get=None, post=hosts(302), make=over),
    Route("events:approve", get=None, post=hosts(302), make=with_minutes),
    Route("events:action-close", get=None, post=ACTION, make=with_action),
    Route("events:action-reopen", get=None, post=ACTION, make=with_action),
    Route(
        "events:series-new",
        get=everybody(403, visitor=302, host=200, officer=200),
        post=everybody(403, visitor=302, host=422, officer=422),
    ),
    Route("events:series-detail", get=READERS, make=series),
    Route("events:series-edit", get=hosts(200), post=hosts(422), make=series),
    Route("events:series-extra", get=hosts(200), post=hosts(422), make=series),
    Route("events:feed-address", get=everybody(200, visitor=302), post=everybody(200, visitor=302)),
    Route("events:feed-revoke", get=None, post=everybody(302)),
    Route("events:series-feed", get=everybody(200), make=public_series),
    Route("events:series-feed", get=everybody(200, visitor=404, stranger=404, outsider=404), make=series, query="?a"),
    Route("events:my-series-feed", get=everybody(200), make=member_feed),
    Route("events:my-series-feed", get=everybody(404), make=wrong_feed, query="?wrong"),
]
