from django.urls import URLPattern, URLResolver, path

from portal.pages.views import files, serving
from portal.pages.views.style_guide import style_guide
from portal.pages.views.theme import set_theme

app_name = "pages"
urlpatterns: list[URLPattern | URLResolver] = [
    path("theme/", set_theme, name="theme"),
    path("style-guide/", style_guide, name="style-guide"),
    path("media/<path:name>", files.media, name="media"),
    path("pages/<int:pk>/", serving.page, name="page"),
    path("documents/<int:pk>/", files.to_document, name="document"),
    path("sitemap.xml", serving.sitemap, name="sitemap"),
    path("robots.txt", serving.robots, name="robots"),
]
