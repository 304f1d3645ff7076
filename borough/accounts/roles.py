"""The kinds of work. Agreements, verbs and pages speak of these."""

from django.utils.translation import gettext_lazy as _

ANALYST = "analyst"
CONTACT_WORKER = "contact_worker"
LINK_WORKER = "link_worker"
COORDINATOR = "coordinator"
IG_OFFICER = "ig_officer"
SYSTEM = "system"
VOLUNTEER = "volunteer"

STAFF_ROLES = {
    ANALYST: _("Data analyst"),
    CONTACT_WORKER: _("Contact centre worker"),
    LINK_WORKER: _("Link worker"),
    COORDINATOR: _("Volunteer coordinator"),
    IG_OFFICER: _("Information governance officer"),
}
