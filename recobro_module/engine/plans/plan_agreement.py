"""The agreement on a payment plan: its exact text, and the evidence of who accepted it, when, from where and how.

The text is frozen when the plan is proposed: what the customer reads from then on is the stored text itself, never a
template made anew, and that text is what is hashed. A plan that goes back to a draft and is proposed again is frozen
again. Accepting changes nothing of the text; it adds the signature, and a file with both.

The hashes of text, signature and file are in the log too, which nobody can change, not even in the database.
"""

import base64
import binascii
import hashlib
import logging
from dataclasses import dataclass
from datetime import date
from io import BytesIO

from markupsafe import Markup
from PIL import Image

from odoo.exceptions import UserError
from odoo.tools import format_date

from .. import alerts, clock
from . import payment_plans, plan_alerts, plan_terms

_logger = logging.getLogger(__name__)

TEMPLATE = "recobro_module.mail_template_plan_agreement"
REPORT = "recobro_module.report_plan_agreement"
#: What is kept of a browser's name, of a person's, and of the picture of a signature (bytes).
_MOST_BROWSER, _MOST_NAME, _MOST_SIGNATURE = 250, 120, 2_000_000
_PNG = b"\x89PNG\r\n\x1a\n"


@dataclass
class Evidence:
    """How a plan was accepted.

    :param contact: `res.partner` who accepted; may be empty on paper.
    :param kind: one of `const.SIGNATURE_KINDS`.
    :param signature: picture of the signature (PNG, base64), or False on paper.
    :param address: network address it came from.
    :param browser: what the browser calls itself.
    :param login: of who was logged in; empty for a visitor with nothing but the link.
    :param file: (name, bytes) of the signed paper, or None.
    :param signed_on: the day written on the paper, or None.
    """

    name: str
    contact: object
    kind: str
    signature: str | bytes | bool = False
    address: str = ""
    browser: str = ""
    login: str = ""
    file: tuple | None = None
    signed_on: date | None = None


# -------------------------------------------------------------------------
# THE TEXT
# -------------------------------------------------------------------------


def text(plan, lang):
    """Return the exact text that the customer accepts, made from the template as it is now."""
    # sudo: whoever proposes, the text is the company's, and was written by who may write templates
    template = plan.env.ref(TEMPLATE).sudo()
    rendered = template._render_field("body_html", plan.ids, set_lang=lang or plan.env.lang or "en_US")
    return Markup(rendered[plan.id])


def freeze(plan):
    """Write down what is agreed with a plan that is being proposed: its text, the hash of that, and what is in it of
    the policy, which the plan is judged by from then on. Nothing of an accepted plan is touched.
    """
    # sudo: the text is the engine's; the right to propose was checked by the caller
    plan = plan.sudo()
    if plan.accepted_at:
        return
    plan.write(plan_terms.rules_frozen(plan))
    words = text(plan, language_of(plan))
    plan.write({"agreement": words, "agreement_hash": hash_of(words)})


def language_of(plan):
    """Return the language of who reads the agreement, where it is installed."""
    installed = {code for code, _name in plan.env["res.lang"].get_installed()}
    wanted = (plan.sudo().contact_id.lang, plan.sudo().partner_id.lang)
    return next((code for code in wanted if code in installed), None)


def hash_of(words):
    """Return the SHA-256 of a text, as hexadecimal digits.

    >>> hash_of("paid in three parts")[:16]
    '894302fd4bbf2831'
    """
    return hashlib.sha256(str(words).encode()).hexdigest()


# -------------------------------------------------------------------------
# ACCEPTING
# -------------------------------------------------------------------------


def refusal(plan, as_of):
    """Return why a plan can't be accepted on a day, in words for the customer; nothing when it can."""
    env = plan.env
    if plan.accepted_at:
        return env._(
            "This plan has been accepted already, by %(name)s on %(date)s.",
            name=plan.accepted_by,
            date=format_date(env, plan.accepted_at),
        )
    if plan.state in ("draft", "to_approve"):
        return env._("This plan is not ready to be accepted yet. We will write to you when it is.")
    if plan.valid_until and plan.valid_until < as_of:
        return env._(
            "This proposal stood until %(date)s. Answer our message, and we will gladly make you a new one.",
            date=format_date(env, plan.valid_until),
        )
    if plan.state != "proposed":
        return env._("This plan has been withdrawn. Answer our message, and we will look for another way together.")
    return ""


