"""Each case that was there gets the task that it was before it had tasks, in a few statements however many there are."""

from django.db import migrations

TASKS = """
INSERT INTO cases_task (id, case_id, need, owner_kind, owner_id, state, due_on, asked_at, answered_at, finished_at, reopened)
SELECT 'T' || substr(c.id, 2), c.id, c.need,
    CASE WHEN c.state IN ('offered', 'matched') THEN 'volunteer' WHEN c.state = 'referred' THEN 'organisation'
        WHEN c.state = 'in_hand' AND c.assigned_to <> '' THEN 'person' ELSE 'team' END,
    CASE WHEN c.state = 'in_hand' THEN c.assigned_to ELSE '' END,
    CASE c.state WHEN 'in_hand' THEN 'accepted' WHEN 'matched' THEN 'accepted' WHEN 'delivered' THEN 'completed'
        WHEN 'met' THEN 'completed' WHEN 'could_not_help' THEN 'failed' WHEN 'cancelled' THEN 'cancelled'
        ELSE 'requested' END,
    c.due_on, c.opened_at,
    CASE WHEN c.state IN ('new', 'offered', 'referred', 'reopened') THEN NULL ELSE coalesce(
        (SELECT min(at) FROM cases_casestep s WHERE s.case_id = c.id AND s.new <> 'new'), c.opened_at) END,
    CASE WHEN c.state IN ('delivered', 'met', 'could_not_help', 'cancelled') THEN coalesce(
        (SELECT max(at) FROM cases_casestep s WHERE s.case_id = c.id
            AND s.new IN ('delivered', 'could_not_help', 'cancelled')), c.opened_at) END,
    CASE WHEN c.state = 'reopened' THEN 1 ELSE 0 END
FROM cases_case c WHERE NOT EXISTS (SELECT 1 FROM cases_task t WHERE t.case_id = c.id)
"""
REFERRALS = """
UPDATE cases_referral SET task_id = 'T' || substr(case_id, 2) WHERE task_id IS NULL
"""
SERVICES = """
UPDATE cases_task SET
    owner_id = (SELECT r.service_id FROM cases_referral r
        WHERE r.task_id = cases_task.id AND r.state IN ('requested', 'accepted')),
    state = (SELECT r.state FROM cases_referral r
        WHERE r.task_id = cases_task.id AND r.state IN ('requested', 'accepted')),
    answered_at = (SELECT r.answered_at FROM cases_referral r
        WHERE r.task_id = cases_task.id AND r.state IN ('requested', 'accepted'))
WHERE owner_kind = 'organisation' AND EXISTS (SELECT 1 FROM cases_referral r
    WHERE r.task_id = cases_task.id AND r.state IN ('requested', 'accepted'))
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0002_tasks")]

    operations = [
        migrations.RunSQL(statement, migrations.RunSQL.noop) for statement in (TASKS, REFERRALS, SERVICES)
    ]
