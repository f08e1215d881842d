"""A person who asks by law to be forgotten: what was written of them is blanked, and stays as a fact without a name.

That is the log, what agencies asked and proposed, and what was said of the tone of their lines: where the person was
talked to, and where the words name them.
"""

import re

from odoo.tools import SQL

#: A name that is shorter names too much else.
_SHORTEST_NAME = 3


def erase(env, partner):
    """Blank what is known of a person in words; `env` may write all, the right to erase is the caller's to check.

    :param partner: the contact to forget. A company is nobody, so its name is left where it stands.
    """
    env.flush_all()
    lines = _lines(env, partner)
    _blank_reviews(env, partner, lines)
    _blank_lines(env, lines)
    _blank_questions(env, partner)
    _blank_proposals(env, partner)
    env.invalidate_all()


def _names(partner, *columns):
    """Return the SQL condition that one of some text columns names the person, as a whole word."""
    known = [partner.email_normalized, partner.phone, partner.phone_sanitized]
    if not partner.is_company and len((partner.name or "").strip()) >= _SHORTEST_NAME:
        known.append(partner.name.strip())
    words = "|".join(re.escape(word) for word in known if word)
    if not words:
        return SQL("FALSE")
    pattern = rf"(^|\W)({words})(\W|$)"
    return SQL("concat_ws(E'\\n', %s) ~* %s", SQL(", ").join(columns), pattern)


def _customer(partner):
    return partner.commercial_partner_id.id


def _lines(env, partner):
    """Return the ids of the lines of the log with a person, or that name them."""
    rows = env.execute_query(
        SQL(
            """
            SELECT id FROM recobro_interaction
             WHERE contact_id = %(partner)s OR email IN (%(email)s, %(phone)s)
                OR partner_id = %(customer)s AND %(names)s
            """,
            partner=partner.id,
            email=partner.email_normalized or None,
            phone=partner.phone_sanitized or None,
            customer=_customer(partner),
            names=_names(partner, SQL("summary"), SQL("note"), SQL("next_step")),
        )
    )
    return [line for (line,) in rows]


def _blank_lines(env, lines):
    env.cr.execute("SET LOCAL recobro.door = 'erasure'")
    env.cr.execute(
        SQL(
            """
            UPDATE recobro_interaction
               SET contact_id = NULL, email = NULL, summary = NULL, note = NULL, message_id = NULL,
                   next_step = NULL
             WHERE id = ANY(%s)
            """,
            lines,
        )
    )
    env.cr.execute("SET LOCAL recobro.door = ''")


def _blank_reviews(env, partner, lines):
    """Blank what was said of the tone of some lines, and what names the person elsewhere."""
    env.cr.execute(
        SQL(
            """
            UPDATE recobro_tone_review review SET note = NULL
              FROM recobro_interaction line
             WHERE line.id = review.line_id
               AND (line.id = ANY(%(lines)s) OR line.partner_id = %(customer)s AND %(names)s)
            """,
            lines=lines,
            customer=_customer(partner),
            names=_names(partner, SQL("review.note")),
        )
    )


def _blank_questions(env, partner):
    """Blank what was asked and answered about the customer where it names the person."""
    env.cr.execute(
        SQL(
            """
            UPDATE recobro_placement_question question
               SET question = %(erased)s, answer = CASE WHEN answer IS NOT NULL THEN %(erased)s END
              FROM recobro_placement placement
             WHERE placement.id = question.placement_id AND placement.partner_id = %(customer)s AND %(names)s
            """,
            erased=env._("Erased: a person asked to be forgotten."),
            customer=_customer(partner),
            names=_names(partner, SQL("question.question"), SQL("question.answer")),
        )
    )


def _blank_proposals(env, partner):
    """Blank with whom something was agreed, and what was said of it."""
    env.cr.execute(
        SQL(
            """
            UPDATE recobro_placement_proposal proposal SET contact_id = NULL, note = NULL, reason = NULL
              FROM recobro_placement placement
             WHERE placement.id = proposal.placement_id AND placement.partner_id = %(customer)s
               AND (proposal.contact_id = %(partner)s OR %(names)s)
            """,
            partner=partner.id,
            customer=_customer(partner),
            names=_names(partner, SQL("proposal.note"), SQL("proposal.reason")),
        )
    )
