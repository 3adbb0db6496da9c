from portal.districts.chapter import Chapter
from portal.districts.joining import Invitation, JoinRequest
from portal.districts.people import Membership, Role, User
from portal.districts.places import County, District, MailDomain, RegionalOffice

__all__ = [
    "Chapter",
    "County",
    "District",
    "Invitation",
    "JoinRequest",
    "MailDomain",
    "Membership",
    "RegionalOffice",
    "Role",
    "User",
]
