"""What the field says in several ways, found by asking as directors do. A set that officers deleted does not come back."""

from django.db import migrations
from django.utils import timezone

SETS = """
cell phone ban, cellphone ban, phone ban, phone-free, phone-free classrooms
ransomware, cyberattack, cyber incident, security incident
response plan, incident response, incident response plan -> incident card, tabletop, runbook
shared services, shared staff, shared technician -> network engineer
pushback, push back, resistance
replacement, refresh
bid, RFP, request for bids
reimaging, reimage, imaging
parents, families, guardians
getting rid of, get rid of, retire, surplus
Promethean, SMART Board, whiteboard -> interactive panel, interactive display, panel
OU, organizational unit
subs, substitutes, substitute teachers, sub teachers
IT, technology department, tech department
device agreement, take-home agreement, device contract -> protection plan
password manager, password vault
tech plan, technology plan, device plan
cyber insurance, insurance questionnaire
access control, door access, badge access
"""
"""A set a line; after the arrow, words that these find too, but not the other way round."""


def seed(apps, schema_editor):
    model = apps.get_model("search", "SynonymSet")
    there = set(model.objects.values_list("words", flat=True))
    now = timezone.now()
    model.objects.bulk_create(
        model(words=words, also=also, changed_at=now) for words, also in _sets() if words not in there
    )


def unseed(apps, schema_editor):
    """Takes away the sets that nobody changed."""
    for words, also in _sets():
        apps.get_model("search", "SynonymSet").objects.filter(words=words, also=also).delete()


def _sets():
    for line in SETS.strip().splitlines():
        words, _arrow, also = line.partition(" -> ")
        yield words, also


class Migration(migrations.Migration):
    dependencies = [("search", "0018_words_by_audience")]
    operations = [migrations.RunPython(seed, unseed)]
