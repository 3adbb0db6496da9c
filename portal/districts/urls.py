from django.urls import URLPattern, URLResolver, path, re_path

from portal.districts.views import chapter, directory, joining, mail_domains, people, whom_to_ask

app_name = "districts"
urlpatterns: list[URLPattern | URLResolver] = [
    path("districts/", directory.district_list, name="district-list"),
    path("districts/<slug:slug>/", directory.district_detail, name="district-detail"),
    path("districts/<slug:slug>/edit/", directory.district_edit, name="district-edit"),
    path("districts/<slug:slug>/join/", joining.join, name="join"),
    path("districts/<slug:slug>/join/confirm/", joining.join_confirm, name="join-confirm"),
    path("districts/<slug:slug>/join/sent/", joining.join_sent, name="join-sent"),
    path("counties/<slug:slug>/", directory.county_detail, name="county-detail"),
    re_path(r"^invitations/(?P<secret>[\w-]{20,64})/$", joining.invitation, name="invitation"),
    path("people/", people.people, name="people"),
    path("people/invite/", people.invite, name="invite"),
    path("people/invite-county/", people.invite_county, name="invite-county"),
    path("people/memberships/<int:pk>/end/", people.membership_end, name="membership-end"),
    path("people/memberships/<int:pk>/restore/", people.membership_restore, name="membership-restore"),
    path("people/memberships/<int:pk>/role/", people.membership_role, name="membership-role"),
    path("people/memberships/<int:pk>/allow/", people.membership_allow, name="membership-allow"),
    re_path(
        r"^people/roles/(?P<pk>\d{1,18})/(?P<answer>agree|refuse|take-back)/$", people.role_decide, name="role-decide"
    ),
    path("people/invitations/<int:pk>/again/", people.invitation_again, name="invitation-again"),
    path("people/invitations/<int:pk>/withdraw/", people.invitation_withdraw, name="invitation-withdraw"),
    re_path(
        r"^people/requests/(?P<pk>\d{1,18})/(?P<answer>approve|decline)/$", people.request_decide, name="request-decide"
    ),
    path("set-up/", chapter.set_up, name="set-up"),
    path("set-up/identity/", chapter.identity, name="set-up-identity"),
    path("set-up/directory/", chapter.directory_upload, name="set-up-directory"),
    re_path(
        r"^set-up/directory/(?P<what>districts|offices|refused)\.csv$",
        chapter.directory_file,
        name="set-up-directory-file",
    ),
    path("set-up/mail-domains/", mail_domains.mail_domains, name="set-up-domains"),
    re_path(
        r"^set-up/mail-domains/(?P<pk>\d{1,18})/(?P<answer>confirm|refuse|reopen)/(?P<domain>[a-z0-9.-]{3,120})/$",
        mail_domains.mail_domain_answer,
        name="set-up-domain",
    ),
    path("help/", whom_to_ask.whom_to_ask, name="whom-to-ask"),
    path("reach/", chapter.reach, name="reach"),
]
