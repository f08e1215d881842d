"""Who is written to: the contacts that hold the first role present, then the invoice address, then the company.

After them, the only other address there is, when there is just one: a customer whose single address
is on a contact without a role is not unreachable. An address is left out when Odoo's mail blacklist has it, or
when a message to it came back and nobody has confirmed it since.
"""

from odoo.tools import SQL

_INVOICE_ADDRESS = 100_000
_COMPANY = 200_000
_ONLY_OTHER = 300_000

#: SELECT (email) of the addresses a message came back from, which nobody has confirmed since.
_UNDELIVERABLE = SQL(
    """
    SELECT email FROM (
        SELECT DISTINCT ON (email) email, result
          FROM recobro_interaction
         WHERE email IS NOT NULL AND result IN ('bounced', 'failed', 'confirmed')
         ORDER BY email, id DESC
    ) last WHERE result IN ('bounced', 'failed')
    """
)
#: Condition on `person`, a row of res_partner.
_NOT_BLACKLISTED = SQL(
    "NOT EXISTS (SELECT FROM mail_blacklist blocked WHERE blocked.active AND blocked.email = person.email_normalized)"
)


def query(source):
    """Return the SELECT (partner_id, kind, contact_ids) of the best recipients for each row of `source`.

    :param source: SQL of a relation with `partner_id` (a commercial entity), `kind`, `level_id` and `channel`.
        A row for which nobody can be reached is absent from the answer.
    """
    return SQL(
        """
        WITH wanted AS (SELECT partner_id, kind, level_id, channel FROM %(source)s asked),
        ordered_role AS (
            SELECT level_id, role_id, ROW_NUMBER() OVER (PARTITION BY level_id ORDER BY sequence, id) AS rank
              FROM recobro_level_role
        ),
        undeliverable AS (%(undeliverable)s),
        contact AS (
            SELECT person.id, person.commercial_partner_id, person.type,
                   COALESCE(person.phone, '') != '' AS has_phone,
                   person.email_normalized IS NOT NULL
                       AND undeliverable.email IS NULL
                       AND %(not_blacklisted)s AS has_email
              FROM res_partner person
              LEFT JOIN undeliverable ON undeliverable.email = person.email_normalized
             WHERE person.active AND person.commercial_partner_id IN (SELECT partner_id FROM wanted)
        ),
        candidate AS (
            SELECT wanted.partner_id, wanted.kind, contact.id, contact.has_email, wanted.channel, ordered_role.rank
              FROM wanted
              JOIN ordered_role ON ordered_role.level_id = wanted.level_id
              JOIN recobro_contact_role_res_partner_rel held ON held.role_id = ordered_role.role_id
              JOIN contact ON contact.id = held.partner_id AND contact.commercial_partner_id = wanted.partner_id
            UNION ALL
            SELECT wanted.partner_id, wanted.kind, contact.id, contact.has_email, wanted.channel,
                   CASE WHEN contact.id = wanted.partner_id THEN %(company)s
                        WHEN contact.type = 'invoice' THEN %(invoice)s
                        ELSE %(other)s END
              FROM wanted
              JOIN contact ON contact.commercial_partner_id = wanted.partner_id
        ),
        usable AS (
            SELECT candidate.*,
                   RANK() OVER (PARTITION BY partner_id, kind ORDER BY rank) AS place,
                   COUNT(*) OVER (PARTITION BY partner_id, kind, rank) AS peers
              FROM candidate
             WHERE has_email OR channel = 'call'
        )
        SELECT partner_id, kind, array_agg(DISTINCT id) AS contact_ids
          FROM usable
         WHERE place = 1 AND (rank < %(other)s OR peers = 1)
         GROUP BY partner_id, kind
        """,
        source=source,
        undeliverable=_UNDELIVERABLE,
        not_blacklisted=_NOT_BLACKLISTED,
        invoice=_INVOICE_ADDRESS,
        company=_COMPANY,
        other=_ONLY_OTHER,
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
    return {(partner, kind): ids for partner, kind, ids in env.execute_query(query(source))}


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
