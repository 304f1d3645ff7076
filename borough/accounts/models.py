from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from borough.accounts.roles import PARTNER, SIGN_IN_ROLES, STAFF_ROLES
from borough.common.ids import mint_id
from borough.common.personal_data import PersonalData, not_personal


def new_user_id() -> str:
    return mint_id("U")


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").lower())


class User(AbstractBaseUser):
    """A member of staff, or of a partner organisation. Residents and volunteers come in by signed links and have no row
    here. `organization_id` is the partner's organisation in the directory."""

    id = models.CharField(primary_key=True, max_length=20, default=new_user_id, editable=False)
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=100)
    role = models.CharField(max_length=20, choices=list(SIGN_IN_ROLES.items()))
    organization_id = models.CharField(max_length=60, blank=True, default="", db_default="")
    # As they say it themselves, in words, as volunteers do.
    languages = models.JSONField(default=list, db_default=models.Value([], models.JSONField()))
    is_active = models.BooleanField(default=True)
    totp_secret = models.CharField(max_length=64, blank=True)
    totp_confirmed_at = models.DateTimeField(null=True)
    # The time step of the last code used, so that a code seen over a shoulder cannot be used again.
    totp_last_step = models.BigIntegerField(default=0)
    failed_attempts = models.PositiveIntegerField(default=0)
    locked_until = models.DateTimeField(null=True)
    # The same for browsers in which they signed in before: a stranger's guessing locks these out of nothing.
    known_failed_attempts = models.PositiveIntegerField(default=0, db_default=0)
    known_locked_until = models.DateTimeField(null=True)
    # Until when a first password works, which somebody else has read; null is one of their own choosing.
    first_password_until = models.DateTimeField(null=True)

    objects = UserManager()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    personal_data = PersonalData(
        keep="while the account is in use, then 1 year",
        fields={"email": "staff", "name": "staff", "languages": "staff"},
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(role__in=list(SIGN_IN_ROLES)), name="user_role_is_known"),
            models.CheckConstraint(
                condition=models.Q(role=PARTNER) & ~models.Q(organization_id="")
                | ~models.Q(role=PARTNER) & models.Q(organization_id=""),
                name="user_partner_has_an_organisation",
            ),
        ]

    def __str__(self) -> str:
        return self.id


def new_sign_in_id() -> str:
    return mint_id("G")


class SignIn(models.Model):
    """A browser in which somebody is signed in: what they read of their own sessions, and end them by."""

    id = models.CharField(primary_key=True, max_length=17, default=new_sign_in_id, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sign_ins")
    # Django's key of the session. The row goes with the session.
    session_key = models.CharField(max_length=40, unique=True)
    browser = models.CharField(max_length=60)
    began_at = models.DateTimeField()
    used_at = models.DateTimeField()

    personal_data = PersonalData(
        keep="1 day after it was last used", since="used_at", fields={"user": "staff", "browser": "staff"}
    )

    def __str__(self) -> str:
        return self.id


class AccountEvent(models.Model):
    """What happened with an account: each sign-in, each wrong password, each change of how one signs in.

    `by` names whoever did it where that was not the person themselves.
    """

    KINDS = {
        "signed_in": _("Signed in"),
        "signed_out": _("Signed out"),
        "wrong_password": _("A wrong password was tried"),
        "wrong_code": _("A wrong code was tried"),
        "locked": _("Locked for 15 minutes, after 5 wrong tries"),
        "first_password": _("Got a password that works once"),
        "password_changed": _("Password changed"),
        "factor_set": _("Authenticator app set up"),
        "factor_removed": _("Authenticator app removed"),
        "sessions_ended": _("Signed out of other browsers"),
        "closed": _("Account closed"),
        "opened": _("Account opened again"),
    }

    id = models.BigAutoField(primary_key=True)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="events")
    at = models.DateTimeField()
    kind = models.CharField(max_length=20, choices=list(KINDS.items()))
    by = models.CharField(max_length=200, blank=True)

    personal_data = PersonalData(keep="1 year after it happened", since="at", fields={"user": "staff", "by": "staff"})

    class Meta:
        indexes = [models.Index(fields=["user", "-at"], name="account_events")]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


def new_key_id() -> str:
    return mint_id("K", 8)


class ApiKey(models.Model):
    """Another system that may use the API. Of its key only a hash is kept: it is shown once, when it is made."""

    id = models.CharField(primary_key=True, max_length=9, default=new_key_id, editable=False)
    name = models.CharField(max_length=100)
    role = models.CharField(max_length=20, choices=list(STAFF_ROLES.items()))
    key_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    # `name` is of a system, such as "Contact centre telephony".
    personal_data = not_personal("6 years after it was revoked", since="revoked_at")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(role__in=list(STAFF_ROLES)), name="api_key_role_is_known"),
        ]

    def __str__(self) -> str:
        return self.id
