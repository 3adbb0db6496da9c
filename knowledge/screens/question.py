"""A question's page: what each reader may do with the words on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from knowledge import rules
from knowledge.models import Answer, Question


@dataclass(frozen=True, slots=True)
class Rights:
    """Over one question or answer."""

    edit: bool
    take_back: bool
    """It is the reader's own: one press."""
    hide: bool
    """It is somebody else's: with a reason."""
    restore: bool


@dataclass(frozen=True, slots=True)
class Shown:
    answer: Answer
    rights: Rights

    @property
    def gone(self) -> str:
        """What stands in place of one that was taken back."""
        if self.answer.removed_because:
            return _("A chapter officer has hidden this answer.")
        return _("This answer was taken back.")


def heading(question: Question) -> str:
    """Its words, or what stands in place of them."""
    if question.removed_because:
        return _("A chapter officer has hidden this question")
    return _("This question was taken back") if question.removed_at is not None else question.title


def rights(user: Any, written: Question | Answer) -> Rights:
    edits = rules.may_rewrite(user, written)
    takes_back = rules.may_take_back(user, written)
    return Rights(edits, edits and takes_back, takes_back and not edits, rules.may_restore(user, written))


def answers_of(question: Question, user: Any) -> list[Shown]:
    """The accepted one first, then as they came; one query.

    One that was taken back leaves a line where others answered after it, and for who may bring it back.
    """
    found = list(question.answers.select_related("district", "author"))
    last = max((given.answered_at for given in found if given.removed_at is None), default=None)
    shown = [Shown(given, rights(user, given)) for given in found]
    kept = [
        each
        for each in shown
        if each.answer.removed_at is None or each.rights.restore or (last and each.answer.answered_at < last)
    ]
    return sorted(kept, key=lambda each: each.answer.pk != question.accepted_id)
