"""Who is who moves from the records to memberships, which have a history; with what linking keeps for next time.

The columns that records leave behind stay in the table, empty for new rows, while old code may still read them.
"""

import django.db.models.deletion
from django.db import migrations, models


def copy_memberships(apps, schema_editor):
    record = apps.get_model("residents", "Record")._meta.db_table
    resident = apps.get_model("residents", "Resident")._meta.db_table
    membership = apps.get_model("residents", "Membership")._meta.db_table
    schema_editor.execute(
        f"INSERT INTO {membership} (record_id, resident_id, natural_id, began_at) "
        f"SELECT c.id, c.resident_id, '', r.minted_at FROM {record} c "
        f"JOIN {resident} r ON r.id = c.resident_id ORDER BY c.id"
    )


class Migration(migrations.Migration):
    dependencies = [
        ("residents", "0002_compare_terms_by_letter"),
    ]

    operations = [
        migrations.CreateModel(
            name="Comparable",
            fields=[
                (
                    "record",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        serialize=False,
                        to="residents.record",
                    ),
                ),
                ("source", models.CharField(max_length=40)),
                ("forename", models.CharField(max_length=80, null=True)),
                ("middle_name", models.CharField(max_length=120, null=True)),
                ("surname", models.CharField(max_length=80, null=True)),
                ("previous_surname", models.CharField(max_length=80, null=True)),
                ("forename_full", models.CharField(max_length=80, null=True)),
                ("forename_sound", models.CharField(max_length=80, null=True)),
                ("surname_full", models.CharField(max_length=80, null=True)),
                ("surname_sound", models.CharField(max_length=80, null=True)),
                ("initial", models.CharField(max_length=1, null=True)),
                ("surname_start", models.CharField(max_length=3, null=True)),
                ("dob", models.CharField(max_length=10, null=True)),
                ("sex", models.CharField(max_length=1, null=True)),
                ("nino", models.CharField(max_length=9, null=True)),
                ("nhs_number", models.CharField(max_length=10, null=True)),
                ("phone", models.CharField(max_length=20, null=True)),
                ("email", models.CharField(max_length=254, null=True)),
                ("address", models.CharField(max_length=250, null=True)),
                ("house_number", models.CharField(max_length=20, null=True)),
                ("postcode", models.CharField(max_length=8, null=True)),
                ("outcode", models.CharField(max_length=8, null=True)),
                ("uprn", models.CharField(max_length=12, null=True)),
                ("home", models.CharField(max_length=260, null=True)),
                ("both_names", models.CharField(max_length=161, null=True)),
                ("started_on", models.DateField(null=True)),
                ("ended_on", models.DateField(null=True)),
                ("turned_on", models.DateField(null=True)),
                ("rare_names", models.CharField(max_length=161, null=True)),
                ("namesakes", models.FloatField(null=True)),
                ("tf_forename", models.FloatField(null=True)),
                ("tf_surname", models.FloatField(null=True)),
                ("tf_dob", models.FloatField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("act", models.CharField(max_length=20)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("review", "Review"),
                            ("merge", "Merge"),
                            ("split", "Split"),
                            ("move", "Move of a record"),
                            ("undo", "Undo"),
                        ],
                        max_length=6,
                    ),
                ),
                ("low", models.BigIntegerField()),
                ("high", models.BigIntegerField()),
                (
                    "says",
                    models.CharField(
                        choices=[("same", "Same person"), ("different", "Different people"), ("unsure", "Not sure")],
                        max_length=9,
                    ),
                ),
                ("why", models.CharField(blank=True, max_length=500)),
                ("needs_second", models.BooleanField(default=False)),
                ("by", models.CharField(max_length=160)),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="ErasedRecord",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("key_hash", models.CharField(max_length=32)),
                ("erased_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="LinkageModel",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("trained_at", models.DateTimeField()),
                ("by", models.CharField(max_length=160)),
                ("records", models.PositiveIntegerField()),
                ("engine", models.CharField(max_length=16)),
                ("parameters", models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name="LinkRun",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("full", "All records"),
                            ("changes", "What had changed"),
                            ("decision", "After a decision"),
                        ],
                        max_length=8,
                    ),
                ),
                ("records", models.PositiveIntegerField()),
                ("pairs", models.PositiveIntegerField()),
                ("residents", models.PositiveIntegerField()),
                ("minted", models.PositiveIntegerField()),
                ("retired", models.PositiveIntegerField()),
                ("refused", models.PositiveIntegerField()),
                ("seconds", models.JSONField(default=dict)),
                ("by", models.CharField(max_length=160)),
            ],
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("natural_id", models.CharField(blank=True, max_length=20)),
                ("began_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Pair",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("low", models.BigIntegerField()),
                ("high", models.BigIntegerField()),
                ("weight", models.FloatField()),
                ("rule", models.SmallIntegerField()),
                (
                    "refused",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "Not refused"),
                            ("nino", "Different National Insurance numbers"),
                            ("nhs_number", "Different NHS numbers"),
                            ("dob", "Different dates of birth"),
                            ("forename", "Different first names"),
                            ("decision", "A person decided so"),
                        ],
                        max_length=10,
                    ),
                ),
                ("worth", models.FloatField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Quality",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("as_of", models.DateTimeField()),
                ("figures", models.JSONField()),
            ],
        ),
        migrations.CreateModel(
            name="Statistic",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=16)),
                ("value", models.CharField(max_length=400)),
                ("number", models.FloatField()),
            ],
        ),
        migrations.AddField(
            model_name="household",
            name="began_on",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="household",
            name="ended_on",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="load",
            name="checks",
            field=models.JSONField(db_default=[], default=list),
        ),
        migrations.AddField(
            model_name="load",
            name="filled",
            field=models.JSONField(db_default={}, default=dict),
        ),
        migrations.AddField(
            model_name="record",
            name="pending",
            field=models.BooleanField(db_default=True),
        ),
        migrations.AddField(
            model_name="resident",
            name="home_since",
            field=models.DateField(null=True),
        ),
        migrations.AlterField(
            model_name="household",
            name="uprn",
            field=models.CharField(max_length=12),
        ),
        migrations.AlterField(
            model_name="load",
            name="state",
            field=models.CharField(
                choices=[
                    ("reading", "Reading"),
                    ("merging", "Merging"),
                    ("held", "Held"),
                    ("done", "Done"),
                    ("failed", "Failed"),
                    ("stopped", "Stopped"),
                ],
                default="reading",
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="residentevent",
            name="kind",
            field=models.CharField(
                choices=[("minted", "Minted"), ("retired", "Retired"), ("split", "Split"), ("revived", "Revived")],
                max_length=8,
            ),
        ),
        migrations.AddIndex(
            model_name="record",
            index=models.Index(condition=models.Q(("pending", True)), fields=["id"], name="record_pending"),
        ),
        migrations.AddIndex(
            model_name="record",
            index=models.Index(
                condition=models.Q(("ended_on__isnull", False)), fields=["ended_on"], name="record_by_end"
            ),
        ),
        migrations.AddConstraint(
            model_name="household",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_on", None)), fields=("uprn",), name="household_one_at_a_property"
            ),
        ),
        migrations.AddIndex(
            model_name="comparable",
            index=models.Index(condition=models.Q(("nino__isnull", False)), fields=["nino"], name="comparable_nino"),
        ),
        migrations.AddIndex(
            model_name="comparable",
            index=models.Index(
                condition=models.Q(("nhs_number__isnull", False)), fields=["nhs_number"], name="comparable_nhs"
            ),
        ),
        migrations.AddIndex(
            model_name="comparable",
            index=models.Index(condition=models.Q(("dob__isnull", False)), fields=["dob"], name="comparable_dob"),
        ),
        migrations.AddIndex(
            model_name="comparable",
            index=models.Index(condition=models.Q(("phone__isnull", False)), fields=["phone"], name="comparable_phone"),
        ),
        migrations.AddIndex(
            model_name="comparable",
            index=models.Index(condition=models.Q(("email__isnull", False)), fields=["email"], name="comparable_email"),
        ),
        migrations.AddIndex(
            model_name="comparable",
            index=models.Index(condition=models.Q(("uprn__isnull", False)), fields=["uprn"], name="comparable_uprn"),
        ),
        migrations.AddIndex(
            model_name="comparable",
            index=models.Index(
                condition=models.Q(("home__isnull", False)), fields=["home", "both_names"], name="comparable_home"
            ),
        ),
        migrations.AddIndex(
            model_name="comparable",
            index=models.Index(fields=["postcode"], name="comparable_postcode"),
        ),
        migrations.AddIndex(
            model_name="comparable",
            index=models.Index(
                condition=models.Q(("both_names__isnull", False)),
                fields=["both_names", "home"],
                name="comparable_names",
            ),
        ),
        migrations.AddIndex(
            model_name="comparable",
            index=models.Index(
                condition=models.Q(("rare_names__isnull", False)), fields=["rare_names"], name="comparable_rare"
            ),
        ),
        migrations.AddIndex(
            model_name="comparable",
            index=models.Index(
                condition=models.Q(("address__isnull", False)), fields=["address"], name="comparable_address"
            ),
        ),
        migrations.AddIndex(
            model_name="comparable",
            index=models.Index(
                condition=models.Q(("turned_on__isnull", False)),
                fields=["turned_on", "surname"],
                name="comparable_turned",
            ),
        ),
        migrations.AddIndex(
            model_name="comparable",
            index=models.Index(
                condition=models.Q(("turned_on__isnull", False)),
                fields=["turned_on", "forename"],
                name="comparable_turned_2",
            ),
        ),
        migrations.AddField(
            model_name="decision",
            name="undoes",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="undone_by",
                to="residents.decision",
            ),
        ),
        migrations.AddField(
            model_name="erasedrecord",
            name="source",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="residents.source"
            ),
        ),
        migrations.AddField(
            model_name="linkrun",
            name="model",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="residents.linkagemodel",
            ),
        ),
        migrations.AddField(
            model_name="membership",
            name="record",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="memberships",
                to="residents.record",
            ),
        ),
        migrations.AddField(
            model_name="membership",
            name="resident",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="memberships",
                to="residents.resident",
            ),
        ),
        migrations.AddIndex(
            model_name="pair",
            index=models.Index(fields=["high"], name="pair_by_high"),
        ),
        migrations.AddIndex(
            model_name="pair",
            index=models.Index(condition=models.Q(("worth__isnull", False)), fields=["-worth"], name="pair_by_worth"),
        ),
        migrations.AddConstraint(
            model_name="pair",
            constraint=models.UniqueConstraint(fields=("low", "high"), name="pair_once"),
        ),
        migrations.AddConstraint(
            model_name="pair",
            constraint=models.CheckConstraint(condition=models.Q(("low__lt", models.F("high"))), name="pair_in_order"),
        ),
        migrations.AddField(
            model_name="statistic",
            name="model",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="residents.linkagemodel",
            ),
        ),
        migrations.AddIndex(
            model_name="decision",
            index=models.Index(fields=["low", "high"], name="decision_by_pair"),
        ),
        migrations.AddIndex(
            model_name="decision",
            index=models.Index(fields=["high"], name="decision_by_high"),
        ),
        migrations.AddIndex(
            model_name="decision",
            index=models.Index(fields=["act"], name="decision_by_act"),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.CheckConstraint(
                condition=models.Q(("low__lt", models.F("high"))), name="decision_in_order"
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.UniqueConstraint(fields=("undoes",), name="decision_undone_once"),
        ),
        migrations.AddConstraint(
            model_name="erasedrecord",
            constraint=models.UniqueConstraint(fields=("source", "key_hash"), name="erased_record_once"),
        ),
        migrations.AddIndex(
            model_name="membership",
            index=models.Index(condition=models.Q(("ended_at", None)), fields=["resident"], name="membership_now"),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at", None)), fields=("record",), name="membership_one_resident_at_a_time"
            ),
        ),
        migrations.AddConstraint(
            model_name="statistic",
            constraint=models.UniqueConstraint(fields=("model", "kind", "value"), name="statistic_once"),
        ),
        migrations.AlterField("record", "link_reasons", models.JSONField(default=list, null=True)),
        migrations.RunPython(copy_memberships, migrations.RunPython.noop),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveField("record", name)
                for name in ("resident", "linked_to", "link_weight", "link_reasons")
            ],
        ),
    ]
