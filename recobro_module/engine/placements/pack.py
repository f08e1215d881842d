"""The documents that go with a case to whom it is handed over to, as one file: only what concerns the items it has."""

import io
import zipfile
from dataclasses import dataclass
from datetime import datetime, time

from ...tools.file_kinds import safe_name, single_names
from . import documents

#: What a proof may be; a letter is a PDF.
_ENDINGS = ("pdf", "jpg", "jpeg", "png", "webp")
CONTENT_TYPE = "application/zip"
_REPORT = "recobro_module.report_placement"


@dataclass(frozen=True)
class Answers:
    """What is known of the items of a placement: contacts with the customer, promises, disputes, plans."""

    log: object
    promises: object
    disputes: object
    plans: object


def make(placement, as_of):
    """Make the documents of a placement (in sudo), keep them on it, and return the attachment.

    What was handed over is kept: an earlier file stays beside the new one.
    """
    name, content = named(placement, as_of)
    return placement.env["ir.attachment"].create(
        {
            "name": name,
            "raw": content,
            "mimetype": CONTENT_TYPE,
            "res_model": placement._name,
            "res_id": placement.id,
        }
    )


def named(placement, as_of):
    """Return (name, bytes) of the documents of a placement (in sudo) as they are now, in the agency's language."""
    spoken = placement.with_context(lang=placement.agency_id.partner_id.lang or placement.env.lang)
    name = safe_name(f"{spoken.name.replace('/', '-')} {as_of.isoformat()}.zip", "zip")
    return name, zipped(files(spoken), as_of)


def zipped(content, as_of):
    """Return one compressed file with {name: bytes} in it, each dated `as_of`."""
    moment = datetime.combine(as_of, time()).timetuple()[:6]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as pack:
        for name, content_of_file in content.items():
            pack.writestr(zipfile.ZipInfo(name, moment), content_of_file, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def files(placement):
    """Return {name: bytes} of what goes along with a placement (in sudo), in the language it speaks."""
    env = placement.env
    answers = about(placement)
    statement, _kind = env["ir.actions.report"]._render_qweb_pdf(_REPORT, placement.ids)
    # Not within the f-strings: what is said there is never found for the translations
    statement_name, case_name = env._("Statement"), env._("File of the case")
    found = [
        (safe_name(f"{statement_name}.pdf", "pdf"), statement),
        (safe_name(f"{case_name}.xlsx", "xlsx"), documents.spreadsheet(placement, answers)),
        *_invoices(placement),
        *_agreements(env, answers),
        *_letters(env, placement),
    ]
    return dict(
        zip(single_names([name for name, _content in found]), [content for _name, content in found], strict=True)
    )


def about(placement):
    """Return the `Answers` that concern the items of a placement (in sudo), and the contacts of its case."""
    env = placement.env
    items = placement.line_ids.item_id
    log = env["recobro.interaction"].search(
        [
            # What we note for ourselves stays in the house
            ("case_id", "=", placement.case_id.id),
            ("channel", "!=", "note"),
            ("result", "!=", "queued"),
            # What another agency wrote is between us and them
            ("placement_id", "in", (False, placement.id)),
        ],
        order="date, id",
    )
    return Answers(
        log=log,
        promises=env["recobro.promise"].search([("line_ids.item_id", "in", items.ids)], order="id"),
        disputes=env["recobro.dispute"].search([("line_ids.move_id", "in", items.move_id.ids)], order="id"),
        plans=env["recobro.payment.plan"].search(
            [("line_ids.item_id", "in", items.ids), ("state", "in", ("active", "finished", "broken"))], order="id"
        ),
    )


def _invoices(placement):
    """Yield the legal PDF of each invoice that has one; none is made for the occasion."""
    for move in placement.line_ids.item_id.move_id.exists():
        legal = move.invoice_pdf_report_id
        if legal.raw:
            yield safe_name(f"{move.name.replace('/', '-')}.pdf", "pdf"), legal.raw


def _agreements(env, answers):
    """Yield the agreement that the customer accepted of each plan about these items."""
    for plan in answers.plans:
        if plan.evidence_id.raw:
            name = env._("Agreement of %(plan)s", plan=plan.name.replace("/", "-"))
            yield safe_name(f"{name}.pdf", "pdf"), plan.evidence_id.raw


def _letters(env, placement):
    """Yield the letters that the customer was sent about these items, as they were printed, with their proofs."""
    items = placement.line_ids.item_id
    lines = env["recobro.action.line"].search([("item_id", "in", items.ids), ("action_id.channel", "=", "letter")])
    for action in lines.action_id.filtered("sent_on"):
        stem = env._("Letter of %(day)s", day=action.sent_on.isoformat())
        for name, kept in (
            (stem, action.letter_id.exists()),
            (env._("Proof of %(letter)s", letter=stem), action.proof_ids),
        ):
            for file in kept.filtered("raw"):
                ending = (file.name or "").rpartition(".")[2].lower()
                yield safe_name(f"{name}.{ending}", ending if ending in _ENDINGS else "pdf"), file.raw
