"""The portal's routes, and each measured page's bare twin under /bench/."""

from django.urls import path

from bench import twins
from portal.urls import handler400, handler403, handler404, handler500
from portal.urls import urlpatterns as portals

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

urlpatterns = [
    path("bench/practices/", twins.practice_list),
    path("bench/practices/<int:pk>/", twins.practice_detail),
    path("bench/agreements/<int:pk>/", twins.agreement_detail),
    path("bench/search/", twins.search_page),
    path("bench/search/suggest/", twins.one_query),
    *portals,
]
