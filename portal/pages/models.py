from portal.pages.home import HomePage
from portal.pages.media import Audience, Document, DocumentText, Image, Rendition
from portal.pages.news import NewsIndexPage, NewsPage
from portal.pages.standard import BoardPage, StandardPage
from portal.pages.toolkits import ToolkitIndexPage, ToolkitPage, ToolkitTag
from portal.pages.tree import PortalPage

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
