"""The blocks that pages are made of. Each has a preview in the editor and one template of its own."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.blocks import (
    BooleanBlock,
    CharBlock,
    DateBlock,
    ListBlock,
    RichTextBlock,
    StreamBlock,
    StructBlock,
    TextBlock,
    URLBlock,
)
from wagtail.contrib.table_block.blocks import TableBlock
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageChooserBlock

from portal.districts.models.standing import VISITOR, standing_of
from portal.pages.models.media import audiences_of
from portal.pages.models.things import ThingBlock, links_of

FEATURES = ["h3", "h4", "bold", "italic", "ol", "ul", "link", "document-link"]


def reader_of(parent_context: dict[str, Any] | None) -> Any:
    """The person a page is rendered for; None (a visitor) where there is no request."""
    return getattr((parent_context or {}).get("request"), "user", None)


def _audiences(parent_context: dict[str, Any] | None) -> list[str]:
    reader = reader_of(parent_context)
    return audiences_of(standing_of(reader) if reader is not None else VISITOR)


class ImageBlock(StructBlock):  # type: ignore[misc]
    image = ImageChooserBlock(label=_("Image"))
    alt = CharBlock(label=_("What it shows"), max_length=200, help_text=_("For people who cannot see it."))
    caption = CharBlock(label=_("Caption"), required=False, max_length=200)

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(value, parent_context)
        image = value.get("image")
        context["shown"] = image is not None and image.audience in _audiences(parent_context)
        context["picture"] = image.shown if context["shown"] else None
        return context

    class Meta:
        icon = "image"
        label = _("Image")
        template = "pages/blocks/image.html"
        preview_template = "pages/blocks/image_preview.html"
        preview_value = {"image": None, "alt": "", "caption": _("Students at the repair bench")}


class LinkBlock(StructBlock):  # type: ignore[misc]
    title = CharBlock(label=_("Title"), max_length=120)
    url = URLBlock(label=_("Address"))
    note = CharBlock(label=_("Note"), required=False, max_length=200)

    class Meta:
        icon = "link"
        label = _("Link")


class LinksBlock(StructBlock):  # type: ignore[misc]
    heading = CharBlock(label=_("Heading"), default=_("Links"), max_length=120)
    links = ListBlock(LinkBlock(), label=_("Links"))

    class Meta:
        icon = "link"
        label = _("Links")
        template = "pages/blocks/links.html"
        preview_value = {
            "heading": _("Links"),
            "links": [
                {
                    "title": _("E-Rate program calendar"),
                    "url": "https://www.usac.org/e-rate/",
                    "note": _("Dates of the filing window"),
                }
            ],
        }


class DocumentsBlock(StructBlock):  # type: ignore[misc]
    heading = CharBlock(label=_("Heading"), default=_("Documents"), max_length=120)
    documents = ListBlock(DocumentChooserBlock(label=_("Document")), label=_("Documents"))

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(value, parent_context)
        context["documents"] = _readable(value.get("documents"), parent_context)
        return context

    class Meta:
        icon = "doc-full"
        label = _("Documents")
        template = "pages/blocks/documents.html"
        preview_value = {"heading": _("Documents"), "documents": []}


def _readable(documents: Any, parent_context: dict[str, Any] | None) -> list[Any]:
    audiences = _audiences(parent_context)
    return [document for document in documents or [] if document is not None and document.audience in audiences]


class QuoteBlock(StructBlock):  # type: ignore[misc]
    text = TextBlock(label=_("Quote"))
    who = CharBlock(label=_("Who says it"), required=False, max_length=120, help_text=_("A role, not a name."))

    class Meta:
        icon = "openquote"
        label = _("Quote")
        template = "pages/blocks/quote.html"
        preview_value = {
            "text": _("We stopped guessing the day we saw what the district next door pays."),
            "who": _("Tech director of a unit district"),
        }


class CallToActionBlock(StructBlock):  # type: ignore[misc]
    text = TextBlock(label=_("Sentence"), required=False)
    label = CharBlock(label=_("Button"), max_length=60)
    url = CharBlock(label=_("Address"), max_length=300, help_text=_("/districts/ or https://…"))

    class Meta:
        icon = "arrow-right"
        label = _("Call to action")
        template = "pages/blocks/call_to_action.html"
        preview_value = {
            "text": _("Is your district already in?"),
            "label": _("Find your district"),
            "url": "/districts/",
        }


class ActionBlock(StructBlock):  # type: ignore[misc]
    title = CharBlock(label=_("What to do"), max_length=120)
    body = RichTextBlock(label=_("How"), features=FEATURES, required=False)

    class Meta:
        icon = "tick"
        label = _("Action")


class ActionsBlock(StructBlock):  # type: ignore[misc]
    heading = CharBlock(label=_("Heading"), default=_("What to do"), max_length=120)
    actions = ListBlock(ActionBlock(), label=_("Actions"))

    class Meta:
        icon = "list-ol"
        label = _("Numbered actions")
        template = "pages/blocks/actions.html"
        preview_value = {
            "heading": _("What to do"),
            "actions": [
                {"title": _("Pick the day"), "body": "<p>A week without testing works best.</p>"},
                {"title": _("Tell the principals"), "body": "<p>Two weeks ahead.</p>"},
            ],
        }


class CopyTextBlock(StructBlock):  # type: ignore[misc]
    title = CharBlock(label=_("Title"), max_length=120)
    text = TextBlock(label=_("Text to copy"))

    class Meta:
        icon = "copy"
        label = _("Text")


class KitBlock(StructBlock):  # type: ignore[misc]
    heading = CharBlock(label=_("Heading"), default=_("Take and use"), max_length=120)
    intro = TextBlock(label=_("Introduction"), required=False)
    texts = ListBlock(CopyTextBlock(), label=_("Texts to copy"), default=[])
    documents = ListBlock(DocumentChooserBlock(label=_("Document")), label=_("Documents"), default=[])

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(value, parent_context)
        context["documents"] = _readable(value.get("documents"), parent_context)
        return context

    class Meta:
        icon = "download"
        label = _("Download kit")
        template = "pages/blocks/kit.html"
        preview_value = {
            "heading": _("Take and use"),
            "intro": "",
            "texts": [{"title": _("Email to a principal"), "text": _("Thursday is the day we say thank you.")}],
            "documents": [],
        }


class TestimonialBlock(StructBlock):  # type: ignore[misc]
    text = TextBlock(label=_("In their words"))
    who = CharBlock(label=_("Who says it"), max_length=120, help_text=_("A role, not a name."))
    consent = BooleanBlock(
        label=_("This person agreed to be quoted here"), help_text=_("It is shown only with this consent.")
    )

    class Meta:
        icon = "user"
        label = _("Testimonial")
        template = "pages/blocks/testimonial.html"
        preview_value = {
            "text": _("My first call on a bad day is no longer a vendor."),
            "who": _("Network administrator of a high school district"),
            "consent": True,
        }


class StandBlock(StructBlock):  # type: ignore[misc]
    as_of = DateBlock(label=_("As of"))
    text = RichTextBlock(label=_("Where we stand"), features=FEATURES)

    class Meta:
        icon = "date"
        label = _("Where we stand")
        template = "pages/blocks/stand.html"
        preview_value = {
            "as_of": date(2026, 10, 1),
            "text": "<p>Six of nine districts have answered.</p>",
        }


class ThingsBlock(StructBlock):  # type: ignore[misc]
    heading = CharBlock(label=_("Heading"), default=_("What districts do"), max_length=120)
    things = ListBlock(ThingBlock(), label=_("Practices, agreements, meetings"))

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(value, parent_context)
        context["links"] = links_of(value.get("things") or [], reader_of(parent_context))
        return context

    class Meta:
        icon = "list-ul"
        label = _("Practices")
        template = "pages/blocks/things.html"
        preview_template = "pages/blocks/things_preview.html"
        preview_value = {"heading": _("What districts do"), "things": []}


class SeatBlock(StructBlock):  # type: ignore[misc]
    role = CharBlock(label=_("Seat"), max_length=80, help_text=_("President, treasurer, ROE seat …"))
    who = CharBlock(label=_("Held by"), max_length=120, required=False, help_text=_("A role and district."))
    term = CharBlock(label=_("Term"), max_length=60, required=False)

    class Meta:
        icon = "group"
        label = _("Seat")


class StepBlock(StructBlock):  # type: ignore[misc]
    title = CharBlock(label=_("Step"), max_length=80)
    text = TextBlock(label=_("One real example"))
    url = CharBlock(label=_("Address"), required=False, max_length=300)

    class Meta:
        icon = "tick"
        label = _("Step")


class HeadingBlock(CharBlock):  # type: ignore[misc]
    class Meta:
        icon = "title"
        label = _("Heading")
        template = "pages/blocks/heading.html"
        preview_value = _("What we ask of every vendor")


class ProseBlock(RichTextBlock):  # type: ignore[misc]
    class Meta:
        label = _("Text")
        template = "pages/blocks/text.html"
        preview_value = "<p>Write for a colleague who has ten minutes before the next ticket.</p>"


class DataTableBlock(TableBlock):  # type: ignore[misc]
    class Meta:
        icon = "table"
        label = _("Table")
        template = "pages/blocks/table.html"
        preview_value = {
            "first_row_is_table_header": True,
            "first_col_is_header": False,
            "table_caption": "Devices by age",
            "data": [["Year", "Devices"], ["2024", "1,200"], ["2025", "1,340"]],
        }


class BodyBlock(StreamBlock):  # type: ignore[misc]
    """What a page may be made of."""

    heading = HeadingBlock()
    text = ProseBlock(features=FEATURES)
    image = ImageBlock()
    links = LinksBlock()
    documents = DocumentsBlock()
    quote = QuoteBlock()
    table = DataTableBlock(table_options={"renderer": "text"})
    call_to_action = CallToActionBlock()
    actions = ActionsBlock()
    kit = KitBlock()
    testimonial = TestimonialBlock()
    stand = StandBlock()
    things = ThingsBlock()
