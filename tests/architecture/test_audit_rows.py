"""Every action that the portal's apps register for the log, with a deed that must write its row: of what, and by whom.

A deed whose row is forgotten fails here, and so does an action that nobody says how to do.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from django.utils import timezone
from wagtail.log_actions import registry
from wagtail.models import ModelLogEntry

from knowledge.deeds import adopt as adopting
from knowledge.deeds import post as posting
from knowledge.deeds import rewrite as rewriting
from knowledge.models import Question
from portal.districts.deeds import agree as answering
from portal.districts.deeds import describe as describing
from portal.districts.deeds import grant as granting
from portal.districts.deeds import import_directory as importing
from portal.districts.deeds import invite as inviting
from portal.districts.deeds.join import decide
from portal.districts.deeds.mail_domains import confirm_proposed
from portal.districts.forms.directory_file import read_files
from portal.districts.models import Chapter, Role, User
from portal.events.deeds import agenda, change, reschedule, write_minutes
from portal.events.deeds import circulate as minutes
from portal.events.deeds.attend import take_attendance
from portal.events.models import Meeting
from purchasing.deeds import commit
from purchasing.deeds import draft as drafting
from purchasing.deeds import restore as restoring
from purchasing.deeds.announce import announce_agreement
from purchasing.deeds.close import close_due
from purchasing.deeds.verbs import VERBS
from purchasing.models.lifecycle import TRANSITIONS
from tests.districts.makers import make_invitation, make_join_request, make_waiting
from tests.events.makers import make_item, make_meeting, make_series
from tests.knowledge.makers import make_adoption, make_answer, make_practice, make_question
from tests.people import Cast
from tests.purchasing.makers import make_draft, make_line, make_show
from tests.purchasing.test_lifecycle import GRID, arguments, put

DIRECTORY = Path(__file__).parents[1] / "districts" / "data" / "directory.csv"


class Said(NamedTuple):
    """What the row must say. `data` holds at least this much; `by` None is the clock."""

    of: Model
    by: User | None
    data: dict[str, Any] = {}


Deed = Callable[[Cast], Said]


# --- districts --------------------------------------------------------------------------------------------------------
def grant(cast: Cast) -> Said:
    made = granting.grant(cast.stranger, Role.BUYER, cast.kaneland, by=cast.officer, at=timezone.now())
    return Said(made, cast.officer, {"role": "buyer", "place": "Kaneland CUSD 302", "person": cast.stranger.pk})


def end(cast: Cast) -> Said:
    membership = cast.member.memberships.get()
    granting.end(membership, by=cast.officer, at=timezone.now())
    return Said(membership, cast.officer, {"role": "member", "person": cast.member.pk})


def let_host_buy(cast: Cast) -> Said:
    membership = cast.buyer.memberships.get(role=Role.BUYER)
    granting.let_host_buy(membership, "Nobody else is there", by=cast.officer, at=timezone.now())
    return Said(membership, cast.officer, {"person": cast.buyer.pk, "reason": "Nobody else is there"})


def waiting_role(cast: Cast, verb: str) -> Said:
    """For an address from outside, proposed by the host."""
    waiting = make_waiting("ann@elsewhere.example", cast.kaneland, role=Role.BUYER, by=cast.host)
    by: User | None = {"propose": cast.host, "take_back": cast.host, "lapse": None}.get(verb, cast.buyer)
    if verb == "lapse":
        assert answering.lapse_roles(waiting.expires_at) == 1
    elif verb != "propose":
        getattr(answering, verb)(waiting, by=by, at=timezone.now())
    return Said(waiting, by, {"role": "buyer", "place": "Kaneland CUSD 302", "email": "ann@elsewhere.example"})


def invite(cast: Cast) -> Said:
    invitation, _path = make_invitation("new@kaneland.example", cast.kaneland, by=cast.host)
    return Said(invitation, cast.host, {"role": "member", "email": "new@kaneland.example"})


def withdraw_invitation(cast: Cast) -> Said:
    invitation, _path = make_invitation("new@kaneland.example", cast.kaneland, by=cast.host)
    inviting.withdraw(invitation, by=cast.officer, at=timezone.now())
    return Said(invitation, cast.officer, {"role": "member", "email": "new@kaneland.example"})


def decline_request(cast: Cast) -> Said:
    request = make_join_request(cast.stranger, cast.kaneland)
    decide(request, approve=False, by=cast.buyer, at=timezone.now())
    return Said(request, cast.buyer)


def describe(cast: Cast, **changes: Any) -> Said:
    said = {"short_name": "Kaneland", "other_names": [], "domains": []} | changes
    describing.describe_district(cast.kaneland, by=cast.officer, at=timezone.now(), **said)
    return Said(cast.kaneland, cast.officer)


def rename(cast: Cast) -> Said:
    return describe(cast, other_names=["Knights"])._replace(
        data={"from": ["Kaneland", []], "to": ["Kaneland", ["Knights"]]}
    )


def change_mail_domains(cast: Cast) -> Said:
    return describe(cast, domains=["kaneland.org"])._replace(data={"added": ["kaneland.org"], "removed": []})


def confirm_mail_domains(cast: Cast) -> Said:
    confirm_proposed({cast.kaneland.pk: "kaneland.org"}, by=cast.officer, at=timezone.now())
    return Said(Chapter.current(), cast.officer, {"domains": {str(cast.kaneland.pk): "kaneland.org"}})


def describe_chapter(cast: Cast) -> Said:
    describing.describe_chapter(Chapter.current(), ["name"], by=cast.officer, at=timezone.now())
    return Said(Chapter.current(), cast.officer, {"changed": ["name"]})


def import_directory(cast: Cast) -> Said:
    report = importing.import_directory(*read_files(DIRECTORY), by=cast.officer)
    return Said(Chapter.current(), cast.officer, {"created": report.count("created")})


# --- events -----------------------------------------------------------------------------------------------------------
def plan_series(cast: Cast) -> Said:
    series = make_series(cast)
    return Said(series, cast.host, {"rule": series.rule_in_words})


def change_series(cast: Cast) -> Said:
    series = make_series(cast)
    change.change_series(series, {"room": "Gym"}, by=cast.officer, at=timezone.now())
    return Said(series, cast.officer)


def add_meeting(cast: Cast) -> Said:
    return Said(make_meeting(cast), cast.host)


def change_meeting(cast: Cast) -> Said:
    meeting = make_meeting(cast)
    change.change_details(
        meeting, {"room": "Gym", "title": "All", "parking": meeting.parking}, by=cast.officer, at=timezone.now()
    )
    return Said(meeting, cast.officer, {"changed": ["room", "title"]})


def move(cast: Cast) -> Said:
    meeting = make_meeting(cast)
    later = meeting.starts_at + timedelta(days=1)
    reschedule.move(meeting, later, by=cast.officer, at=timezone.now(), reason="Testing week")
    data = {"from": meeting.starts_at.isoformat(), "to": later.isoformat(), "reason": "Testing week"}
    return Said(meeting, cast.officer, data)


def cancel_meeting(cast: Cast) -> Said:
    meeting = make_meeting(cast)
    reschedule.cancel(meeting, by=cast.officer, at=timezone.now(), reason="Snow")
    return Said(meeting, cast.officer, {"reason": "Snow"})


def reinstate_meeting(cast: Cast) -> Said:
    meeting, now = make_meeting(cast), timezone.now()
    reschedule.cancel(meeting, by=cast.host, at=now, reason="Snow", quiet=True)
    reschedule.reinstate(meeting, by=cast.officer, at=now, reason="Thaw")
    return Said(meeting, cast.officer, {"reason": "Thaw"})


def remove_item(cast: Cast) -> Said:
    item = make_item(make_meeting(cast), "Bells", body="All of them")
    agenda.remove_item(item, by=cast.officer)
    return Said(item.meeting, cast.officer, {"title": "Bells", "body": "All of them"})


def change_decision(cast: Cast) -> Said:
    meeting = make_meeting(cast, days=-5)
    write_minutes.change_decision(
        write_minutes.record_decision(meeting, "Forty carts", by=cast.host), "Fifty carts", by=cast.officer
    )
    return Said(meeting, cast.officer, {"was": "Forty carts", "is": "Fifty carts"})


def take_decision_out(cast: Cast) -> Said:
    meeting = make_meeting(cast, days=-5)
    write_minutes.change_decision(
        write_minutes.record_decision(meeting, "Forty carts", by=cast.host), "", by=cast.officer
    )
    return Said(meeting, cast.officer, {"was": "Forty carts", "is": ""})


def change_action(cast: Cast) -> Said:
    meeting = make_meeting(cast, days=-5)
    write_minutes.change_action(
        write_minutes.add_action(meeting, "Send it", by=cast.host), {"text": "Mail it"}, by=cast.officer
    )
    return Said(meeting, cast.officer, {"was": "Send it", "is": "Mail it"})


def take_action_out(cast: Cast) -> Said:
    meeting = make_meeting(cast, days=-5)
    write_minutes.change_action(
        write_minutes.add_action(meeting, "Send it", by=cast.host), {"text": ""}, by=cast.officer
    )
    return Said(meeting, cast.officer, {"was": "Send it", "is": ""})


def of_minutes(cast: Cast, *deeds: Callable[..., None]) -> Said:
    meeting: Meeting = make_meeting(cast, days=-5)
    for deed in deeds:
        deed(meeting, by=cast.officer, at=meeting.ends_at)
    return Said(meeting, cast.officer)


def hold(cast: Cast) -> Said:
    """Twice, for a second count of who was there holds no second meeting."""
    here = partial(take_attendance, people={cast.geneva: 2})
    return of_minutes(cast, here, here)


def circulate(cast: Cast) -> Said:
    return of_minutes(cast, minutes.circulate)


def approve(cast: Cast) -> Said:
    return of_minutes(cast, minutes.circulate, minutes.approve)


# --- knowledge --------------------------------------------------------------------------------------------------------
def rewrite_answer(cast: Cast) -> Said:
    given = make_answer(make_question(district=cast.kaneland), district=cast.geneva, by=cast.neighbor)
    rewriting.rewrite(given, {"body": "No."}, over=given.digest(), by=cast.neighbor, at=timezone.now())
    return Said(given, cast.neighbor, {"was": {"body": "After the safety hour, yes."}, "is": {"body": "No."}})


def take_question_back(cast: Cast) -> Said:
    question = make_question(district=cast.kaneland, by=cast.member)
    rewriting.take_back(question, by=cast.member, at=timezone.now())
    return Said(question, cast.member)


def restore_question(cast: Cast) -> Said:
    """Twice: the second finds it there."""
    question = take_question_back(cast).of
    assert isinstance(question, Question)
    for _time in range(2):
        rewriting.restore(question, by=cast.member, at=timezone.now())
    return Said(question, cast.member)


def hide_question(cast: Cast) -> Said:
    question = make_question(district=cast.kaneland, by=cast.member)
    rewriting.take_back(question, by=cast.officer, at=timezone.now(), reason="A student is named")
    return Said(question, cast.officer, {"reason": "A student is named", "was": question.words()})


def hide_note(cast: Cast) -> Said:
    adoption = make_adoption(make_practice(cast.geneva), cast.kaneland, note="Ask Ann Lee, grade 5")
    adopting.hide_note(adoption, by=cast.officer, at=timezone.now(), reason="A student is named")
    return Said(adoption, cast.officer, {"reason": "A student is named", "whole": False})


def hide_practice(cast: Cast) -> Said:
    practice = make_practice(cast.geneva, by=cast.neighbor)
    posting.withdraw(practice, by=cast.officer, at=timezone.now(), reason="A student is named")
    return Said(practice, cast.officer, {"reason": "A student is named"})


# --- purchasing -------------------------------------------------------------------------------------------------------
def take(verb: str, cast: Cast) -> Said:
    """A verb of the lifecycle's table, by the first of those who may."""
    agreement = make_draft(cast, kind="own_bid")
    state = next(state for state, verbs in GRID.items() if verb in verbs)
    put(agreement, state)
    now = timezone.now()
    VERBS[verb](agreement, by=cast.host, at=now, **arguments(verb, now))
    return Said(agreement, cast.host, {"from": state, "to": GRID[state][verb], "version": agreement.version})


