from django.db import models

from borough.common.personal_data import PersonalData, not_personal


class Organization(models.Model):
    """As in Open Referral UK `organization`."""

    id = models.CharField(primary_key=True, max_length=60)
    name = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    url = models.URLField(max_length=400, blank=True)
    email = models.CharField(max_length=254, blank=True)

    personal_data = not_personal()

    def __str__(self) -> str:
        return self.id


class TaxonomyTerm(models.Model):
    """What a service is for, such as "Food" in a taxonomy of needs."""

    id = models.CharField(primary_key=True, max_length=60)
    name = models.CharField(max_length=120)
    taxonomy = models.CharField(max_length=120, blank=True)

    personal_data = not_personal()

    def __str__(self) -> str:
        return self.id


class Location(models.Model):
    """As in Open Referral UK `location`, with its first address. Latitude and longitude in degrees, WGS 84."""

    id = models.CharField(primary_key=True, max_length=60)
    name = models.CharField(max_length=200, blank=True)
    address = models.CharField(max_length=300, blank=True)
    postcode = models.CharField(max_length=8, blank=True)
    lat = models.FloatField(null=True)
    lon = models.FloatField(null=True)

    personal_data = not_personal()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(lat__isnull=True, lon__isnull=True)
                | models.Q(lat__range=(-90, 90), lon__range=(-180, 180)),
                name="location_on_earth",
            ),
        ]

    def __str__(self) -> str:
        return self.id


class Service(models.Model):
    """As in Open Referral UK `service`. `found_by` holds, in lower case, the words that search looks through."""

    id = models.CharField(primary_key=True, max_length=60)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="services")
    name = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    eligibility = models.TextField(blank=True)
    fees = models.TextField(blank=True)
    hours = models.TextField(blank=True)
    url = models.URLField(max_length=400, blank=True)
    email = models.CharField(max_length=254, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    active = models.BooleanField(default=True)
    last_modified = models.DateTimeField(null=True)
    imported_at = models.DateTimeField()
    terms = models.ManyToManyField(TaxonomyTerm, related_name="services")
    locations = models.ManyToManyField(Location, through="ServiceAtLocation", related_name="services")
    found_by = models.TextField()

    personal_data = PersonalData(
        keep="as long as the service is listed, checked every 6 months", fields={"email": "contact", "phone": "contact"}
    )

    class Meta:
        constraints = [models.CheckConstraint(condition=~models.Q(name=""), name="service_has_a_name")]

    def __str__(self) -> str:
        return self.id


class ServiceAtLocation(models.Model):
    """As in Open Referral UK `service_at_location`."""

    id = models.BigAutoField(primary_key=True)
    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="+")
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="+")

    personal_data = not_personal()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["service", "location"], name="service_at_location_once")]

    def __str__(self) -> str:
        return f"{self.service_id} at {self.location_id}"


class ServiceReject(models.Model):
    """An entry of an imported file that could not be taken in, kept whole."""

    id = models.BigAutoField(primary_key=True)
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    position = models.PositiveIntegerField()
    reason = models.CharField(max_length=300)
    entry = models.TextField()
    at = models.DateTimeField()

    personal_data = PersonalData(keep="1 year", fields={"entry": "contact"})

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sha256", "position"], name="service_reject_once")]

    def __str__(self) -> str:
        return f"reject {self.pk}"
