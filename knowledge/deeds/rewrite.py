"""A question or an answer changed, taken back, or brought back.

Its author does it freely. An officer hides somebody else's by `take_back` with a reason, which the author reads.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log
from wagtail.models import ModelLogEntry

from knowledge import rules
from knowledge.deeds.hidden import require_reason, tell_hidden
from knowledge.models import Answer, Question
from knowledge.models.tags import tags_named
from portal.districts.models import User
from portal.refusals import Refused, Stale

Words = Question | Answer


@transaction.atomic
def rewrite(written: Words, words: dict[str, Any], *, over: str, by: User, at: datetime) -> None:
    """Other words, marked as edited; what they were stands in the log. `over` is the digest of what the author read.

    `words` may have a question's `tags`, too.
    """
    stored = _locked(written)
    rules.require_rewriting(by, stored)
    if stored.digest() != over:
        now = "\n".join(stored.words().values())
        raise Stale(_("Somebody changed this since you opened it. It now says: %(now)s") % {"now": now}, stored)
    was = stored.words()
    for name in stored.WORDS:
        setattr(stored, name, words[name])
    if was != stored.words():
        stored.edited_at = at
        log(stored, "knowledge.rewrite", user=by, timestamp=at, data={"was": was, "is": stored.words()})
    if isinstance(stored, Question) and "tags" in words:
        stored.tags.set(list(tags_named(words["tags"]).values()))
    stored.save()


@transaction.atomic
def take_back(written: Words, *, by: User, at: datetime, reason: str = "") -> None:
    """Out of sight; its row and the answers of others stay. An officer says why, and the author is told."""
    stored = _locked(written)
    rules.require_taking_back(by, stored)
    moderates = rules.moderates(by, stored)
    if moderates:
        require_reason(reason)
    if stored.removed_at is not None:
        raise Refused(_("This was already taken back."))
    stored.removed_at, stored.removed_by, stored.removed_because = at, by, reason if moderates else ""
    stored.save()
    accepted = isinstance(stored, Answer) and Question.objects.filter(accepted=stored).update(accepted=None) > 0
    if moderates:
        data = {"reason": reason, "was": stored.words(), "accepted": accepted}
        log(stored, "knowledge.hide", user=by, timestamp=at, data=data)
        tell_hidden(stored, [stored.author], text=stored.words()[stored.WORDS[-1]], reason=reason, by=by, at=at)
    else:
        log(stored, "knowledge.take_back", user=by, timestamp=at, data={"accepted": accepted})


@transaction.atomic
def restore(written: Words, *, by: User, at: datetime) -> None:
    """As it was: by the author who took it back, or by an officer.

    An answer that had helped is marked again, unless another was marked since.
    """
    stored = _locked(written)
    rules.require_restoring(by, stored)
    if stored.removed_at is not None:
        stored.removed_at, stored.removed_by, stored.removed_because = None, None, ""
        stored.save()
        if isinstance(stored, Answer) and _was_accepted(stored):
            Question.objects.filter(pk=stored.question_id, accepted=None).update(accepted=stored)
        log(stored, "knowledge.restore", user=by, timestamp=at)


def _was_accepted(given: Answer) -> bool:
    """When it was taken back or hidden last, as the log says."""
    gone = ModelLogEntry.objects.for_instance(given).filter(action__in=["knowledge.take_back", "knowledge.hide"])
    last = gone.order_by("pk").last()
    return last is not None and bool(last.data.get("accepted"))


def _locked(written: Words) -> Any:
    return written.__class__.objects.locked(written.pk)
