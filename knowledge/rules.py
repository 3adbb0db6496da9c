"""Who may do what. A district is spoken for by its members alone; officers moderate.

`may_…` answers for a page; `require_…` says in words why not, by `PermissionDenied`, to the page and to the deed alike.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from knowledge.models import Answer, Practice, Question
from portal.districts.models import District
from portal.districts.models.standing import standing_of


def may_post(user: Any) -> bool:
    """Members of a district post for it; hosts and officers have none of their own."""
    return bool(standing_of(user).districts)


def require_posting(user: Any, district: District | None = None) -> None:
    """For this district, or for any."""
    if not may_post(user):
        raise PermissionDenied(_("A practice is posted by a member of a district."))
    if district is not None:
        require_speaking_for(user, district)


def may_edit(user: Any, practice: Practice) -> bool:
    """Change or withdraw it."""
    standing = standing_of(user)
    return standing.is_officer or practice.district_id in standing.district_ids


def require_editing(user: Any, practice: Practice) -> None:
    if not may_edit(user, practice):
        raise PermissionDenied(_("This practice belongs to %(district)s.") % {"district": practice.district})


def adopting_districts(user: Any, practice: Practice) -> list[District]:
    """The person's districts that may say "we do this too": all but the one whose practice it is."""
    return [district for district in standing_of(user).districts if district.pk != practice.district_id]


def require_adopting(user: Any, practice: Practice) -> list[District]:
    """The `adopting_districts`, of which there is one at least."""
    if not standing_of(user).is_member:
        raise PermissionDenied(_("Join your district first: its members say what it does."))
    districts = adopting_districts(user, practice)
    if not districts:
        raise PermissionDenied(_("This is for members of other districts than the one that posted it."))
    return districts


def require_speaking_for(user: Any, district: District) -> None:
    if district.pk not in standing_of(user).district_ids:
        raise PermissionDenied(_("You do not speak for %(district)s.") % {"district": district})


def may_ask(user: Any) -> bool:
    return standing_of(user).is_member


def require_asking(user: Any) -> None:
    if not may_ask(user):
        raise PermissionDenied(_("Questions are asked by members."))


def may_answer(user: Any) -> bool:
    return standing_of(user).is_member


def require_answering(user: Any) -> None:
    if not may_answer(user):
        raise PermissionDenied(_("Questions are answered by members."))


def may_accept(user: Any, question: Question) -> bool:
    """The person who asked, or an officer."""
    standing = standing_of(user)
    return standing.is_officer or (standing.is_member and question.author_id == standing.person_id)


def require_accepting(user: Any, question: Question) -> None:
    if not may_accept(user, question):
        raise PermissionDenied(_("The one who asked says which answer helped."))


def may_moderate(user: Any) -> bool:
    """Hide what others wrote, with a reason."""
    return standing_of(user).is_officer


def require_moderating(user: Any) -> None:
    if not may_moderate(user):
        raise PermissionDenied(_("Chapter officers hide what others wrote."))


def moderates(user: Any, written: Practice | Question | Answer) -> bool:
    """Whether the person touches it as an officer: another district's practice, or words of somebody else."""
    standing = standing_of(user)
    if isinstance(written, Practice):
        return standing.is_officer and written.district_id not in standing.district_ids
    return standing.is_officer and written.author_id != standing.person_id


def require_hiding(user: Any, written: Practice | Question | Answer) -> None:
    """With a reason, which its author is mailed; of what people take back of their own nobody is told."""
    require_moderating(user)
    if not moderates(user, written):
        raise PermissionDenied(_("This is your own or your district's. Take it back on its page, without a reason."))


def may_rewrite(user: Any, written: Question | Answer) -> bool:
    """Change the words: their author, for as long as they are a member and the words stand."""
    return _is_authors(user, written) and written.removed_at is None


def require_rewriting(user: Any, written: Question | Answer) -> None:
    if not may_rewrite(user, written):
        raise PermissionDenied(_("Whoever wrote this may change it, until it is taken back."))


def may_take_back(user: Any, written: Question | Answer) -> bool:
    """Its author, or an officer who says why."""
    return written.removed_at is None and (may_moderate(user) or may_rewrite(user, written))


def require_taking_back(user: Any, written: Question | Answer) -> None:
    if not may_moderate(user) and not _is_authors(user, written):
        raise PermissionDenied(_("Whoever wrote this may take it back."))


def may_restore(user: Any, written: Question | Answer) -> bool:
    """What its author took back, the author; what an officer hid, officers alone."""
    return written.removed_at is not None and (_is_authors(user, written) or may_moderate(user))


def require_restoring(user: Any, written: Question | Answer) -> None:
    if not _is_authors(user, written) and not may_moderate(user):
        raise PermissionDenied(_("An officer hid this. Officers alone bring it back."))


def _is_authors(user: Any, written: Question | Answer) -> bool:
    """A member's own words, unless an officer hid them."""
    standing = standing_of(user)
    return standing.is_member and written.author_id == standing.person_id and not written.removed_because
