from django.urls import URLPattern, URLResolver, path

from portal.saved.views import feeds, searches

app_name = "saved"
urlpatterns: list[URLPattern | URLResolver] = [
    path("saved/", searches.search_list, name="search-list"),
    path("saved/add/", searches.search_add, name="search-add"),
    path("saved/<int:pk>/", searches.search_change, name="search-change"),
    path("saved/<int:pk>/delete/", searches.search_delete, name="search-delete"),
    path("saved/<int:pk>/restore/", searches.search_restore, name="search-restore"),
    path("feed/", feeds.feed, name="feed"),
    path("feed/address/", feeds.feed_address, name="feed-address"),
    path("feed/revoke/", feeds.feed_revoke, name="feed-revoke"),
    path("feed/<str:token>/", feeds.my_feed, name="my-feed"),
]
