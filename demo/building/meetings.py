"""Three meeting series: a year of Kane's, a few of the others', and the meetings to come."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from demo.building.ground import ZONE, Ground
from demo.content import read
from portal.districts.models import District
from portal.events.deeds.agenda import add_item
from portal.events.deeds.answer import answer
from portal.events.deeds.attend import take_attendance
from portal.events.deeds.change import change_details
from portal.events.deeds.circulate import approve, circulate
from portal.events.deeds.close_action import close_action
from portal.events.deeds.invite import invite
from portal.events.deeds.make_meetings import make_meetings
from portal.events.deeds.plan_series import Plan, make_series
from portal.events.deeds.reschedule import cancel, move
from portal.events.deeds.write_minutes import add_action, record_decision, write_notes
from portal.events.models.agendas import AgendaItem
from portal.events.models.meetings import Meeting
from portal.events.models.recurrence import Pattern, Recurrence, instant
from portal.events.models.series import MeetingSeries

NTHS = {"first": 1, "second": 2, "third": 3, "fourth": 4}
WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"]
WINTER = (1, 2)
PAST_DAYS = 430
PRIVATE = ("dekalb",)
"""Series whose dates nobody published."""
LARGE = 10_000
"""Students from which two people of a district come."""


def build_meetings(ground: Ground) -> str:
    content = read("meetings")
    for row in content["series"]:
        written = row.get("meeting") or content["meeting"]
        snow = content["snow"] if row["key"] == "kane" else []
        _Year(ground, row, written, snow).build()
    return f"{Meeting.objects.count()} meetings of {len(content['series'])} series"


@dataclass
class _Year:
    """One series and what was written about its meetings; `held` are the rule's past dates without the snow's."""

    ground: Ground
    row: dict[str, Any]
    written: list[dict[str, Any]]
    snow: list[dict[str, Any]]
    series: MeetingSeries = field(init=False)

    def build(self) -> None:
        self.host = self.ground.hosts[self.row["office"]]
        nth, weekday, clock = self._rule()
        first = self.ground.day(-PAST_DAYS)
        self.series = make_series(
            self._plan(Recurrence(Pattern.NTH_WEEKDAY, weekdays=(weekday,), nths=(nth,)), first, clock),
            by=self.host,
            at=datetime.combine(first, time(9), tzinfo=ZONE) - timedelta(days=20),
            quiet=True,
        )
        make_meetings(self.series, at=self.ground.now)
        meetings = list(self.series.meetings.with_places().order_by("starts_at"))
        past = [meeting for meeting in meetings if meeting.ends_at <= self.ground.now]
        coming = [meeting for meeting in meetings if meeting.ends_at > self.ground.now]
        past = self._cut(past)
        if self.snow:
            canceled = [m for m in past if m.starts_at.astimezone(ZONE).month in WINTER][-1]
            past.remove(canceled)
            self._cancel(canceled, self.snow[0])
        held = [(row, past[row["index"]]) for row in self.written if row["index"] != "next"]
        for row, meeting in sorted(held, key=lambda pair: pair[1].starts_at):
            self._hold(meeting, row)
        self._look_ahead(coming[0], next(row for row in self.written if row["index"] == "next"))

    def _rule(self) -> tuple[int, int, time]:
        """ "second Thursday, 1:30 PM"."""
        day, _comma, clock = self.row["rule"].partition(", ")
        nth, weekday = day.split()
        return NTHS[nth], WEEKDAYS.index(weekday), datetime.strptime(clock, "%I:%M %p").time()  # noqa: DTZ007

    def _plan(self, recurrence: Recurrence, first: date, clock: time) -> Plan:
        office = self.ground.offices[self.row["office"]]
        return Plan(
            name=self.row["title"],
            office=office,
            county=self.ground.counties[self.row["county"]] if len(office.county_ids) == 1 else None,
            recurrence=recurrence,
            first_date=first,
            start_time=clock,
            duration_minutes=self.row["minutes"],
            zone=ZONE.key,
            dates_public=self.row["key"] not in PRIVATE,
            place={
                "room": self.row["room"],
                "address": self.row["place"],
                "parking": self.row["parking"],
                "join_link": f"https://meet.example/{self.row['key']}" if self.row["online"] else "",
            },
        )

    def _cut(self, past: list[Meeting]) -> list[Meeting]:
        """Keep as many past meetings as are written about; the series began with the first of them."""
        wanted = sum(row["index"] != "next" for row in self.written) + len(self.snow)
        self.series.meetings.filter(pk__in=[meeting.pk for meeting in past[:-wanted]]).delete()
        first = past[-wanted].starts_at.astimezone(ZONE).date()
        MeetingSeries.objects.filter(pk=self.series.pk).update(first_date=first)
        return past[-wanted:]

    # --- one meeting --------------------------------------------------------------------------------------------------
    def _cancel(self, meeting: Meeting, row: dict[str, Any]) -> None:
        self._agenda(meeting, row)
        self._invite(meeting)
        morning = datetime.combine(meeting.starts_at.astimezone(ZONE).date(), time(6, 10), tzinfo=ZONE)
        cancel(meeting, by=self.host, at=morning, reason=row["canceled"])

    def _hold(self, meeting: Meeting, row: dict[str, Any]) -> None:
        meeting = self._prepare(meeting, row)
        items = self._agenda(meeting, row)
        self._invite(meeting)
        present = {self.ground.districts[key]: self._people(key) for key in sorted(row["attended"])}
        take_attendance(meeting, present, by=self.host, at=meeting.ends_at)
        for item, text in zip(items, row["item"], strict=True):
            self._minutes(meeting, item, text)
        meeting.refresh_from_db()
        circulated_at = min(meeting.ends_at + timedelta(days=1, hours=18), self.ground.now)
        circulate(meeting, by=self.host, at=circulated_at)
        approved_at = meeting.ends_at + timedelta(days=28)
        if approved_at < self.ground.now:
            approve(meeting, by=self.host, at=approved_at)

    def _prepare(self, meeting: Meeting, row: dict[str, Any]) -> Meeting:
        """The place of this meeting alone, and its other date."""
        before = meeting.starts_at - timedelta(days=20)
        if row.get("place"):
            meeting = change_details(
                meeting, {"address": row["place"], "room": ""}, by=self.host, at=before, quiet=True
            )
        if row.get("moved_from_days"):
            local = meeting.starts_at.astimezone(ZONE)
            starts_at = instant(local.date() - timedelta(days=row["moved_from_days"]), local.time(), ZONE.key)
            meeting = move(meeting, starts_at, by=self.host, at=before, reason=row["reason"])
        return meeting

    def _agenda(self, meeting: Meeting, row: dict[str, Any]) -> list[AgendaItem]:
        return [
            add_item(
                meeting,
                item["title"],
                kind=item["kind"],
                minutes=item["minutes"],
                owner=self._owner(item["owner"]),
                body=item["body"].strip(),
                link=self._link(item),
                by=self.host,
            )
            for item in row["item"]
        ]

    def _owner(self, key: str) -> District | None:
        return None if key == "host" else self.ground.districts[key]

    def _link(self, item: dict[str, Any]) -> tuple[str, int] | None:
        if item.get("practice"):
            return "practice", self.ground.practices[item["practice"]].pk
        if item.get("agreement"):
            return "agreement", self.ground.agreements[item["agreement"]].pk
        return None

    def _invite(self, meeting: Meeting) -> None:
        """Two weeks ahead, or yesterday where it is still further away."""
        invite(meeting, by=self.host, at=min(meeting.starts_at - timedelta(days=14), self.ground.at(-2)))

    def _people(self, key: str) -> int:
        return 2 if (self.ground.districts[key].enrollment or 0) > LARGE else 1

    def _minutes(self, meeting: Meeting, item: AgendaItem, text: dict[str, Any]) -> None:
        """An item with an open action is not finished, unless the text says so: the next agenda may start from it."""
        actions = text.get("action", [])
        finished = text.get("finished", all(action["closed"] for action in actions))
        write_notes(item, text["notes"].strip(), version=item.version, is_finished=finished, by=self.host)
        for decision in text["decisions"]:
            record_decision(meeting, decision, item=item, by=self.host)
        for action in actions:
            due = meeting.starts_at.astimezone(ZONE).date() + timedelta(days=action["due_days_after"])
            row = add_action(
                meeting, action["text"], owner=self._owner(action["owner"]), due=due, item=item, by=self.host
            )
            if action["closed"]:
                done_at = datetime.combine(due, time(16), tzinfo=ZONE) - timedelta(days=2)
                close_action(row, by=self.host, at=min(done_at, self.ground.now))

    def _look_ahead(self, meeting: Meeting, row: dict[str, Any]) -> None:
        meeting = self._prepare(meeting, row)
        self._agenda(meeting, row)
        self._invite(meeting)
        for number, rsvp in enumerate(row.get("rsvp", [])):
            at = self.ground.at(-1, time(8 + number, 40))
            person = self.ground.directors[rsvp["district"]]
            answer(meeting, person, rsvp["answer"], at=at, note=rsvp.get("note", ""))