def accept(plan, evidence, as_of):
    """Write down that a plan was accepted, with its evidence, and put it in force.

    Of two people who accept at once, one does: the other one's transaction is refused by the database, tried again by
    Odoo, and finds the plan accepted. That the contact may accept is the caller's to check.

    :raise UserError: with the reason, in words for the customer, when it can't be accepted.
    """
    plan.ensure_one()
    # sudo: evidence is the engine's; what may be accepted is checked below
    plan = plan.sudo()
    if words := refusal(plan, as_of):
        raise UserError(words)
    _check_contact(plan, evidence.contact)
    if not is_intact(plan):
        raise UserError(
            plan.env._("The text of this plan is not the one that was proposed. Please ask us for a new one.")
        )
    plan.write(_evidence_values(plan, evidence))
    # At once: a second person waits for this row from here on
    plan.flush_recordset()
    plan.evidence_id = _keep_file(plan, evidence)
    plan.env["recobro.interaction"]._log([_log_values(plan, evidence)])
    payment_plans.start(plan, as_of)
    _tell(plan)


def _check_contact(plan, contact):
    """Refuse a contact of another customer, who can't bind this one."""
    if contact and contact.sudo().commercial_partner_id != plan.partner_id:  # sudo: only whose contact it is
        raise UserError(
            plan.env._(
                "%(contact)s does not belong to %(customer)s: choose one of its contacts.",
                contact=contact.sudo().display_name,
                customer=plan.partner_id.display_name,
            )
        )


def _evidence_values(plan, evidence):
    env = plan.env
    name = " ".join((evidence.name or "").split())[:_MOST_NAME]
    if not name:
        raise UserError(env._("Please write your name."))
    signature = _checked_signature(env, evidence.signature) if evidence.kind != "paper" else False
    if evidence.kind == "paper" and not (evidence.file and evidence.file[1]):
        raise UserError(env._("Attach the paper that was signed: it is the evidence of the agreement."))
    return {
        "accepted_by": name,
        "accepted_contact_id": evidence.contact.id if evidence.contact else False,
        "accepted_at": clock.moment(env),
        "accepted_address": (evidence.address or "")[:60],
        "accepted_login": evidence.login or False,
        "accepted_browser": " ".join((evidence.browser or "").split())[:_MOST_BROWSER],
        "signature_kind": evidence.kind,
        "signed_on": evidence.signed_on,
        "signature": signature,
    }


def _checked_signature(env, signature):
    """Return the picture of a signature (base64) when it is one that shows something."""
    words = env._("The signature did not arrive well. Please sign again.")
    if not signature or len(signature) > _MOST_SIGNATURE:
        raise UserError(env._("Please sign: draw your signature, or let it be written from your name."))
    try:
        raw = base64.b64decode(signature, validate=True)
        if not raw.startswith(_PNG):
            raise UserError(words)
        picture = Image.open(BytesIO(raw))
        if picture.width * picture.height > 16_000_000:
            raise UserError(words)
        is_blank = picture.convert("RGBA").getchannel("A").getbbox() is None
    except (binascii.Error, ValueError, TypeError, OSError, SyntaxError, Image.DecompressionBombError) as error:
        raise UserError(words) from error
    if is_blank:
        raise UserError(env._("Please sign: draw your signature, or let it be written from your name."))
    return signature


# -------------------------------------------------------------------------
# THE FILE
# -------------------------------------------------------------------------


def _keep_file(plan, evidence):
    """Return the file of the agreement: the signed paper itself, or the text with signature and evidence as a PDF."""
    name, content = evidence.file if evidence.kind == "paper" else _printed(plan)
    return plan.env["ir.attachment"].create(
        {"name": name, "raw": content, "res_model": plan._name, "res_id": plan.id, "type": "binary"}
    )


