"""The field's own words. Officers change them in the admin; a set they deleted does not come back."""

from django.db import migrations
from django.utils import timezone

SETS = """
wifi, Wi-Fi, wireless, WLAN
WAP, access point, wireless access point
E-Rate, erate, schools and libraries program
1:1, one to one, 1 to 1, one device per student
MFA, 2FA, multi-factor authentication, two-factor authentication, two-step verification
SSO, single sign-on -> Clever, ClassLink
SIS, student information system -> PowerSchool, Skyward, Infinite Campus, Tyler SIS
LMS, learning management system -> Canvas, Schoology, Google Classroom, Moodle
MDM, mobile device management, device management -> Jamf, Intune, Mosyle, Google Admin
DPA, data privacy agreement
SOPPA, Student Online Personal Protection Act
FERPA, Family Educational Rights and Privacy Act
CIPA, Children's Internet Protection Act
IEP, individualized education program
504 plan, Section 504
ROE, regional office of education
ISC, Intermediate Service Center
ISBE, State Board of Education
UPS, battery backup, uninterruptible power supply
VoIP, IP phone, internet phone
ISP, internet provider, internet service provider
AUP, acceptable use policy, responsible use policy
RFP, request for proposals
RFQ, request for quotes
IGA, intergovernmental agreement
EDR, endpoint detection and response
SIEM, log management
DR plan, disaster recovery, business continuity
phishing, scam email
AI, artificial intelligence -> ChatGPT, Gemini, Copilot
PD, professional development
ELL, English learner, multilingual learner
SPED, special education
PoE, power over Ethernet
CCTV, security camera, surveillance camera, video surveillance, NVR
interactive panel, interactive display, smart board, smartboard
help desk, helpdesk, service desk, ticketing -> Incident IQ, Zendesk, Freshservice
web filter, content filter, internet filter -> Securly, GoGuardian, Lightspeed, Linewize
refresh cycle, device replacement, replacement cycle
ESSER, pandemic relief
BYOD, bring your own device
EOL, end of life
DNS, domain name system
laptop, notebook -> Chromebook, MacBook
PA system, intercom, public address
power outage, power failure, power cut, blackout
lost, missing
refresh, upgrade
migration, migrate, move, switch over
students, pupils, kids
hotspot, home internet, internet at home
projector -> interactive panel, interactive display
imaging -> Autopilot, reimaging
chatbot -> ChatGPT, Gemini, Copilot
tablet -> iPad
firewall -> Fortinet, Palo Alto
broken, cracked, damaged
recycling, disposal, e-waste
read aloud, text to speech
webcast, livestream, live stream
antivirus, endpoint protection -> MDR
repair, fix
"""
"""A set a line; after the arrow, words that these find too, but not the other way round."""


def seed(apps, schema_editor):
    model = apps.get_model("search", "SynonymSet")
    now = timezone.now()
    model.objects.bulk_create(model(words=words, also=also, changed_at=now) for words, also in _sets())


def unseed(apps, schema_editor):
    """Takes away the sets that nobody changed."""
    for words, also in _sets():
        apps.get_model("search", "SynonymSet").objects.filter(words=words, also=also).delete()


def _sets():
    for line in SETS.strip().splitlines():
        words, _arrow, also = line.partition(" -> ")
        yield words, also


class Migration(migrations.Migration):
    dependencies = [("search", "0010_synonyms")]
    operations = [migrations.RunPython(seed, unseed)]
