from portal.pages.media import Audience, Document, Image, Rendition

__all__ = ["Audience", "Document", "Image", "Rendition"]
