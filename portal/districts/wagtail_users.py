"""Wagtail's user screens. Only superusers reach them: whoever may change a user may become one."""

from wagtail.users.apps import WagtailUsersAppConfig


class PortalUsersConfig(WagtailUsersAppConfig):
    user_viewset = "portal.districts.wagtail_user_views.PortalUserViewSet"
