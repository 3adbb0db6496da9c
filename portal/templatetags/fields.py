"""What a field's template asks about a bound field; aria-describedby and aria-invalid come from Django itself."""

from __future__ import annotations

from django import template
from django.forms import BoundField, CheckboxInput, RadioSelect

register = template.Library()


@register.filter
def layout(field: BoundField) -> str:
    """How it is laid out: "checkbox" (label after the box), "choices" (radios or boxes), "group" or "plain"."""
    widget = field.field.widget
    if isinstance(widget, CheckboxInput):
        return "checkbox"
    if isinstance(widget, RadioSelect):  # boxes for several choices are a kind of it
        return "choices"
    return "group" if widget.use_fieldset else "plain"


@register.filter
def control_id(field: BoundField) -> str:
    """The id of the control that a link in the error summary leads to: of a group, its first."""
    if field.id_for_label:
        return field.id_for_label
    return f"{field.auto_id}_0"


@register.filter
def control(field: BoundField) -> BoundField:
    """The control without a placeholder: the label stands above it and stays while somebody types."""
    field.field.widget.attrs.pop("placeholder", None)
    return field


@register.filter
def is_optional(field: BoundField) -> bool:
    """May always be left empty; what the form's `asked_on_condition` names may not, and its hint says when."""
    return not field.field.required and field.name not in getattr(field.form, "asked_on_condition", ())
