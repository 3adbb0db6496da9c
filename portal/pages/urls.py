from django.urls import URLPattern, URLResolver, path

from portal.pages.style_guide import style_guide
from portal.pages.theming import set_theme

app_name = "pages"
urlpatterns: list[URLPattern | URLResolver] = [
    path("theme/", set_theme, name="theme"),
    path("style-guide/", style_guide, name="style-guide"),
]
