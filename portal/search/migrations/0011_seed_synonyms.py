"""The field's own words. Officers change them in the admin; a set they deleted does not come back."""

from django.db import migrations
from django.utils import timezone

TWO_WAY = """
wifi, Wi-Fi, wireless, WLAN
WAP, access point, wireless access point
E-Rate, erate, schools and libraries program
1:1, one to one, 1 to 1, one device per student
MFA, 2FA, multi-factor authentication, two-factor authentication, two-step verification
SSO, single sign-on
SIS, student information system
LMS, learning management system
MDM, mobile device management, device management
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
phishing, spear phishing, scam email
AI, artificial intelligence
PD, professional development
ELL, English learner, multilingual learner
SPED, special education
PoE, power over Ethernet
CCTV, security camera, video surveillance
projector, interactive panel, smart board, smartboard
help desk, helpdesk, service desk, ticketing
web filter, content filter, internet filter
refresh cycle, device replacement, replacement cycle
ESSER, pandemic relief
BYOD, bring your own device
EOL, end of life
DNS, domain name system
laptop, notebook
PA system, intercom, public address
"""
ONE_WAY = """
MDM -> Jamf, Intune, Mosyle, Google Admin
SIS -> PowerSchool, Skyward, Infinite Campus, Tyler SIS
LMS -> Canvas, Schoology, Google Classroom, Moodle
SSO -> Clever, ClassLink
chatbot -> ChatGPT, Gemini, Copilot
AI -> ChatGPT, Gemini, Copilot
laptop -> Chromebook, MacBook
tablet -> iPad
web filter -> Securly, GoGuardian, Lightspeed, Linewize
help desk -> Incident IQ, Zendesk, Freshservice
firewall -> Fortinet, Palo Alto
switch -> Aruba, Meraki
"""


def rows(text):
    return [line.strip() for line in text.strip().splitlines()]


def seed(apps, schema_editor):
    kept = apps.get_model("search", "SynonymSet").objects
    now = timezone.now()
    model = kept.model
    sets = [model(words=line, changed_at=now) for line in rows(TWO_WAY)]
    for line in rows(ONE_WAY):
        words, _arrow, also = line.partition(" -> ")
        sets.append(model(words=words, also=also, changed_at=now))
    kept.bulk_create(sets)


def unseed(apps, schema_editor):
    """Takes away the sets that nobody changed."""
    kept = apps.get_model("search", "SynonymSet").objects
    kept.filter(words__in=rows(TWO_WAY), also="").delete()
    for line in rows(ONE_WAY):
        words, _arrow, also = line.partition(" -> ")
        kept.filter(words=words, also=also).delete()


class Migration(migrations.Migration):
    dependencies = [("search", "0010_synonyms")]
    operations = [migrations.RunPython(seed, unseed)]
