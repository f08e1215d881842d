"""Who is written to: the contacts that hold the first role present, then the invoice address, then the company.

After them, the only other address there is, when there is just one: a customer whose single address
is on a contact without a role is not unreachable. An address is left out when Odoo's blacklist has it (that of e-mails,
that of telephone numbers), or when a message to it came back and nobody has confirmed it since.

By which channel, see `channels/choice.py`.
"""

from odoo.tools import SQL

from .channels import choice

_INVOICE_ADDRESS = 100_000
_COMPANY = 200_000
_ONLY_OTHER = 300_000

#: SELECT (email) of the addresses and numbers a message came back from, which nobody has confirmed since.
_UNDELIVERABLE = SQL(
    """
    SELECT email FROM (
        SELECT DISTINCT ON (email) email, result
          FROM recobro_interaction
         WHERE email IS NOT NULL AND result IN ('bounced', 'failed', 'wrong_number', 'confirmed')
         ORDER BY email, id DESC
    ) last WHERE result != 'confirmed'
    """
)
#: Conditions on `person`, a row of res_partner.
_NOT_BLACKLISTED = SQL(
    "NOT EXISTS (SELECT FROM mail_blacklist blocked WHERE blocked.active AND blocked.email = person.email_normalized)"
)
_NUMBER_NOT_BLACKLISTED = SQL(
    "NOT EXISTS (SELECT FROM phone_blacklist blocked WHERE blocked.active AND blocked.number = person.phone_sanitized)"
)
#: Whether the contact of a row `candidate` can be reached by its channel: some need an address that can be used.
_CAN_BE_REACHED = SQL(
    """
    CASE WHEN channel IN ('email', 'suspension') THEN has_email
         WHEN channel IN ('sms', 'whatsapp') THEN has_number
         ELSE TRUE END
    """
)


def query(source, best=False):
    """Return the SELECT (partner_id, kind, contact_ids, channel) of the best recipients for each row of `source`.

    :param source: SQL of a relation with `partner_id` (a commercial entity), `kind`, `level_id` and `channel`.
        A row for which nobody can be reached is absent from the answer.
    :param best: whether each contact may be reached by another channel than the row's, see `choice.BEST`; recipients
        of one message are those of the channel that is best for the first of them.
    """
    return SQL(
        """
        WITH wanted AS (%(wanted)s),
        ordered_role AS (
            SELECT level_id, role_id, ROW_NUMBER() OVER (PARTITION BY level_id ORDER BY sequence, id) AS rank
              FROM recobro_level_role
        ),
        undeliverable AS (%(undeliverable)s),
        contact AS (%(contacts)s),
        candidate AS (%(candidates)s),
        usable AS (
            SELECT candidate.*,
                   RANK() OVER (PARTITION BY partner_id, kind ORDER BY rank, is_makeshift) AS place,
                   COUNT(*) OVER (PARTITION BY partner_id, kind, rank, is_makeshift) AS peers,
                   FIRST_VALUE(channel) OVER (PARTITION BY partner_id, kind ORDER BY rank, is_makeshift, id)
                       AS first_channel
              FROM candidate
             WHERE %(can_be_reached)s
        )
        SELECT partner_id, kind, array_agg(DISTINCT id) AS contact_ids, first_channel AS channel
          FROM usable
         WHERE place = 1 AND (rank < %(other)s OR peers = 1) AND channel = first_channel
         GROUP BY partner_id, kind, first_channel
        """,
        wanted=_wanted(source),
        undeliverable=_UNDELIVERABLE,
        contacts=_contacts(),
        candidates=_candidates(choice.BEST if best else choice.AS_DECIDED),
        can_be_reached=_CAN_BE_REACHED,
        other=_ONLY_OTHER,
    )


