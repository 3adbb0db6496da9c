"""The portal's routes, and each measured page's bare twin under /bench/; and a page with nothing on it."""

from django.conf import settings
from django.urls import path

from bench import twins, twins_elasticsearch, twins_search
from portal.urls import handler400, handler403, handler404, handler500
from portal.urls import urlpatterns as portals

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

_search = twins_elasticsearch.search_page if settings.ELASTICSEARCH_HOSTS else twins_search.search_page

urlpatterns = [
    path("empty/", twins.empty),
    path("bench/empty/", twins.empty),
    path("bench/practices/", twins.practice_list),
    path("bench/practices/<int:pk>/", twins.practice_detail),
    path("bench/agreements/<int:pk>/", twins.agreement_detail),
    path("bench/search/", _search),
    path("bench/search/suggest/", twins_search.one_query),
    *portals,
]
