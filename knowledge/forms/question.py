"""A question, and an answer to one."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from knowledge.forms.fields import MARKDOWN, TagsField
from knowledge.models import Answer, Question
from portal import boxes
from portal.prose import MarkdownField


class QuestionForm(forms.ModelForm[Question]):
    tags = TagsField(help_text=_("Up to eight words, with commas: wifi, e-rate"))

    class Meta:
        model = Question
        fields = ["title", "body"]
        formfield_callback = boxes.of_column
        field_classes = {"body": MarkdownField}
        labels = {"title": _("Your question"), "body": _("Details")}
        error_messages = {"title": {"required": _("Ask your question in one sentence.")}}
        help_texts = {"title": _("One sentence, as you would ask it at the table."), "body": MARKDOWN}


class AnswerForm(forms.ModelForm[Answer]):
    class Meta:
        model = Answer
        fields = ["body"]
        formfield_callback = boxes.of_column
        field_classes = {"body": MarkdownField}
        labels = {"body": _("Your answer")}
        error_messages = {"body": {"required": _("Write your answer.")}}
        help_texts = {"body": MARKDOWN}
        widgets = {"body": forms.Textarea(attrs={"rows": 6})}


def _over() -> forms.CharField:
    """The digest of the words that were read."""
    return boxes.CharField(max_length=64, widget=forms.HiddenInput)


class QuestionRewriteForm(QuestionForm):
    over = _over()


class AnswerRewriteForm(AnswerForm):
    over = _over()
