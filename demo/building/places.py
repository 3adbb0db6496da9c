"""The chapter, four counties, their offices and districts, and the people in them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from demo.building.ground import CHAPTER_NAME, ZONE, Ground
from demo.content import read
from portal.districts.models import Chapter, County, District, MailDomain, Membership, RegionalOffice, Role, User
from portal.districts.signals import districts_changed
from portal.notices.deeds.switch import switch_off

OFFICES = {"16": ["DeKalb"], "24": ["Grundy", "Kendall"], "31": ["Kane"], "44": ["McHenry"]}
HOST_MAIL = {
    "16": "host@roe16.example",
    "24": "host@roe24.example",
    "31": "host@roe31.example",
    "44": "host@roe44.example",
}
SHARES = ("low_income_pct", "el_pct", "iep_pct")
MEETING_MAIL = (
    "series-made",
    "meeting-announced",
    "meeting-moved",
    "meeting-place",
    "meeting-canceled",
    "minutes-circulated",
)
"""Network admins have switched it off: the director goes to the meetings."""
LARGE = 3_000
"""Students from which the demo's districts have a network admin beside the director."""


def build_places(ground: Ground) -> str:
    Chapter(name=CHAPTER_NAME, state="Illinois", zone=ZONE.key, set_up_at=ground.at(-400)).save()
    for code, names in OFFICES.items():
        for name in names:
            ground.counties[name] = County.objects.create(name=name)
        office = RegionalOffice.objects.create(code=code)
        office.set_counties([ground.counties[name] for name in names])
        ground.offices[code] = office
    for row in read("districts")["district"]:
        ground.districts[row["key"]] = _district(ground, row)
    districts_changed.send(sender=District, ids=[district.pk for district in ground.districts.values()])
    return f"{len(ground.districts)} districts, {len(ground.counties)} counties, {len(ground.offices)} offices"


def _district(ground: Ground, row: dict[str, Any]) -> District:
    facts = {name: value for name, value in row.items() if name not in {"key", "county", "office", "domain", *SHARES}}
    district = District.objects.create(
        **facts,
        **{share: Decimal(row[share]) for share in SHARES if share in row},
        kind="Regular public school district",
        county=ground.counties[row["county"]],
        regional_office=ground.offices[row["office"]],
    )
    MailDomain.objects.create(district=district, domain=row["domain"])
    return district


def build_people(ground: Ground) -> str:
    since = date(ground.today.year - 5, 8, 1)
    for row in read("districts")["district"]:
        district = ground.districts[row["key"]]
        who = "Technology coordinator" if row["enrollment"] < 1_000 else "Tech director"
        director = _person(ground, f"director@{row['domain']}", f"{who}, {district.name}")
        ground.directors[row["key"]] = director
        _join(director, Role.MEMBER, since, title=who, district=district)
        _join(director, Role.BUYER, since, title=who, district=district)
        if row["enrollment"] >= LARGE:
            admin = _person(ground, f"network@{row['domain']}", f"Network admin, {district.name}")
            ground.network_admins[row["key"]] = admin
            _join(admin, Role.MEMBER, since, title="Network admin", district=district)
            for kind in MEETING_MAIL:
                switch_off(admin, kind)
    for code, office in ground.offices.items():
        host = _person(ground, HOST_MAIL[code], f"Technology host, ROE {code}")
        ground.hosts[code] = host
        _join(host, Role.HOST, since, title="Regional technology coordinator", regional_office=office)
    for mail, name in (
        ("officer@chapter.example", "Chapter officer"),
        ("president@chapter.example", "Chapter president"),
    ):
        officer = _person(ground, mail, f"{name}, {CHAPTER_NAME}")
        ground.officers.append(officer)
        _join(officer, Role.OFFICER, since, title=name)
    return f"{User.objects.count()} people"


def _person(ground: Ground, email: str, name: str) -> User:
    """Without a password: `/demo/` or a code in the outbox signs them in."""
    last_seen = ground.day(-4 - len(email) % 11)
    return User.objects.create_user(email, name=name, date_joined=ground.at(-390), last_seen=last_seen)


def _join(person: User, role: Role, since: date, **place: Any) -> None:
    Membership.objects.create(person=person, role=role, since=since, **place)
