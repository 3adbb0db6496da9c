"""The cast: the same people in every test, and the two counties they live in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.contrib.auth.models import AnonymousUser

from portal.districts.models import County, District, Membership, RegionalOffice, Role, User

LONG_AGO = date(2020, 7, 1)


@dataclass(frozen=True)
class Cast:
    """Kane County under ROE 31 with Kaneland, Geneva and Batavia; DeKalb County under ROE 16 with Sycamore.

    `member` and `buyer` are Kaneland's, `neighbor` is Geneva's director and buyer, `outsider` is Sycamore's member,
    `host` hosts ROE 31, `officer` is the chapter's; `stranger` has an account and no membership.
    """

    kane: County
    dekalb: County
    roe31: RegionalOffice
    roe16: RegionalOffice
    kaneland: District
    geneva: District
    batavia: District
    sycamore: District
    visitor: AnonymousUser
    stranger: User
    outsider: User
    member: User
    buyer: User
    neighbor: User
    host: User
    officer: User

    def everyone(self) -> dict[str, User | AnonymousUser]:
        names = ("visitor", "stranger", "outsider", "member", "buyer", "neighbor", "host", "officer")
        return {name: getattr(self, name) for name in names}


def make_user(email: str, name: str) -> User:
    return User.objects.create_user(email, name=name)


def join(
    person: User,
    role: Role,
    *,
    district: District | None = None,
    office: RegionalOffice | None = None,
    since: date = LONG_AGO,
    until: date | None = None,
) -> Membership:
    return Membership.objects.create(
        person=person, role=role, district=district, regional_office=office, since=since, until=until
    )


def make_district(
    name: str,
    nces_id: str,
    county: County | None,
    office: RegionalOffice | None,
    enrollment: int | None,
    **fields: object,
) -> District:
    facts: dict[str, object] = {
        "short_name": name.split(" ")[0],
        "kind": "Regular public school district",
        "lowest_grade": "PK",
        "highest_grade": "12",
        "city": name.split(" ")[0],
    }
    return District.objects.create(
        name=name, nces_id=nces_id, county=county, regional_office=office, enrollment=enrollment, **facts | fields
    )


def make_cast() -> Cast:
    kane, dekalb = County.objects.create(name="Kane"), County.objects.create(name="DeKalb")
    roe31, roe16 = RegionalOffice.objects.create(code="31"), RegionalOffice.objects.create(code="16")
    roe31.set_counties([kane])
    roe16.set_counties([dekalb])
    kaneland = make_district("Kaneland CUSD 302", "1724480", kane, roe31, 3736)
    geneva = make_district("Geneva CUSD 304", "1716380", kane, roe31, 4951)
    batavia = make_district("Batavia USD 101", "1705220", kane, roe31, 4903)
    sycamore = make_district("Sycamore CUSD 427", "1738460", dekalb, roe16, 3590)
    cast = Cast(
        kane=kane,
        dekalb=dekalb,
        roe31=roe31,
        roe16=roe16,
        kaneland=kaneland,
        geneva=geneva,
        batavia=batavia,
        sycamore=sycamore,
        visitor=AnonymousUser(),
        stranger=make_user("stranger@example.org", "Nobody's member"),
        outsider=make_user("director@sycamore.example", "Tech director, Sycamore CUSD 427"),
        member=make_user("network@kaneland.example", "Network admin, Kaneland CUSD 302"),
        buyer=make_user("director@kaneland.example", "Tech director, Kaneland CUSD 302"),
        neighbor=make_user("director@geneva.example", "Tech director, Geneva CUSD 304"),
        host=make_user("host@roe31.example", "Technology host, ROE 31"),
        officer=make_user("officer@chapter.example", "Chapter officer"),
    )
    join(cast.outsider, Role.MEMBER, district=sycamore)
    join(cast.member, Role.MEMBER, district=kaneland)
    join(cast.buyer, Role.MEMBER, district=kaneland)
    join(cast.buyer, Role.BUYER, district=kaneland)
    join(cast.neighbor, Role.MEMBER, district=geneva)
    join(cast.neighbor, Role.BUYER, district=geneva)
    join(cast.host, Role.HOST, office=roe31)
    join(cast.officer, Role.OFFICER)
    return cast
