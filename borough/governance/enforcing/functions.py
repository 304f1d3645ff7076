"""The functions of the schema `door`, as SQL. They run as the owner of the tables, whoever calls them."""

from collections.abc import Iterable

from borough.governance.changing.holding_back import PURPOSES_LEFT, ROOMS

# How long an entry in the ledger opens the door: to a person's page, and to a job of the house.
PAGE, JOB = "5 minutes", "12 hours"
# And to what the house does with messages: as long as a job may last before it is taken for dead.
LETTERBOX_STAYS = "15 minutes"

# What stands in the ledger in an agreement's place where the letterbox was opened: it needs none.
LETTERBOX = "letterbox"

# A caller's own names and operators do not get in. It costs as much as the rest of a short function: the one that is
# asked with every query names all it uses in full instead.
_SEARCH = "SET search_path = pg_catalog, pg_temp"
_COLUMNS = "viewer_kind, viewer_id, viewer_name, purpose, agreement, verb"
_REFUSE = """IF number IS NULL THEN
                    RAISE EXCEPTION 'the door is closed: no entry in the ledger opens it to this connection now'
                        USING ERRCODE = 'insufficient_privilege';
                END IF;"""


def statements(*, rehearsed: bool = False) -> list[str]:
    """What makes the schema what it is to be; repeating it changes nothing.

    `rehearsed`, for tests that set the clock and take back all they do: the caller's time counts, a pass is good in
    the transaction that made it, and whoever asks for a row without one is told so instead of getting none.
    """
    now = "coalesce(said_at, clock_timestamp())" if rehearsed else "clock_timestamp()"
    ends = "'infinity'::timestamptz" if rehearsed else "(review_on::timestamp AT TIME ZONE 'Europe/London')"
    committed = (
        ""
        if rehearsed
        else "AND p.xact OPERATOR(pg_catalog.<>) coalesce(pg_catalog.pg_current_xact_id_if_assigned(), '0')"
    )
    is_good = f"""p.pass OPERATOR(pg_catalog.=) said_pass
                    AND p.backend OPERATOR(pg_catalog.=) pg_catalog.pg_backend_pid()
                    AND p.until OPERATOR(pg_catalog.>) pg_catalog.clock_timestamp()
                    {committed}"""
    # The number of the entry behind a pass; null where the pass is not good, here and now.
    entry_of_pass = f"""SELECT p.entry INTO number
                FROM door.pass p JOIN public.governance_agreement a ON a.reference OPERATOR(pg_catalog.=) p.agreement
                WHERE {is_good}
                    AND a.state OPERATOR(pg_catalog.=) 'live';"""
    loudly = _REFUSE if rehearsed else ""
    return [
        "CREATE SCHEMA IF NOT EXISTS door",
        # A crash empties it: the door is then closed until it is opened again.
        """CREATE UNLOGGED TABLE IF NOT EXISTS door.pass (
            pass text PRIMARY KEY, entry bigint NOT NULL, backend integer NOT NULL, xact xid8 NOT NULL,
            agreement text NOT NULL, until timestamptz NOT NULL)""",
        f"""CREATE OR REPLACE FUNCTION door.open(
                said_kind text, said_id text, said_name text, said_roles text[], said_purpose text, said_verb text,
                said_at timestamptz, for_backend integer,
                OUT pass text, OUT agreement text, OUT fields jsonb, OUT sources jsonb)
            LANGUAGE plpgsql SECURITY DEFINER {_SEARCH} AS $$
            DECLARE
                moment timestamptz := {now};
                today date := ({now} AT TIME ZONE 'Europe/London')::date;
                review_on date;
                number bigint;
            BEGIN
                -- The read that follows waits for the disk, and then this stands before it in the same log.
                PERFORM set_config('synchronous_commit', 'off', true);
                SELECT a.reference, a.fields, a.sources, a.review_on INTO agreement, fields, sources, review_on
                FROM public.governance_agreement a JOIN public.governance_purpose p ON p.code = a.purpose_id
                WHERE a.purpose_id = said_purpose AND a.state = 'live' AND a.starts_on <= today AND a.review_on > today
                    AND a.roles ?| said_roles
                    AND (p.rooms ? said_verb OR (
                        cardinality(string_to_array(said_verb, '.')) = 2
                        AND p.rooms ? split_part(said_verb, '.', 1)))
                ORDER BY a.reference LIMIT 1;
                INSERT INTO public.governance_ledgerentry (at, kind, {_COLUMNS}, people, everyone)
                VALUES (moment, CASE WHEN agreement IS NULL THEN 'denied' ELSE 'opened' END, said_kind, said_id,
                    said_name, said_purpose, coalesce(agreement, ''), said_verb, 0, false)
                RETURNING id INTO number;
                IF agreement IS NULL THEN
                    RETURN;
                END IF;
                pass := number || '.' || gen_random_uuid();
                INSERT INTO door.pass VALUES (pass, number, for_backend, pg_current_xact_id(), agreement, least({ends},
                    clock_timestamp()
                    + CASE WHEN 'system' = ANY(said_roles) THEN interval '{JOB}' ELSE interval '{PAGE}' END));
                IF random() < 0.001 THEN
                    DELETE FROM door.pass WHERE until < clock_timestamp();
                END IF;
                IF for_backend = pg_backend_pid() THEN
                    PERFORM set_config('door.pass', pass, false);
                END IF;
            END $$""",
        # It never fails: an error for a pass that is no pass would come only where there is a row to ask it for, and
        # tell of that row. Its plan is kept from one query to the next, which one of a function in SQL is not.
        f"""CREATE OR REPLACE FUNCTION door.is_open() RETURNS boolean
            LANGUAGE plpgsql STABLE PARALLEL RESTRICTED SECURITY DEFINER AS $$
            DECLARE
                said_pass text := pg_catalog.current_setting('door.pass', true);
                number bigint;
            BEGIN
                {entry_of_pass}
                {loudly}
                RETURN number IS NOT NULL;
            END $$""",
        # Messages alone, without an agreement: its pass is of none, and so opens nothing else.
        f"""CREATE OR REPLACE FUNCTION door.open_letterbox(
                said_kind text, said_id text, said_name text, said_verb text, said_at timestamptz, for_backend integer)
            RETURNS text LANGUAGE plpgsql SECURITY DEFINER {_SEARCH} AS $$
            DECLARE
                number bigint;
                pass text;
            BEGIN
                PERFORM set_config('synchronous_commit', 'off', true);
                INSERT INTO public.governance_ledgerentry (at, kind, {_COLUMNS}, people, everyone)
                VALUES ({now}, 'opened', said_kind, said_id, said_name, '', '{LETTERBOX}', said_verb, 0, false)
                RETURNING id INTO number;
                pass := number || '.' || gen_random_uuid();
                INSERT INTO door.pass VALUES (pass, number, for_backend, pg_current_xact_id(), '',
                    clock_timestamp() + interval '{LETTERBOX_STAYS}');
                IF for_backend = pg_backend_pid() THEN
                    PERFORM set_config('door.letterbox', pass, false);
                END IF;
                RETURN pass;
            END $$""",
        f"""CREATE OR REPLACE FUNCTION door.letterbox_is_open() RETURNS boolean
            LANGUAGE plpgsql STABLE PARALLEL RESTRICTED SECURITY DEFINER AS $$
            DECLARE
                said_pass text := pg_catalog.current_setting('door.letterbox', true);
            BEGIN
                IF EXISTS (SELECT FROM door.pass p
                    WHERE {is_good} AND p.agreement OPERATOR(pg_catalog.=) '') THEN
                    RETURN true;
                END IF;
                RETURN door.is_open();
            END $$""",
        f"""CREATE OR REPLACE FUNCTION door.log(
                said_pass text, said_kind text, said_residents text[], said_everyone boolean, said_people integer,
                said_at timestamptz)
            RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER {_SEARCH} AS $$
            DECLARE
                opened bigint;
                number bigint;
            BEGIN
                {entry_of_pass}
                {_REFUSE}
                opened := number;
                IF said_kind NOT IN ('read', 'write') THEN
                    RAISE EXCEPTION 'the ledger has no kind of entry called %', said_kind;
                END IF;
                -- One alone whose data is not to be used (changing/holding_back.py).
                IF said_kind = 'read' AND cardinality(said_residents) = 1 AND EXISTS (
                    SELECT FROM public.governance_restriction r
                    WHERE r.resident_id = said_residents[1] AND r.ended_at IS NULL
                ) AND EXISTS (
                    SELECT FROM public.governance_ledgerentry e WHERE e.id = opened
                    AND split_part(e.verb, '.', 1) IN ({_listed(ROOMS)}) AND e.purpose NOT IN ({_listed(PURPOSES_LEFT)})
                ) THEN
                    RAISE EXCEPTION 'the door is closed: what is held of them is not to be used'
                        USING ERRCODE = 'insufficient_privilege';
                END IF;
                -- Whatever the session says: it is on the disk before it is shown.
                PERFORM set_config('synchronous_commit', 'on', true);
                INSERT INTO public.governance_ledgerentry (at, kind, {_COLUMNS}, people, everyone, opening)
                SELECT {now}, said_kind, {_COLUMNS}, said_people, said_everyone, opened
                FROM public.governance_ledgerentry WHERE id = opened
                RETURNING id INTO number;
                INSERT INTO public.governance_ledgersubject (entry_id, resident_id)
                SELECT number, each FROM unnest(said_residents) each;
                PERFORM set_config('door.pass', said_pass, false);
                RETURN number;
            END $$""",
        "REVOKE ALL ON ALL FUNCTIONS IN SCHEMA door FROM PUBLIC",
    ]


def _listed(words: Iterable[str]) -> str:
    return ", ".join(f"'{word}'" for word in words)