def close_on_time(cast: Cast) -> Said:
    agreement = make_show(cast)
    assert agreement.closes_at is not None
    assert close_due(agreement.closes_at) == 1
    return Said(agreement, None, {"from": "committing", "to": "frozen"})


def draft(cast: Cast) -> Said:
    return Said(make_draft(cast), cast.host)


def redraft(cast: Cast) -> Said:
    agreement, now = make_draft(cast), timezone.now()
    drafting.redraft(agreement, by=cast.host, at=now, version=1, lines=[make_line()], districts=[cast.geneva])
    return Said(agreement, cast.host, {"version": 2})


def announce(cast: Cast, *, public: bool) -> Said:
    agreement = make_show(cast)
    announce_agreement(agreement, public=public, by=cast.officer, at=timezone.now())
    return Said(agreement, cast.officer)


def withdraw(cast: Cast) -> Said:
    agreement = make_show(cast)
    commit.withdraw(agreement, cast.geneva, by=cast.neighbor, at=timezone.now(), reason="No money")
    return Said(agreement, cast.neighbor, {"district": cast.geneva.pk})


def restore(cast: Cast) -> Said:
    agreement = make_show(cast)
    token = restoring.restore_token(agreement.participations.get(district=cast.geneva).pk)
    commit.withdraw(agreement, cast.geneva, by=cast.neighbor, at=timezone.now())
    restoring.restore(agreement, token, by=cast.neighbor, at=timezone.now())
    return Said(agreement, cast.neighbor, {"district": cast.geneva.pk})


