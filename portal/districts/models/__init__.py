from portal.districts.models.chapter import Chapter
from portal.districts.models.grants import WaitingGrant
from portal.districts.models.joining import Invitation, JoinRequest
from portal.districts.models.people import Membership, Role, User
from portal.districts.models.places import County, District, MailDomain, RefusedDomain, RegionalOffice

__all__ = [
    "Chapter",
    "County",
    "District",
    "Invitation",
    "JoinRequest",
    "MailDomain",
    "Membership",
    "RefusedDomain",
    "RegionalOffice",
    "Role",
    "User",
    "WaitingGrant",
]
