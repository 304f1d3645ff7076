from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

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
