"""The form of what officers keep about a district: its words and its mail domains."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal import boxes
from portal.districts.deeds.mail_domains import require_domain
from portal.districts.models.places import District, MailDomain, domain_of


def _lines(text: str) -> list[str]:
    return list(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))


class DistrictWordsForm(forms.ModelForm[District]):
    other_names = boxes.CharField(
        label=_("Other names"),
        help_text=_("One per line, as people type them: D303, U46."),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    domains = boxes.CharField(
        label=_("Mail domains"),
        help_text=_("One per line, such as kaneland.org. Somebody with an address there may ask to join."),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    class Meta:
        model = District
        fields = ["short_name"]
        formfield_callback = boxes.of_column

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["other_names"].initial = "\n".join(self.instance.aliases)
        self.fields["domains"].initial = "\n".join(domain.domain for domain in self.instance.mail_domains.all())

    def clean_other_names(self) -> list[str]:
        names = _lines(self.cleaned_data["other_names"])
        if any(len(name) > 40 for name in names):
            raise ValidationError(gettext("Each name may have 40 letters at most."))
        return names

    def clean_domains(self) -> list[str]:
        domains = [domain_of(line) for line in _lines(self.cleaned_data["domains"])]
        for domain in domains:
            require_domain(domain)
        own = {row.domain for row in self.instance.mail_domains.all()}
        taken = MailDomain.objects.filter(domain__in=set(domains) - own).first()
        if taken is not None:
            raise ValidationError(gettext("%(domain)s is another district's domain.") % {"domain": taken.domain})
        return domains
