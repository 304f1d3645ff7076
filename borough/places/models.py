from django.db import models

from borough.common.personal_data import not_personal

AREA_KINDS = {
    "ward": "Ward",
    "small_area": "Small area",
    "river": "River",
    "high_street": "High street",
}
# Kinds that people live in, with a polygon; the others are lines that help a reader find their way on the map.
INHABITED = ("ward", "small_area")


class Area(models.Model):
    """A ward or small area, or a line drawn on the map. `outline` is a GeoJSON geometry in degrees.

    `residents` is the Census count. `attribution` is the line that the source of the outline asks for under a map.
    """

    code = models.CharField(primary_key=True, max_length=20)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=12, choices=list(AREA_KINDS.items()))
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    residents = models.PositiveIntegerField(null=True)
    lat = models.FloatField()
    lon = models.FloatField()
    outline = models.JSONField()
    attribution = models.CharField(max_length=300, blank=True)

    personal_data = not_personal()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=list(AREA_KINDS)), name="area_kind_is_known"),
            models.CheckConstraint(
                condition=models.Q(kind="small_area") | models.Q(parent__isnull=True),
                name="area_only_small_ones_have_parents",
            ),
        ]
        indexes = [models.Index(fields=["kind", "name"], name="area_by_kind")]

    def __str__(self) -> str:
        return self.code


class MatchedAddress(models.Model):
    """The property that an address means which is not written as the gazetteer has it, as an address matcher found."""

    id = models.BigAutoField(primary_key=True)
    address = models.CharField(max_length=250)
    postcode = models.CharField(max_length=8)
    uprn = models.CharField(max_length=12)

    # How a property was once written; who lives in it is the residents room's.
    personal_data = not_personal()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["address", "postcode"], name="matched_address_once")]

    def __str__(self) -> str:
        return self.uprn


class Address(models.Model):
    """An addressable property. `match_key` is its address as `policies.match_key` writes it."""

    uprn = models.CharField(primary_key=True, max_length=12)
    address = models.CharField(max_length=250)
    postcode = models.CharField(max_length=8)
    lat = models.FloatField()
    lon = models.FloatField()
    small_area = models.CharField(max_length=20, blank=True)
    kind = models.CharField(max_length=40, blank=True)
    match_key = models.CharField(max_length=250)

    # A list of properties, public in itself; who lives in them is the residents room's.
    personal_data = not_personal("until the next gazetteer drops it")

    class Meta:
        indexes = [
            models.Index(fields=["postcode", "match_key"], name="address_by_postcode"),
            models.Index(fields=["small_area"], name="address_by_area"),
        ]

    def __str__(self) -> str:
        return self.uprn
