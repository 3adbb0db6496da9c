"""Which mail domain a district's website proposes, and what speaks against believing it. Nothing is fetched."""

from __future__ import annotations

import re
from functools import cache
from urllib.parse import urlsplit

from publicsuffixlist import PublicSuffixList

EVERYBODYS_MAIL = frozenset(
    {
        *("aol.com", "att.net", "comcast.net", "gmail.com", "googlemail.com", "gmx.com", "gmx.net", "hotmail.com"),
        *("icloud.com", "live.com", "mac.com", "mail.com", "me.com", "mediacombb.net", "msn.com", "outlook.com"),
        *("pm.me", "proton.me", "protonmail.com", "sbcglobal.net", "verizon.net", "yahoo.com", "ymail.com", "zoho.com"),
    }
)
"""Mail services anybody can use: an address there says nothing about a district."""
HOSTS_OF_MANY = frozenset(
    {
        *("apptegy.net", "apptegy.us", "blackboard.com", "cms4schools.com", "edlio.com", "edline.net", "edl.io"),
        *("educationalnetworks.net", "facebook.com", "finalsite.com", "finalsite.net", "foxbright.com", "google.com"),
        *("instagram.com", "linkedin.com", "schoolblocks.com", "schoolinsites.com", "schoolloop.com"),
        *("schoolwebpages.com", "schoolwires.com", "schoolwires.net", "sharpschool.com", "squarespace.com"),
        *("thrillshare.com", "twitter.com", "weebly.com", "wix.com", "wordpress.com", "x.com", "youtube.com"),
    }
)
"""Where websites of many are kept: none of them has its mail there."""
_WEB = re.compile(r"^(?:www\d*|web|home)\.")
_SCHOOLS_OF_A_STATE = re.compile(r"\bk12\.[a-z]{2}\.us$")
_GOVERNMENT = re.compile(r"(?:^|\.)(?:gov|state\.[a-z]{2}\.us)$")


@cache
def _suffixes(*, of_registries: bool) -> PublicSuffixList:
    """As the library brings it: a release of the portal has a list of its day."""
    return PublicSuffixList(accept_unknown=False, only_icann=of_registries)


def website_domain(website: str) -> tuple[str, bool]:
    """The domain that the website proposes ("" for none), and whether it is wider than the website itself.

    Under k12.il.us and its like, where districts are named below their county, it is the host itself: will.k12.il.us is
    a county, and wilmington.will.k12.il.us a district. Else it is what somebody registered: kaneland.org. Where the
    host is a part of that, as in d231.rochelle.net, or the website a page of it, others may be another part. A name
    that a provider gives away, as in school.dyndns.org, is nobody's for long.
    """
    try:
        address = urlsplit(website)
        host = _WEB.sub("", (address.hostname or "").rstrip("."))
    except ValueError:
        return "", False
    registered = _suffixes(of_registries=True).privatesuffix(host) or ""
    given_away = registered != _suffixes(of_registries=False).privatesuffix(host)
    if given_away or registered in HOSTS_OF_MANY | EVERYBODYS_MAIL or _GOVERNMENT.search(registered):
        return "", False
    domain = host if _SCHOOLS_OF_A_STATE.search(host) else registered
    return domain, domain != host or bool(address.path.strip("/"))
