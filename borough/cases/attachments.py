"""Files on a case: checked by what is in them, handed out as downloads, never shown or run by us."""

import hashlib
from dataclasses import dataclass
from pathlib import PurePath

import puremagic
from django.db import transaction
from django.utils.translation import gettext as _

from borough.accounts.policies import Viewer
from borough.cases.models import CaseFile
from borough.cases.moving import lock_case, touch
from borough.cases.scope import worked_by
from borough.common import clock
from borough.common.errors import NotFound, Problem
from borough.governance.door import open_door

MOST_BYTES = 10 * 1024 * 1024
MOST_FILES = 50
# What people send about a request: letters, photographs, scans. No archives, and nothing that carries macros.
ACCEPTED = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "webp": "image/webp",
    "txt": "text/plain",
}


@dataclass(frozen=True)
class FileContent:
    name: str
    content_type: str
    content: bytes


def check_content(name: str, content: bytes) -> str:
    """The content type of a file whose content is what its name says. Raises Problem, which says what to do.

    By puremagic's signatures (MIT, pure Python, kept up to date, and no C library to keep beside it, as libmagic is).
    """
    ending = PurePath(name).suffix.lower().removeprefix(".")
    if ending not in ACCEPTED:
        raise Problem(
            _("We cannot take a file of this kind."), _("Send a PDF, a photograph (JPEG, PNG, WebP) or a text file.")
        )
    if not content or len(content) > MOST_BYTES:
        raise Problem(_("The file is empty or larger than 10 MB."), _("Choose another, or make it smaller."))
    found = _types_of(content)
    # Plain text has no signature of its own: it is what reads as text, and is nothing else.
    holds = found <= {"text/plain"} and _is_text(content) if ending == "txt" else ACCEPTED[ending] in found
    if not holds:
        raise Problem(
            _("The content of this file is not what its name says (%(ending)s).") % {"ending": ending},
            _("Open it and save it again as a PDF, a photograph or a text file. If somebody sent it to you, ask them."),
        )
    return ACCEPTED[ending]


def attach_file(*, by: Viewer, purpose: str, case_id: str, name: str, content: bytes) -> int:
    """Hang a file on the case; the same content again is the same file. Returns its id."""
    with transaction.atomic():
        case = lock_case(case_id, by=by, purpose=purpose, verb="cases.attach_file")
        content_type, sha256 = check_content(name, content), hashlib.sha256(content).hexdigest()
        if case.files.count() >= MOST_FILES:
            raise Problem(_("This case has 50 files already."), _("Put several pages into one PDF."))
        # Only the last part of a name, and none that would end a header.
        shown = PurePath(name.replace("\\", "/")).name.replace('"', "").strip()
        shown = "".join(letter for letter in shown if letter.isprintable())[-120:]
        file, _made = CaseFile.objects.get_or_create(
            case=case,
            sha256=sha256,
            defaults={
                "at": clock.now(),
                "by": by.name,
                "name": shown,
                "content_type": content_type,
                "size": len(content),
                "content": content,
            },
        )
        touch(case)
    return file.pk


def remove_file(*, by: Viewer, purpose: str, case_id: str, file_id: int) -> None:
    """Take a file off the case, for example one that belongs to somebody else. It is gone."""
    with transaction.atomic():
        case = lock_case(case_id, by=by, purpose=purpose, verb="cases.remove_file")
        if not case.files.filter(pk=file_id).delete()[0]:
            raise NotFound(_("There is no such file."))
        touch(case)


def read_file(file_id: int, *, viewer: Viewer, purpose: str) -> FileContent:
    """A file of a case that the viewer works on."""
    opening = open_door(viewer=viewer, purpose=purpose, verb="cases.read_file")
    file = CaseFile.objects.filter(pk=file_id, case__in=worked_by(viewer, purpose)).select_related("case").first()
    if file is None:
        raise NotFound(_("There is no such file."))
    opening.saw([file.case.resident_id] if file.case.resident_id else [])
    return FileContent(file.name, file.content_type, bytes(file.content))


def _types_of(content: bytes) -> set[str]:
    try:
        return {match.mime_type for match in puremagic.magic_string(content)}
    except puremagic.PureError:
        return set()


def _is_text(content: bytes) -> bool:
    try:
        return "\x00" not in content.decode("utf-8")
    except UnicodeDecodeError:
        return False
