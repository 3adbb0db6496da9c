"""What a visitor may reach without signing in: each with its reason."""

from __future__ import annotations

from tests.architecture.urlconf import own_routes

OPEN: dict[str, str] = {
    "healthz": "a load balancer asks it",
    "readyz": "a load balancer asks it; it names no content",
    "metrics": "Prometheus has no account; the token decides",
    "admin-login": "leads to the one front door",
    "admin-password-reset": "leads to the one front door",
    "wagtail_serve": "pages decide by their audience",
    "wagtaildocs_serve": "documents decide by their audience",
    "pages:document": "leads to a document, for whoever may see it; nowhere for anybody else",
    "pages:media": "files decide by the audience of what they belong to",
    "pages:page": "leads to a page, for whoever may see it; nowhere for anybody else",
    "pages:robots": "robots have no account",
    "pages:sitemap": "names public pages only",
    "pages:style-guide": "samples only, no content",
    "pages:theme": "keeps a color choice in a cookie",
    "account_login": "the front door",
    "account_request_login_code": "the front door, by a code",
    "account_confirm_login_code": "the front door, by a code",
    "account_inactive": "says that the account is closed",
    "account_signup": "says how to join; it makes no account",
    "account_logout": "leads home",
    "account_reset_password": "a new password, by a code",
    "account_confirm_password_reset_code": "a new password, by a code",
    "account_complete_password_reset": "a new password, by a code",
    "account_password_reset_completed": "a new password, by a code",
    "account_email_verification_sent": "the code that confirms an address, before the session starts",
    "districts:district-list": "the state's directory is public record",
    "districts:district-detail": "a district's facts are public record; members alone see its people",
    "districts:county-detail": "a county's districts are public record; members alone see its hosts",
    "districts:join": "people ask to join before they have an account",
    "districts:join-confirm": "the code from the mail, before there is an account",
    "districts:join-sent": "says that the request was taken",
    "districts:whom-to-ask": "whoever cannot get in has to find whom to ask; members alone see names",
    "districts:invitation": "the secret link decides; looking at it changes nothing",
    "events:meeting-list": "visitors see the dates that are public",
    "events:meeting-detail": "visitors see date, title and county of public dates; nothing else",
    "events:series-feed": "calendars read public dates",
    "events:my-series-feed": "calendars cannot sign in; the secret address decides",
    "purchasing:agreement-list": "visitors see what is announced: title, office and closing date",
    "purchasing:agreement-detail": "visitors see title, office and closing date of what is announced; nothing else",
    "search:search": "a visitor finds what is public",
    "search:suggest": "the same, while somebody types",
    "saved:feed": "names public things only, whoever asks",
    "saved:my-feed": "feed readers cannot sign in; the secret address decides",
    "search:related": "beside a public thing stand public things; beside any other is 404",
    "notices:switch-off": "the signed link in a mail must work without signing in",
    "knowledge:practice-list": "lists public practices only",
    "knowledge:practice-detail": "a public practice is for everybody; any other is 404",
    "knowledge:question-list": "lists questions under public practices only",
    "knowledge:question-detail": "a question under a public practice follows it; any other is 404",
    "knowledge:tag-detail": "lists public practices only",
    "knowledge:product-detail": "lists public practices only",
}


def test_open_routes_are_exactly_those_with_a_reason() -> None:
    is_open = {name for name, view in own_routes().items() if not getattr(view, "login_required", True)}
    assert is_open == set(OPEN)
