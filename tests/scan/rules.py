"""One of each thing that rules.yml forbids, and its like that it allows: `make scan` proves that the rules find them.

Never imported.
"""
# ruff: noqa
# type: ignore


def page(request, log, cursor, form, row, words, person, svg):
    # ruleid: page-acts-as-the-house
    act(by=system_viewer("a page"))
    # ruleid: somebody-made-up
    act(by=Viewer(kind="staff", id="U1", name="Nobody", roles=frozenset()))
    # ruleid: sql-in-a-page
    cursor.execute("SELECT surname FROM residents_resident")
    # ok: sql-in-a-page
    cursor.execute("SELECT 1")
    wanted = request.GET["q"]
    # ruleid: sql-made-of-what-came-in, sql-in-a-page
    cursor.execute(f"SELECT 1 FROM residents_resident WHERE surname = '{wanted}'")
    # ok: sql-made-of-what-came-in
    # ruleid: sql-in-a-page
    cursor.execute("SELECT 1 FROM residents_resident WHERE surname = %s", [wanted])
    # ruleid: words-put-in-unescaped
    mark_safe(f"<b>{words}</b>")
    # ok: words-put-in-unescaped
    mark_safe(svg)
    # ruleid: purpose-slipped-in
    request.session["purpose"] = "find-need"
    # ruleid: person-in-a-log
    log.warning("no answer from %s", person.phone)
    # ok: person-in-a-log
    log.warning("no answer from %s", person.id)
    # ruleid: person-kept-in-a-cache
    cache.set("R1", person)
    if form:
        # ok: sent-anywhere
        return redirect(safe_next(request))
    # ruleid: sent-anywhere
    return redirect(request.GET["next"])


# ruleid: form-from-elsewhere
@csrf_exempt
def form(request):
    # ruleid: ledger-written-past-the-door
    LedgerEntry.objects.create(kind="read")


# ruleid: seen-and-not-said
def read_quietly(viewer, purpose):
    opening = open_door(viewer=viewer, purpose=purpose, verb="residents.read_quietly")
    rows = list(Resident.objects.all())
    return [row.surname for row in rows if opening]


# ok: seen-and-not-said
def read_openly(viewer, purpose):
    opening = open_door(viewer=viewer, purpose=purpose, verb="residents.read_openly")
    rows = list(Resident.objects.all())
    opening.saw([row.id for row in rows])
    return rows