def _printed(plan):
    """Return (name, bytes) of the agreement as a PDF; where none can be printed, of the same page as HTML.

    An acceptance is never lost because a printer is missing.
    """
    plan = plan.with_context(lang=language_of(plan) or plan.env.lang)
    name = plan.name.replace("/", "-")
    reports = plan.env["ir.actions.report"]
    try:
        with plan.env.cr.savepoint():
            content, kind = reports._render_qweb_pdf(REPORT, plan.ids)
    except Exception:
        _logger.exception("The agreement of plan %s could not be printed: it is kept as HTML", plan.name)
        content, kind = reports._render_qweb_html(REPORT, plan.ids)
    return f"{name}.{kind}", content


# -------------------------------------------------------------------------
# WHAT IT LEAVES BEHIND
# -------------------------------------------------------------------------


def _log_values(plan, evidence):
    # In the language of who reads the log, not of the customer
    env = alerts.speaking_to(plan_alerts.owner_of(plan))
    file_hash = hashlib.sha256(plan.evidence_id.raw or b"").hexdigest()
    notes = [
        env._("SHA-256 of the text: %(hash)s", hash=plan.agreement_hash),
        env._("SHA-256 of the file: %(hash)s", hash=file_hash),
    ]
    if plan.signature:
        notes.append(env._("SHA-256 of the signature: %(hash)s", hash=_signature_hash(plan)))
    if plan.accepted_login:
        notes.append(env._("Logged in as %(login)s", login=plan.accepted_login))
    return {
        "company_id": plan.company_id.id,
        "partner_id": plan.partner_id.id,
        "case_id": plan.case_id.id,
        "contact_id": plan.accepted_contact_id.id,
        "channel": "portal" if evidence.kind != "paper" else "letter",
        "direction": "in",
        "result": "plan_agreed",
        "summary": env._("%(plan)s accepted by %(name)s", plan=plan.name, name=plan.accepted_by),
        "note": "\n".join(notes),
    }


def _signature_hash(plan):
    """Return the SHA-256 of the picture of a signature: of its file, for what is kept need not be what was sent."""
    plan.flush_recordset(["signature"])
    # sudo: whoever may see the plan may have its signature checked
    files = plan.env["ir.attachment"].sudo()
    domain = [("res_model", "=", plan._name), ("res_id", "=", plan.id), ("res_field", "=", "signature")]
    return hashlib.sha256(files.search(domain, limit=1).raw or b"").hexdigest()


def _tell(plan):
    """Tell the responsible of a plan, by Odoo's notification, that it was accepted; who recorded it knows."""
    owner = plan.user_id.partner_id
    words = plan.with_context(lang=plan.user_id.lang).env._(
        "%(name)s has accepted this plan. It is in force.", name=plan.accepted_by
    )
    plan.message_post(
        body=words,
        message_type="notification",
        subtype_xmlid="mail.mt_note",
        partner_ids=owner.ids if plan.signature_kind != "paper" else [],
    )


# -------------------------------------------------------------------------
# CHECKING IT
# -------------------------------------------------------------------------


def is_intact(plan):
    """Return whether the stored text is the one that was hashed."""
    return bool(plan.agreement_hash) and hash_of(plan.agreement or "") == plan.agreement_hash


def doubts(plan):
    """Return what is not as it was when a plan was accepted, in words; an empty list when all is.

    Text, signature and file are compared with the hashes in the log, which the database keeps from being changed.
    """
    plan = plan.sudo()
    env = plan.env
    line = env["recobro.interaction"].search(
        [
            ("result", "=", "plan_agreed"),
            ("partner_id", "=", plan.partner_id.id),
            ("note", "like", plan.agreement_hash),
        ],
        limit=1,
    )
    found = []
    if not is_intact(plan):
        found.append(env._("The text is not the one that was accepted."))
    if not line:
        found.append(env._("The log has no line of this acceptance."))
    content = plan.evidence_id.exists().raw
    if plan.signature_kind != "paper" and _signature_hash(plan) not in (line.note or ""):
        found.append(env._("The signature is not the one that was given."))
    if not content or hashlib.sha256(content).hexdigest() not in (line.note or ""):
        found.append(env._("The file is not the one that was kept."))
    return found
