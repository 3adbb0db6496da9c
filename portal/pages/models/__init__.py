from portal.pages.models.home import HomePage
from portal.pages.models.media import Audience, Document, DocumentText, Image, Rendition
from portal.pages.models.news import NewsIndexPage, NewsPage
from portal.pages.models.standard import BoardPage, StandardPage
from portal.pages.models.toolkits import ToolkitIndexPage, ToolkitPage, ToolkitTag
from portal.pages.models.tree import PortalPage

__all__ = [
    "Audience",
    "BoardPage",
    "Document",
    "DocumentText",
    "HomePage",
    "Image",
    "NewsIndexPage",
    "NewsPage",
    "PortalPage",
    "Rendition",
    "StandardPage",
    "ToolkitIndexPage",
    "ToolkitPage",
    "ToolkitTag",
]
