"""Eight agreements, each led through its life by the deeds of its host and of the districts' buyers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from demo.building.ground import Ground
from demo.content import read
from purchasing.deeds.announce import announce_agreement
from purchasing.deeds.answer import decline, show_interest
from purchasing.deeds.award import activate_agreement
from purchasing.deeds.commit import commit
from purchasing.deeds.draft import LineSpec, draft
from purchasing.deeds.evidence import Approval, Report
from purchasing.deeds.plan import plan, report
from purchasing.deeds.transition import close_if_due
from purchasing.deeds.verbs import VERBS
from purchasing.models import Agreement, Authority
from purchasing.models.ladder import Step

CLOSING = time(15, 0)
BORN_OF = {"chromebooks": "aue-six-year-ledger"}
"""The practice from which an agreement came."""
ANNOUNCED = ("interactive-displays", "endpoint-protection")
"""Those whose title, office and closing date an officer made public."""

Deed = tuple[datetime, str, Callable[[], object]]
"""When, who (for a fixed order among deeds of the same instant), and what."""


def build_agreements(ground: Ground) -> str:
    rows = read("agreements")["agreement"]
    for row in sorted(rows, key=lambda row: (_first_day(row), row["key"])):
        agreement = ground.agreements[row["key"]] = _draft(ground, row)
        story = _Story(ground, row, agreement)
        for _at, _who, deed in sorted(story.deeds(), key=lambda deed: deed[:2]):
            agreement.refresh_from_db()
            deed()
        agreement.refresh_from_db()
    for key in ANNOUNCED:
        announce_agreement(ground.agreements[key], public=True, by=ground.officers[0], at=ground.at(-3))
    return f"{len(rows)} agreements"


def _first_day(row: dict[str, Any]) -> int:
    return int(row["history"][0]["days"]) if row["history"] else 0


def _draft(ground: Ground, row: dict[str, Any]) -> Agreement:
    lines = [
        LineSpec(
            name=line["name"],
            unit=line["unit"],
            steps=[Step(step["from"], Decimal(step["price"])) for step in line["breaks"]],
            description=line["description"],
            minimum_order=line["minimum_order"],
            case_size=line["case_size"],
            estimate=line["estimate"],
            baseline_price=Decimal(line["baseline_price"]),
            baseline_source=line["baseline_source"],
        )
        for line in row["line"]
    ]
    born = {}
    if row["key"] in BORN_OF:
        born = {"born_of_kind": "practice", "born_of_id": ground.practices[BORN_OF[row["key"]]].pk}
    return draft(
        by=ground.hosts[row["office"]],
        at=ground.at(_first_day(row) - 5),
        lead_office=ground.offices[row["office"]],
        title=row["title"],
        fiscal_year=int(row["number"].split("-")[1]),
        lines=lines,
        districts=[ground.districts[key] for key in sorted(row["districts"])],
        number=row["number"],
        summary=row["summary"],
        body=row["body"].strip(),
        kind=row["kind"],
        category=row["category"],
        **born,
    )


class _Story:
    """The deeds of one agreement, each with its instant."""

    def __init__(self, ground: Ground, row: dict[str, Any], agreement: Agreement) -> None:
        self.ground, self.row, self.agreement = ground, row, agreement
        self.host = ground.hosts[row["office"]]
        self.line_ids = {line.position: line.pk for line in agreement.lines.all()}
        self.days = {step["to"]: int(step["days"]) for step in row["history"]}

    def deeds(self) -> list[Deed]:
        return [*self._steps(), *self._answers(), *self._quantities()]

    # --- the host's -------------------------------------------------------------------------------------------------
    def _steps(self) -> list[Deed]:
        return [(self._when(step), "", getattr(self, f"_{step['to']}")(step)) for step in self.row["history"]]

    def _when(self, step: dict[str, Any]) -> datetime:
        """What closes on time closes at the closing itself; all else happens in the morning."""
        on_time = step["to"] == "frozen"
        return self.ground.at(step["days"], CLOSING) + timedelta(minutes=1) if on_time else self.ground.at(step["days"])

    def _done(self, verb: str, step: dict[str, Any], **details: Any) -> Callable[[], object]:
        at = self._when(step)
        return lambda: VERBS[verb](self.agreement, by=self.host, at=at, reason=step["reason"], **details)

    def _interest(self, step: dict[str, Any]) -> Callable[[], object]:
        return self._done("ask", step)

    def _committing(self, step: dict[str, Any]) -> Callable[[], object]:
        return self._done("open", step, closes_at=self.ground.at(self.row["closes_in_days"], CLOSING))

    def _frozen(self, step: dict[str, Any]) -> Callable[[], object]:
        return lambda: close_if_due(self.agreement, self._when(step))

    def _soliciting(self, step: dict[str, Any]) -> Callable[[], object]:
        bids_close_at = self.ground.at(self.days["evaluating"]) - timedelta(minutes=20)
        return self._done("solicit", step, notice=step["reason"], bids_close_at=bids_close_at)

    def _evaluating(self, step: dict[str, Any]) -> Callable[[], object]:
        return self._done("evaluate", step, opener=str(self.host), witness="Business manager of a member district")

    def _awarded(self, step: dict[str, Any]) -> Callable[[], object]:
        return self._done(
            "award",
            step,
            vendor=self.row["vendor"],
            price_source=self.row["price_source"],
            price_expires=self.ground.day(self.row["price_expires_days"]),
            rationale=self.row["rationale"].strip(),
        )

    def _active(self, step: dict[str, Any]) -> Callable[[], object]:
        at = self._when(step)
        return lambda: activate_agreement(
            self.agreement,
            by=self.host,
            at=at,
            effective_on=self.ground.day(self.row["effective_days"]),
            term_ends_on=self.ground.day(self.row["term_ends_days"]),
            options=self.row["options"],
        )

    def _unsuccessful(self, step: dict[str, Any]) -> Callable[[], object]:
        return self._done("fail", step)

    def _canceled(self, step: dict[str, Any]) -> Callable[[], object]:
        return self._done("cancel", step)

    # --- the districts' ---------------------------------------------------------------------------------------------
    def _answers(self) -> list[Deed]:
        """Interest comes in the survey's first weeks, a no in the first weeks of the call."""
        if not self.row["history"]:
            return []
        asked = self.days["interest"]
        called = self.days.get("committing", asked)
        return [
            *(self._answer(show_interest, key, asked + 2 + i) for i, key in enumerate(self.row["interested"])),
            *(self._answer(decline, key, called + 3 + 2 * i) for i, key in enumerate(self.row["declined"])),
        ]

    def _answer(self, deed: Callable[..., None], key: str, day: int) -> Deed:
        at, by = self.ground.at(min(day, -1), time(14, 5)), self.ground.directors[key]
        return at, key, lambda: deed(self.agreement, self.ground.districts[key], by=by, at=at)

    def _quantities(self) -> list[Deed]:
        """One deed for each district and board day, with its quantities of all lines."""
        grouped: dict[tuple[str, str, int], dict[int, dict[str, Any]]] = {}
        for position, line in enumerate(self.row["line"], start=1):
            for wish in line.get("commitment", []):
                group = grouped.setdefault((wish["district"], wish["status"], wish["board_days"]), {})
                group[self.line_ids[position]] = wish
        return [self._quantity(*key, wishes) for key, wishes in grouped.items()]

    def _quantity(self, key: str, status: str, board_days: int, wishes: dict[int, dict[str, Any]]) -> Deed:
        """The buyer commits the morning after the board; what a district plans, it says two days before the closing."""
        last = min(self.row["closes_in_days"] - 1, -1)
        at = self.ground.at(min(board_days + 1, last), time(9, 15))
        district, one = self.ground.districts[key], next(iter(wishes.values()))
        quantities = {pk: wish["quantity"] for pk, wish in wishes.items()}
        note = one.get("note", "")
        deed: Callable[[], object]
        if status == "committed":
            buyer, approval = self.ground.directors[key], self._approval(one)
            deed = partial(commit, self.agreement, district, quantities, by=buyer, at=at, approval=approval, note=note)
        elif one["reported"]:
            how, _comma, who = one["reported"].removeprefix("by ").partition(", ")
            said = Report(by=who, how="phone" if how == "phone" else "mail", at=at - timedelta(minutes=10))
            deed = partial(report, self.agreement, district, quantities, by=self.host, at=at, said=said, note=note)
        else:
            member = self.ground.directors[key]
            deed = partial(plan, self.agreement, district, quantities, by=member, at=at, note=note)
        return at, key, deed

    def _approval(self, wish: dict[str, Any]) -> Approval:
        if wish["authority"] == "delegated":
            return Approval(Authority.DELEGATED, None, wish["evidence"])
        return Approval(Authority.BOARD, self.ground.day(wish["board_days"]), wish["evidence"])