DEEDS: list[tuple[str, Deed]] = [
    ("districts.grant_membership", grant),
    ("districts.end_membership", end),
    ("districts.let_host_buy", let_host_buy),
    ("districts.propose_role", partial(waiting_role, verb="propose")),
    ("districts.agree_to_role", partial(waiting_role, verb="agree")),
    ("districts.refuse_role", partial(waiting_role, verb="refuse")),
    ("districts.take_role_back", partial(waiting_role, verb="take_back")),
    ("districts.let_role_lapse", partial(waiting_role, verb="lapse")),
    ("districts.invite", invite),
    ("districts.withdraw_invitation", withdraw_invitation),
    ("districts.decline_request", decline_request),
    ("districts.rename", rename),
    ("districts.change_mail_domains", change_mail_domains),
    ("districts.confirm_mail_domains", confirm_mail_domains),
    ("districts.describe_chapter", describe_chapter),
    ("districts.import_directory", import_directory),
    ("events.make_series", plan_series),
    ("events.change_series", change_series),
    ("events.add_meeting", add_meeting),
    ("events.change", change_meeting),
    ("events.move", move),
    ("events.cancel", cancel_meeting),
    ("events.reinstate", reinstate_meeting),
    ("events.remove_item", remove_item),
    ("events.change_decision", change_decision),
    ("events.change_decision", take_decision_out),
    ("events.change_action", change_action),
    ("events.change_action", take_action_out),
    ("events.hold", hold),
    ("events.circulate", circulate),
    ("events.approve", approve),
    ("knowledge.rewrite", rewrite_answer),
    ("knowledge.take_back", take_question_back),
    ("knowledge.restore", restore_question),
    ("knowledge.hide", hide_question),
    ("knowledge.hide_note", hide_note),
    ("wagtail.unpublish", hide_practice),
    ("purchasing.draft", draft),
    ("purchasing.redraft", redraft),
    ("purchasing.announce", partial(announce, public=True)),
    ("purchasing.hide", partial(announce, public=False)),
    ("purchasing.withdraw", withdraw),
    ("purchasing.restore", restore),
    ("purchasing.close_on_time", close_on_time),
    *((f"purchasing.{row.verb}", partial(take, row.verb)) for row in TRANSITIONS if row.verb != "close_on_time"),
]


def test_every_action_of_ours_has_its_deed_here() -> None:
    ours = {action for action, _label in registry.get_choices() if not action.startswith("wagtail.")}
    assert ours == {action for action, _deed in DEEDS if not action.startswith("wagtail.")}


@pytest.mark.parametrize(("action", "deed"), DEEDS)
def test_the_deed_writes_one_row_with_who_did_it_to_what(cast: Cast, action: str, deed: Deed) -> None:
    said = deed(cast)
    row = ModelLogEntry.objects.get(action=action)
    assert (row.user, row.content_type, row.object_id) == (
        said.by,
        ContentType.objects.get_for_model(said.of),
        str(said.of.pk),
    )
    assert {name: row.data.get(name) for name in said.data} == said.data