def _candidates(channel):
    """Return the SELECT of each `contact` for each row of `wanted`, with its rank and by which channel it would be.

    Who would be reached by a channel that neither the level nor they chose comes after the others of the same rank.

    :param channel: SQL of the channel, of the rows `wanted` and `contact`.
    """
    return SQL(
        """
        SELECT found.*, channel != level_channel AND channel IS DISTINCT FROM preference AS is_makeshift FROM (
        SELECT wanted.partner_id, wanted.kind, wanted.channel AS level_channel, contact.id, contact.preference,
               contact.has_email, contact.has_number, %(channel)s AS channel, ordered_role.rank
          FROM wanted
          JOIN ordered_role ON ordered_role.level_id = wanted.level_id
          JOIN recobro_contact_role_res_partner_rel held ON held.role_id = ordered_role.role_id
          JOIN contact ON contact.id = held.partner_id AND contact.commercial_partner_id = wanted.partner_id
         UNION ALL
        SELECT wanted.partner_id, wanted.kind, wanted.channel, contact.id, contact.preference,
               contact.has_email, contact.has_number, %(channel)s,
               CASE WHEN contact.id = wanted.partner_id THEN %(company)s
                    WHEN contact.type = 'invoice' THEN %(invoice)s
                    ELSE %(other)s END
          FROM wanted
          JOIN contact ON contact.commercial_partner_id = wanted.partner_id
        ) found
        """,
        channel=channel,
        invoice=_INVOICE_ADDRESS,
        company=_COMPANY,
        other=_ONLY_OTHER,
    )


def _wanted(source):
    """Return the SELECT of the rows of `source` with what their level can say, and whether it keeps its channel."""
    return SQL(
        """
        SELECT asked.partner_id, asked.kind, asked.level_id, asked.channel,
               level.template_id IS NOT NULL AS can_email,
               level.sms_template_id IS NOT NULL AS can_sms,
               COALESCE(level.keeps_channel, FALSE) AS keeps_channel
          FROM %s asked
          LEFT JOIN recobro_level level ON level.id = asked.level_id
        """,
        source,
    )


def _contacts():
    """Return the SELECT of the people of the customers in `wanted`, with the addresses of theirs that can be used."""
    return SQL(
        """
        SELECT person.id, person.commercial_partner_id, person.type, person.recobro_channel AS preference,
               COALESCE(person.phone, '') != '' AS has_phone,
               person.email_normalized IS NOT NULL AND wrong_email.email IS NULL AND %(not_blacklisted)s AS has_email,
               person.phone_sanitized IS NOT NULL AND wrong_number.email IS NULL
                   AND %(number_not_blacklisted)s AS has_number
          FROM res_partner person
          LEFT JOIN undeliverable wrong_email ON wrong_email.email = person.email_normalized
          LEFT JOIN undeliverable wrong_number ON wrong_number.email = person.phone_sanitized
         WHERE person.active AND person.commercial_partner_id IN (SELECT partner_id FROM wanted)
        """,
        not_blacklisted=_NOT_BLACKLISTED,
        number_not_blacklisted=_NUMBER_NOT_BLACKLISTED,
    )


def resolve(env, asked):
    """Return {(partner id, kind): contact ids} for some deliveries; nobody reachable: no key.

    :param asked: list of (partner id, kind, level id or None, channel).
    """
    if not asked:
        return {}
    source = SQL(
        "(SELECT * FROM unnest(%s::int[], %s::text[], %s::int[], %s::text[]) t(partner_id, kind, level_id, channel))",
        *[list(column) for column in zip(*asked, strict=True)],
    )
    return {(partner, kind): ids for partner, kind, ids, _channel in env.execute_query(query(source))}


def undeliverable(env, addresses):
    """Return the set of those of some addresses and numbers that are not used: a message to them came back."""
    env["recobro.interaction"].flush_model()
    wanted = [address for address in addresses if address]
    rows = env.execute_query(SQL("SELECT email FROM (%s) wrong WHERE email = ANY(%s)", _UNDELIVERABLE, wanted))
    return {address for (address,) in rows}


def with_usable_address(contacts):
    """Return those of some contacts who have an e-mail address that can be used."""
    env = contacts.env
    for model in ("res.partner", "mail.blacklist", "recobro.interaction"):
        env[model].flush_model()
    rows = env.execute_query(
        SQL(
            """
            SELECT person.id
              FROM res_partner person
             WHERE person.id = ANY(%(contacts)s) AND person.active AND person.email_normalized IS NOT NULL
                   AND person.email_normalized NOT IN (%(undeliverable)s) AND %(not_blacklisted)s
            """,
            contacts=contacts.ids,
            undeliverable=_UNDELIVERABLE,
            not_blacklisted=_NOT_BLACKLISTED,
        )
    )
    return contacts.browse([contact for (contact,) in rows])
