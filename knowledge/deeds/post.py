"""The one writer of practices: the form, the demo and scripts come here, the admin's saves end in the same `publish`.

Every edit leaves a revision, so that an officer can compare and restore. `by` has to have the right by
`knowledge.rules`; None is a script, which is asked for none. Refused to everybody are a locked practice (`Refused`), an
edit of an older version, and an edit while an officer's draft is open, which the draft's publication would silently
undo (`Stale`, with the practice as it stands). What is refused changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.core import signing
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from knowledge import rules
from knowledge.deeds.ask import people_of
from knowledge.deeds.hidden import require_reason, tell_hidden
from knowledge.models import Audience, Kind, Practice
from knowledge.models.products import products_named
from knowledge.models.tags import tags_named
from portal.districts.models import District, User
from portal.districts.screens.whom_to_ask import officer_to_ask
from portal.refusals import Refused, Stale

_SALT = "knowledge.withdraw"
RESTORE_SECONDS = 24 * 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class PracticeText:
    """What a person writes. Texts are Markdown but for title, summary and `cost_note`; None is "not said"."""

    title: str
    what_we_do: str
    kind: str = Kind.HOW
    summary: str = ""
    problem: str = ""
    replaced: str = ""
    do_differently: str = ""
    tags: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    cost: Decimal | None = None
    cost_per: str = ""
    cost_note: str = ""
    devices: int | None = None
    staff_hours: Decimal | None = None
    audience: str = Audience.MEMBERS


PLAIN_FIELDS = tuple(name for name in PracticeText.__slots__ if name not in {"tags", "products"})


def post(text: PracticeText, *, district: District, by: User | None, at: datetime) -> Practice:
    """Publish a new practice of `district`, with its first revision and its search entry."""
    if by is not None:
        rules.require_posting(by, district)
    with transaction.atomic():
        practice = Practice(district=district, author=by, posted_at=at, live=False)
        _write(practice, text)
        practice.save()
        _publish(practice, by=by, at=at)
    return practice


def edit(practice: Practice, text: PracticeText, *, version: int, by: User | None, at: datetime) -> Practice:
    """Publish `text` over the version that its writer read."""
    with transaction.atomic():
        stored = _judged(practice, by, at)
        if not stored.live:
            raise Stale(_("This practice was taken out of sight while you were writing."), stored)
        if stored.version != version:
            raise Stale(_("Somebody changed this practice while you were writing."), stored)
        if stored.has_open_draft:
            raise Stale(_("A chapter officer is working on this practice; their draft is not published yet."), stored)
        if stored.latest_revision_id is None:  # imported in bulk: what was there before can be compared and restored
            stored.save_revision(user=None, changed=False, clean=False)
        _write(stored, text)
        _publish(stored, by=by, at=at)
    return stored


def withdraw(practice: Practice, *, by: User, at: datetime, reason: str = "") -> str:
    """Take a practice out of sight. Returns the signed token by which `restore` brings it back within a day.

    An officer who withdraws another district's says why, and its people are told.
    """
    with transaction.atomic():
        stored = _judged(practice, by, at)
        moderates = rules.moderates(by, stored)
        if moderates:
            require_reason(reason)
        if not stored.live or stored.has_open_draft:
            raise Stale(_("A chapter officer is working on this practice; their draft is not published yet."), stored)
        if stored.live_revision_id is None:
            stored.save_revision(user=by, changed=False, clean=False)
        revision_id = stored.live_revision_id or stored.latest_revision_id
        stored.unpublish(log_action=False)  # Wagtail would ask for a right in the admin
        log(stored, "wagtail.unpublish", user=by, data={"reason": reason} if reason else None)
        if moderates:
            tell_hidden(stored, people_of(stored, at), text="", reason=reason, by=by, at=at)
        stored.refresh_from_db(fields=["version"])
    return signing.dumps([stored.pk, stored.version, revision_id], salt=_SALT)


def restore(practice: Practice, token: str, *, by: User, at: datetime) -> Practice | None:
    """Undo `withdraw`, while nothing else has happened to the practice; None where the token is not its own or old."""
    try:
        practice_id, version, revision_id = signing.loads(token, salt=_SALT, max_age=RESTORE_SECONDS)
    except signing.BadSignature:
        return None
    if practice_id != practice.pk:
        return None
    with transaction.atomic():
        stored = _judged(practice, by, at)
        if stored.live or stored.version != version:
            raise Stale(
                _("This practice changed after it was withdrawn. To bring it back, ask %(officer)s.")
                % {"officer": officer_to_ask(by, at=at)},
                stored,
            )
        revision = stored.revisions.get(pk=revision_id)
        stored.publish(revision, user=by, at=at, skip_permission_checks=True)
    stored.refresh_from_db()
    return stored


def _judged(practice: Practice, by: User | None, at: datetime) -> Practice:
    """The stored row, locked until the deed is done, where the person may change it and no officer said no."""
    stored = Practice.objects.select_for_update().get(pk=practice.pk)
    if by is not None:
        rules.require_editing(by, stored)
    if stored.locked:
        said = {"officer": officer_to_ask(by, at=at)}
        raise Refused(_("A chapter officer has locked this practice. Before you change it, ask %(officer)s.") % said)
    return stored


def _write(practice: Practice, text: PracticeText) -> None:
    for name in PLAIN_FIELDS:
        setattr(practice, name, getattr(text, name))
    practice.tags.set(list(tags_named(text.tags).values()))
    practice.products = products_named(text.products)


def _publish(practice: Practice, *, by: User | None, at: datetime) -> None:
    """Our own rule has spoken: a member has no right in the admin that Wagtail could ask for."""
    revision = practice.save_revision(user=by, log_action=True)
    practice.publish(revision, user=by, at=at, skip_permission_checks=True)
    practice.refresh_from_db()
