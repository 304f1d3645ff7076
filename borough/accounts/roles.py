"""The kinds of work. Agreements, verbs and pages speak of these."""

from django.utils.translation import gettext_lazy as _

ANALYST = "analyst"
CONTACT_WORKER = "contact_worker"
LINK_WORKER = "link_worker"
COORDINATOR = "coordinator"
IG_OFFICER = "ig_officer"
SYSTEM = "system"
VOLUNTEER = "volunteer"
# Who opened a link to their own record.
RESIDENT = "resident"
# Somebody of an organisation of the directory, who answers what is referred to it.
PARTNER = "partner"

STAFF_ROLES = {
    ANALYST: _("Data analyst"),
    CONTACT_WORKER: _("Contact centre worker"),
    LINK_WORKER: _("Link worker"),
    COORDINATOR: _("Volunteer coordinator"),
    IG_OFFICER: _("Information governance officer"),
}

# Who may have a sign-in. A partner is no member of staff: pages for staff stay shut to them.
SIGN_IN_ROLES = {**STAFF_ROLES, PARTNER: _("Partner organisation")}
