"""Files that a visitor sends: few, small, and of kinds that are told by their content. They become attachments."""

from dataclasses import dataclass

from ...tools.file_kinds import kind_of, safe_name
from . import portal_limits
from .portal_refusal import Refused

MOST_FILES = 5
MOST_MEGABYTES = 10
_MEGABYTE = 1024 * 1024
_MOST_BYTES = MOST_MEGABYTES * _MEGABYTE


@dataclass(frozen=True)
class File:
    """A file that was accepted: a name that is only a name, a content, and what the content is."""

    name: str
    content: bytes
    content_type: str


def accept(env, uploads):
    """Return the `File`s of some uploads, in the order they came; raise `Refused` for what can't be taken.

    :param uploads: werkzeug's FileStorages. Each is read from its beginning: Odoo may be serving the request again.
    """
    uploads = [upload for upload in uploads if upload.filename]
    if len(uploads) > MOST_FILES:
        raise Refused(
            files=env._(
                "At most %(most)s files can be sent at once: choose fewer, or send the others after.", most=MOST_FILES
            )
        )
    return [_accept_one(env, upload) for upload in uploads]


def _accept_one(env, upload):
    upload.stream.seek(0)
    content = upload.stream.read(_MOST_BYTES + 1)
    name = upload.filename[:100]
    if len(content) > _MOST_BYTES:
        raise Refused(
            files=env._(
                "“%(name)s” is too large: a file can have %(most)s MB at most. Send a smaller one, or a photo of it.",
                name=name,
                most=MOST_MEGABYTES,
            )
        )
    if not content:
        raise Refused(files=env._("“%(name)s” is empty: choose the file again.", name=name))
    kind = kind_of(content)
    if not kind:
        raise Refused(
            files=env._(
                "“%(name)s” is neither a PDF nor a picture (JPEG, PNG, WebP), whatever its name says: send it as one "
                "of these.",
                name=name,
            )
        )
    content_type, ending = kind
    return File(safe_name(upload.filename, ending), content, content_type)


def keep(access, files):
    """Return attachments of some accepted files. They belong to nothing yet.

    Made in sudo, as OdooBot: a visitor has no right to create attachments.

    :raise Refused: when the contact has sent too much today.
    """
    env = access.env
    megabytes = sum(-(-len(file.content) // _MEGABYTE) for file in files)
    if files and portal_limits.seconds_to_wait(env, "megabyte", access.contact.id, megabytes):
        raise Refused(
            files=env._("You have sent us many files today. Send your words without them, and the files tomorrow.")
        )
    return env["ir.attachment"].create(
        [{"name": file.name, "raw": file.content, "mimetype": file.content_type} for file in files]
    )
