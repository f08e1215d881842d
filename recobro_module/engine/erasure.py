"""A person who asks by law to be forgotten: what was written of them is blanked, and stays as a fact without a name.

That is the log, what agencies asked and proposed, what was said of the tone of their lines, and what somebody was asked
to do about it: where the person was talked to, and where the words name them.
"""

import re

from markupsafe import Markup

from odoo.tools import SQL, html2plaintext

#: A name that is shorter names too much else.
_SHORTEST_NAME = 3
#: Words of the log that are shorter stand in a request of their own accord too.
_SHORTEST_WORDS = 12
#: So much of the words of the log stands in a request that quotes them.
_QUOTED = 150


def erase(env, partner):
    """Blank what is known of a person in words; `env` may write all, the right to erase is the caller's to check.

    :param partner: the contact to forget. A company is nobody, so its name is left where it stands.
    """
    env.flush_all()
    lines = _lines(env, partner)
    tells = _teller(partner, _words_of(env, lines))
    _blank_requests(env, partner, tells)
    _blank_done(env, partner, tells)
    _blank_reasons(env, partner)
    _blank_reviews(env, partner, lines)
    _blank_lines(env, lines)
    _blank_questions(env, partner)
    _blank_proposals(env, partner)
    env.invalidate_all()


def _pattern(partner):
    """Return the pattern of words that name the person, as whole words; None when nothing is known to name them."""
    known = [partner.email_normalized, partner.phone, partner.phone_sanitized]
    if not partner.is_company and len((partner.name or "").strip()) >= _SHORTEST_NAME:
        known.append(partner.name.strip())
    words = "|".join(re.escape(word) for word in known if word)
    return rf"(^|\W)({words})(\W|$)" if words else None


def _names(partner, *columns):
    """Return the SQL condition that one of some text columns names the person."""
    pattern = _pattern(partner)
    if not pattern:
        return SQL("FALSE")
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


def _words_of(env, lines):
    """Return the words of some lines of the log, as a request that quotes them has them."""
    rows = env.execute_query(
        SQL("SELECT COALESCE(note, summary) FROM recobro_interaction WHERE id = ANY(%s)", lines),
    )
    words = [_plain(text)[:_QUOTED] for (text,) in rows]
    return [text for text in words if len(text) >= _SHORTEST_WORDS]


def _plain(text):
    """Return words without their marks, their case and how they are broken into lines, to find them again."""
    return " ".join((text or "").split()).casefold()


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
            erased=_erased(env),
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


def _blank_reasons(env, partner):
    """Blank why a case was set aside, and the words of an alert of the ledger, where they name the person."""
    for table, column, erased in (
        ("recobro_case", "snooze_reason", None),
        ("recobro_ledger_alert", "words", _erased(env)),
    ):
        env.cr.execute(
            SQL(
                "UPDATE %(table)s SET %(column)s = %(erased)s WHERE partner_id = %(customer)s AND %(names)s",
                table=SQL.identifier(table),
                column=SQL.identifier(column),
                erased=erased,
                customer=_customer(partner),
                names=_names(partner, SQL.identifier(column)),
            )
        )


def _erased(env):
    return env._("Erased: a person asked to be forgotten.")


def _teller(partner, quoted):
    """Return a function that says whether a text names the person or quotes some words that are blanked."""
    pattern = re.compile(_pattern(partner) or r"(?!)", re.IGNORECASE)
    return lambda text: bool(pattern.search(text)) or any(words in _plain(text) for words in quoted)


def _blank_done(env, partner, tells):
    """Blank what Odoo wrote into the conversation of a record when a request was done: it repeats its words."""
    rows = env.execute_query(
        SQL(
            "SELECT id, body FROM mail_message"
            " WHERE mail_activity_type_id IS NOT NULL AND (model, res_id) IN (%s) ORDER BY id",
            _owners(env, partner),
        )
    )
    told = [message for message, body in rows if tells(html2plaintext(body or ""))]
    if told:
        words = Markup("<p>%s</p>") % _erased(env)
        env.cr.execute(SQL("UPDATE mail_message SET body = %s WHERE id = ANY(%s)", words, told))


def _blank_requests(env, partner, tells):
    """Blank the parts of what somebody is or was asked to do that name the person or quote words that are blanked.

    Of each request only such parts: one to speak with an agency tells of other customers too.
    """
    for activity, note, summary, feedback in env.execute_query(_requests(env, partner)):
        parts = re.split(r"(?=<p\b)", note or "")
        told = [tells(html2plaintext(part)) for part in parts]
        values = {
            "note": "".join(
                Markup("<p>%s</p>") % _erased(env) if is_told else part
                for part, is_told in zip(parts, told, strict=True)
            ),
            "summary": None if tells(summary or "") else summary,
            "feedback": None if tells(feedback or "") else feedback,
        }
        if values != {"note": note or "", "summary": summary, "feedback": feedback}:
            env.cr.execute(
                SQL(
                    "UPDATE mail_activity SET note = %(note)s, summary = %(summary)s, feedback = %(feedback)s"
                    " WHERE id = %(activity)s",
                    activity=activity,
                    **values,
                )
            )


def _requests(env, partner):
    """SELECT (id, note, summary, feedback): the activities, done ones too, on a customer's records and its agencies."""
    return SQL(
        """
        SELECT id, note, summary, feedback FROM mail_activity
         WHERE (res_model, res_id) IN (%s)
         ORDER BY id
        """,
        _owners(env, partner),
    )


def _owners(env, partner):
    """SELECT (res_model, res_id): a customer's records that ask somebody something, and its agencies."""
    owners = [
        SQL("SELECT %s AS res_model, id AS res_id FROM %s WHERE partner_id = %s", name, table, _customer(partner))
        for name, table in _models(env)
    ]
    owners.append(
        SQL("SELECT 'recobro.agency', agency_id FROM recobro_placement WHERE partner_id = %s", _customer(partner))
    )
    return SQL(" UNION ").join(owners)


def _models(env):
    """Yield (name, SQL of its table) of our models whose records are of a customer and may ask somebody something."""
    for name in sorted(env.registry):
        model = env[name]
        is_ours = name.startswith("recobro.") and model._auto and not model._abstract
        customer = model._fields.get("partner_id")
        if is_ours and customer and customer.store and "activity_ids" in model._fields:
            yield name, SQL.identifier(model._table)
