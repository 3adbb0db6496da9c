from django.urls import URLPattern, URLResolver, path

from portal.search import views, views_feeds, views_related, views_saved

app_name = "search"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.search_page, name="search"),
    path("suggest/", views.suggestions, name="suggest"),
    path("related/<slug:kind>/<int:pk>/", views_related.related_things, name="related"),
    path("saved/", views_saved.saved_list, name="saved-list"),
    path("saved/add/", views_saved.saved_add, name="saved-add"),
    path("saved/<int:pk>/", views_saved.saved_change, name="saved-change"),
    path("saved/<int:pk>/delete/", views_saved.saved_delete, name="saved-delete"),
    path("saved/<int:pk>/restore/", views_saved.saved_restore, name="saved-restore"),
    path("feed/", views_feeds.feed, name="feed"),
    path("feed/address/", views_feeds.feed_address, name="feed-address"),
    path("feed/revoke/", views_feeds.feed_revoke, name="feed-revoke"),
    path("feed/<str:token>/", views_feeds.my_feed, name="my-feed"),
]
