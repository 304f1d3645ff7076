"""Each offer belongs to the task of its case, and a task that a volunteer has or is asked of says whose it is."""

from django.db import migrations

OFFERS = "UPDATE volunteers_offer SET task_id = 'T' || substr(case_id, 2) WHERE task_id = ''"
OWNERS = """
UPDATE cases_task SET owner_id = (SELECT o.volunteer_id FROM volunteers_offer o
    WHERE o.task_id = cases_task.id AND o.state IN ('offered', 'accepted'))
WHERE owner_kind = 'volunteer' AND EXISTS (SELECT 1 FROM volunteers_offer o
    WHERE o.task_id = cases_task.id AND o.state IN ('offered', 'accepted'))
"""


class Migration(migrations.Migration):
    dependencies = [("volunteers", "0002_tasks"), ("cases", "0003_tasks_of_open_cases")]

    operations = [migrations.RunSQL(statement, migrations.RunSQL.noop) for statement in (OFFERS, OWNERS)]
