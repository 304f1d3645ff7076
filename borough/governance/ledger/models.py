from django.db import models

from borough.common.personal_data import PersonalData, not_personal


class Witness(models.Model):
    """Another borough that co-signs our seals, or has us co-sign its own. Empty `address`: it is not asked."""

    name = models.CharField(primary_key=True, max_length=160)
    address = models.URLField(blank=True)
    # Ed25519, base64.
    public_key = models.CharField(max_length=44, unique=True)
    added_at = models.DateTimeField()
    added_by = models.CharField(max_length=160)

    personal_data = PersonalData(keep="as long as a seal that it signed", fields={"added_by": "staff"})

    def __str__(self) -> str:
        return self.name


class CoSignature(models.Model):
    """That a witness saw this head of our chain, in its own hand. Never changed: the database refuses."""

    id = models.BigAutoField(primary_key=True)
    number = models.PositiveBigIntegerField()
    borough = models.CharField(max_length=160)
    head = models.CharField(max_length=64)
    at = models.CharField(max_length=40)
    witness = models.CharField(max_length=160)
    key = models.CharField(max_length=44)
    signature = models.CharField(max_length=88)

    personal_data = not_personal("as long as the ledger")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["number", "key"], name="co_signature_once")]

    def __str__(self) -> str:
        return f"co-signature {self.pk}"


class Witnessed(models.Model):
    """A head of another borough's chain that we signed: another head for the same batch is refused."""

    id = models.BigAutoField(primary_key=True)
    key = models.CharField(max_length=44)
    number = models.PositiveBigIntegerField()
    head = models.CharField(max_length=64)
    at = models.DateTimeField()

    personal_data = not_personal("as long as the ledger of the other borough")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "number"], name="witnessed_once")]

    def __str__(self) -> str:
        return f"witnessed {self.pk}"
