"""Which channel a contact is reached by: what they prefer, what the level says, what has worked.

What goes out by itself may go by e-mail or SMS, what a person does may be a call or a WhatsApp: within these the
contact's preference comes before the level's channel, and e-mail and SMS stand in for each other where only one of them
can reach the contact. An SMS needs a text of its level, so none goes out that nobody has thought of. A letter and a
suspension are what the level says, and so is everything of a level that insists (`keeps_channel`).
"""

from odoo.tools import SQL

#: Channels tried in this order when nothing has worked yet.
USUAL = ("email", "sms", "call")
#: Channels that a fallback may use, and those of them that cost nobody's time.
POSSIBLE = ("email", "sms", "call", "whatsapp")
BY_THEMSELVES = ("email", "sms")

#: Results of the log by which a channel works for a contact, and by which it doesn't any more.
_WORKED = ("sent", "delivered", "answered", "replied", "promised", "confirmed")
_BROKEN = ("failed", "bounced", "wrong_number", "opted_out")

#: SQL of the channel for a row of `wanted` (a level's channel, and what the level can) and `contact`.
BEST = SQL(
    """
    CASE WHEN wanted.keeps_channel THEN wanted.channel
         WHEN wanted.channel IN ('email', 'sms') THEN
             CASE WHEN contact.preference = 'sms' AND wanted.can_sms AND contact.has_number THEN 'sms'
                  WHEN contact.preference = 'email' AND wanted.can_email AND contact.has_email THEN 'email'
                  WHEN wanted.channel = 'email' AND NOT contact.has_email AND wanted.can_sms AND contact.has_number
                      THEN 'sms'
                  WHEN wanted.channel = 'sms' AND NOT contact.has_number AND wanted.can_email AND contact.has_email
                      THEN 'email'
                  ELSE wanted.channel END
         WHEN wanted.channel IN ('call', 'whatsapp') THEN
             CASE WHEN contact.preference = 'whatsapp' AND contact.has_number THEN 'whatsapp'
                  WHEN contact.preference = 'call' AND contact.has_phone THEN 'call'
                  ELSE wanted.channel END
         ELSE wanted.channel END
    """
)
#: SQL of the channel that was decided on before.
AS_DECIDED = SQL("wanted.channel")


def next_channels(action, by_itself=False):
    """Return the channels to try after `action` has failed: those that last worked for its contact come first.

    :param by_itself: whether to leave out what a person would have to do.
    """
    level = action.level_id
    allowed = BY_THEMSELVES if by_itself else POSSIBLE
    texts = {"email": level.template_id, "sms": level.sms_template_id}
    order = dict.fromkeys((*_worked(action), *USUAL))
    return [channel for channel in order if channel in allowed and texts.get(channel, True)]


def _worked(action):
    """Return the channels by which the contact of `action` was reached and that haven't failed since, newest first."""
    env = action.env
    env["recobro.interaction"].flush_model()
    rows = env.execute_query(
        SQL(
            """
            SELECT channel FROM (
                SELECT DISTINCT ON (channel) channel, result, id
                  FROM recobro_interaction
                 WHERE company_id = %(company)s AND partner_id = %(partner)s AND contact_id = %(contact)s
                   AND result IN %(told)s
                 ORDER BY channel, id DESC
            ) last WHERE result IN %(worked)s ORDER BY id DESC
            """,
            company=action.company_id.id,
            partner=action.partner_id.id,
            contact=action.contact_id.id or None,
            told=_WORKED + _BROKEN,
            worked=_WORKED,
        )
    )
    return [channel for (channel,) in rows]
