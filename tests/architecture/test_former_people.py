"""Rights end with the membership: on its last day all hold, on the day after it none, nor for a closed account.

Every rule of every app is asked, and every list of what somebody may see.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from types import ModuleType
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from knowledge import rules as knowledge_rules
from knowledge.deeds.rewrite import take_back
from knowledge.models import Practice, Question
from portal.districts import rules as district_rules
from portal.districts.models import Invitation, JoinRequest, Membership, Role, User, WaitingGrant
from portal.events import rules as event_rules
from portal.events.deeds.reschedule import cancel
from portal.events.deeds.write_minutes import add_action
from portal.events.models import ActionItem, Meeting, MeetingSeries
from portal.pages.models import Audience, Document, Image, PortalPage
from portal.saved.deeds.save import save_search
from portal.saved.models import SavedSearch
from purchasing import rules as purchasing_rules
from purchasing.models import Agreement
from tests.districts.makers import make_invitation, make_join_request, make_waiting
from tests.events.makers import make_meeting, make_minutes
from tests.knowledge.makers import make_practice, make_question
from tests.pages.makers import make_document, make_image, make_page
from tests.people import Cast
from tests.purchasing.makers import make_show

MODULES: dict[str, ModuleType] = {
    "districts": district_rules,
    "events": event_rules,
    "knowledge": knowledge_rules,
    "purchasing": purchasing_rules,
}
PEOPLE = ("outsider", "member", "buyer", "neighbor", "host", "officer")


@dataclass(frozen=True)
class World:
    """Something of every kind: each person of the cast who is a member has a right or two over it."""

    cast: Cast
    coming: Meeting
    canceled: Meeting
    held: Meeting
    action: ActionItem
    practice: Practice
    question: Question
    taken_back: Question
    agreement: Agreement
    waiting: WaitingGrant


@pytest.fixture
def world(cast: Cast) -> World:
    coming = make_meeting(cast, days=1)
    coming.series.join_link_hours = 336
    coming.series.save()
    held = make_meeting(cast, days=-5, series=coming.series)
    make_minutes(cast, held)
    canceled = cancel(
        make_meeting(cast, series=coming.series), by=cast.host, at=timezone.now(), reason="Snow", quiet=True
    )
    drafted = make_meeting(cast, days=-3, series=coming.series)
    add_action(drafted, "Ask why Geneva left", owner=cast.geneva, by=cast.host)
    practice = make_practice(cast.kaneland, by=cast.member, audience="county")
    make_practice(cast.kaneland, title="Ours alone", audience="district")
    make_practice(cast.geneva, title="For members", audience="members")
    question = make_question(district=cast.kaneland, by=cast.member)
    taken_back = make_question(district=cast.kaneland, by=cast.member, title="Never mind")
    take_back(taken_back, by=cast.member, at=timezone.now())
    taken_back.refresh_from_db()
    make_question(practice=practice, district=cast.geneva, by=cast.neighbor, title="Which bench?")
    for audience in (Audience.MEMBERS, Audience.OFFICERS):
        make_page(f"For {audience}", audience=audience)
        make_image(audience)
        make_document(audience, f"{audience}.txt")
    make_invitation("new@kaneland.example", cast.kaneland, by=cast.host)
    make_join_request(cast.stranger, cast.kaneland)
    for name in PEOPLE:
        save_search(getattr(cast, name), "q=wifi", "wifi", at=timezone.now())
    waiting = make_waiting("ann@elsewhere.example", cast.kaneland, role=Role.BUYER, by=cast.host)
    items = held.actions.get(), practice, question, taken_back
    return World(cast, coming, canceled, held, *items, make_show(cast), waiting)


Rule = Callable[[World, Any], bool]


def passes(rule: Callable[..., object], *asked: object) -> bool:
    """Whether a rule that says in words why not has nothing to say."""
    try:
        rule(*asked)
    except PermissionDenied:
        return False
    return True


RULES: dict[str, Rule] = {
    "districts.may_edit_district": lambda w, p: district_rules.may_edit_district(p, w.cast.kaneland),
    "districts.may_see_people": lambda w, p: district_rules.may_see_people(p),
    "districts.may_grant": lambda w, p: district_rules.may_grant(p, Role.MEMBER, w.cast.kaneland),
    "districts.may_change_membership": lambda w, p: district_rules.may_change_membership(
        p, w.cast.member.memberships.get()
    ),
    "districts.may_agree": lambda w, p: district_rules.may_agree(p, w.waiting),
    "districts.may_take_back": lambda w, p: district_rules.may_take_back(p, w.waiting),
    "districts.may_let_host_buy": lambda w, p: district_rules.may_let_host_buy(
        p, w.cast.buyer.memberships.get(role=Role.BUYER)
    ),
    "districts.may_see_rights": lambda w, p: district_rules.may_see_rights(p, w.cast.kaneland),
    "districts.may_decide_request": lambda w, p: district_rules.may_decide_request(p, w.cast.kaneland),
    "districts.may_run_chapter": lambda w, p: district_rules.may_run_chapter(p),
    "events.may_plan_meetings": lambda w, p: event_rules.may_plan_meetings(p),
    "events.may_run": lambda w, p: event_rules.may_run(p, w.coming.series),
    "events.may_read": lambda w, p: event_rules.may_read(p, w.coming.series),
    "events.may_answer": lambda w, p: event_rules.may_answer(p, w.coming, timezone.now()),
    "events.may_reinstate": lambda w, p: event_rules.may_reinstate(p, w.canceled, timezone.now()),
    "events.may_propose": lambda w, p: event_rules.may_propose(p, w.coming, timezone.now()),
    "events.may_see_join_link": lambda w, p: event_rules.may_see_join_link(p, w.coming, timezone.now()),
    "events.may_read_minutes": lambda w, p: event_rules.may_read_minutes(p, w.held),
    "events.may_write_minutes": lambda w, p: event_rules.may_write_minutes(p, w.held),
    "events.may_write_agenda": lambda w, p: event_rules.may_write_agenda(p, w.coming),
    "events.may_close_action": lambda w, p: event_rules.may_close_action(p, w.action.series, w.action.owner_id),
    "knowledge.may_post": lambda w, p: knowledge_rules.may_post(p),
    "knowledge.may_edit": lambda w, p: knowledge_rules.may_edit(p, w.practice),
    "knowledge.may_ask": lambda w, p: knowledge_rules.may_ask(p),
    "knowledge.may_answer": lambda w, p: knowledge_rules.may_answer(p),
    "knowledge.may_accept": lambda w, p: knowledge_rules.may_accept(p, w.question),
    "knowledge.may_moderate": lambda w, p: knowledge_rules.may_moderate(p),
    "knowledge.may_rewrite": lambda w, p: knowledge_rules.may_rewrite(p, w.question),
    "knowledge.may_take_back": lambda w, p: knowledge_rules.may_take_back(p, w.question),
    "knowledge.may_restore": lambda w, p: knowledge_rules.may_restore(p, w.taken_back),
    "knowledge.require_adopting": lambda w, p: passes(knowledge_rules.require_adopting, p, w.practice),
    "knowledge.require_speaking_for": lambda w, p: passes(knowledge_rules.require_speaking_for, p, w.cast.kaneland),
    "purchasing.may_draft": lambda w, p: purchasing_rules.may_draft(p),
    "purchasing.may_lead": lambda w, p: purchasing_rules.may_lead(p, w.cast.roe31.pk),
    "purchasing.may_run": lambda w, p: purchasing_rules.may_run(p, w.agreement),
    "purchasing.may_see_grid": lambda w, p: purchasing_rules.may_see_grid(p, w.agreement),
    "purchasing.may_see_quantities": lambda w, p: purchasing_rules.may_see_quantities(p, w.agreement),
    "purchasing.may_move": lambda w, p: purchasing_rules.may_move(p, w.agreement, "close"),
    "purchasing.may_announce": lambda w, p: purchasing_rules.may_announce(p, w.agreement),
    "purchasing.may_plan": lambda w, p: purchasing_rules.may_plan(p, w.cast.kaneland.pk),
    "purchasing.may_commit": lambda w, p: purchasing_rules.may_commit(p, w.agreement, w.cast.kaneland.pk),
}
FOR_OTHERS = {"districts.may_ask_to_join"}
"""What only somebody without a membership may."""

LISTS: dict[str, Callable[[Any], Any]] = {
    "actions": lambda p: ActionItem.objects.visible_to(p),
    "agreements": lambda p: Agreement.objects.visible_to(p),
    "documents": lambda p: Document.objects.visible_to(p),
    "images": lambda p: Image.objects.visible_to(p),
    "invitations": lambda p: Invitation.objects.within_reach_of(p),
    "join requests": lambda p: JoinRequest.objects.decidable_by(p),
    "meetings": lambda p: Meeting.objects.visible_to(p),
    "memberships": lambda p: Membership.objects.within_reach_of(p),
    "pages": lambda p: PortalPage.objects.visible_to(p),
    "practices": lambda p: Practice.objects.visible_to(p),
    "questions": lambda p: Question.objects.visible_to(p),
    "saved searches": lambda p: SavedSearch.objects.of(p),
    "series": lambda p: MeetingSeries.objects.visible_to(p),
    "waiting roles": lambda p: WaitingGrant.objects.visible_to(p),
}


def test_every_rule_is_asked_here() -> None:
    named = {f"{app}.{name}" for app, module in MODULES.items() for name in vars(module) if name.startswith("may_")}
    named |= {"knowledge.require_adopting", "knowledge.require_speaking_for"}  # they have no question of their own
    assert named == set(RULES) | FOR_OTHERS


def rights(world: World, person: User | AnonymousUser) -> tuple[set[str], dict[str, set[int]]]:
    """The names of the rules that hold for the person as stored, and what each list has for them."""
    fresh = User.objects.get(pk=person.pk) if person.pk else person
    held = {name for name, rule in RULES.items() if rule(world, fresh)}
    return held, {name: set(rows(fresh).values_list("pk", flat=True)) for name, rows in LISTS.items()}


def test_the_scene_has_a_right_and_a_thing_for_each_rule_and_list(world: World) -> None:
    """Otherwise what follows would say nothing of it."""
    all_held: set[str] = set()
    all_seen: set[str] = set()
    nothing = rights(world, world.cast.visitor)
    assert not nothing[0]
    for name in PEOPLE:
        held, seen = rights(world, getattr(world.cast, name))
        assert held
        all_held |= held
        all_seen |= {kind for kind, ids in seen.items() if ids - nothing[1][kind]}
    assert all_held == set(RULES)
    assert all_seen == set(LISTS)


def test_all_of_it_holds_on_the_last_day_and_none_on_the_day_after(world: World) -> None:
    today = timezone.localdate()
    nothing = rights(world, world.cast.visitor)
    for name in PEOPLE:
        person: User = getattr(world.cast, name)
        before = rights(world, person)
        Membership.objects.filter(person=person).update(until=today)
        assert rights(world, person) == before, name
        Membership.objects.filter(person=person).update(until=today - timedelta(days=1))
        assert rights(world, person) == nothing, name
        Membership.objects.filter(person=person).update(until=None)


def test_all_of_it_holds_on_the_first_day_and_none_on_the_day_before(world: World) -> None:
    today = timezone.localdate()
    nothing = rights(world, world.cast.visitor)
    for name in PEOPLE:
        person: User = getattr(world.cast, name)
        before = rights(world, person)
        Membership.objects.filter(person=person).update(since=today)
        assert rights(world, person) == before, name
        Membership.objects.filter(person=person).update(since=today + timedelta(days=1))
        assert rights(world, person) == nothing, name
        Membership.objects.filter(person=person).update(since=today)


def test_a_closed_account_has_none(world: World) -> None:
    nothing = rights(world, world.cast.visitor)
    for name in PEOPLE:
        User.objects.filter(pk=getattr(world.cast, name).pk).update(is_active=False)
        assert rights(world, getattr(world.cast, name)) == nothing, name
