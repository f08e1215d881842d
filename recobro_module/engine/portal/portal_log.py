"""What the log says of a visitor who only looks: a visit a day, and each download. Neither is a contact or answer."""

from odoo.tools import SQL, hmac

from .. import alerts
from . import portal_account

_SCOPE = "recobro-portal-visit"


def visited(access):
    """Leave the line of today's first visit of the contact; return whether it was the first."""
    # sudo: the secret of the database keeps the names of counters from being told apart
    name = hmac(access.env, _SCOPE, f"{access.company.id} {access.partner.id} {access.contact.id}")[:32]
    # Two pages opened at once: the key lets one of them in, and the other one finds it there
    access.env.cr.execute(
        SQL(
            "INSERT INTO recobro_portal_counter (name, number, asked, until)"
            " VALUES (%s, %s, 1, CURRENT_TIMESTAMP AT TIME ZONE 'UTC' + INTERVAL '2 days')"
            " ON CONFLICT (name, number) DO NOTHING RETURNING id",
            name,
            access.today.toordinal(),
        )
    )
    is_first = bool(access.env.cr.fetchone())
    if is_first:
        _log(access, "visited", lambda env: env._("Looked at the account in the portal"))
    return is_first


def downloaded(access, what):
    """Leave the line of a download.

    :param what: its words, such as the name of the file.
    """
    _log(access, "downloaded", lambda env: env._("Downloaded %(what)s", what=what))


def _log(access, result, summary):
    """Leave a line.

    :param summary: function of an environment in the language of who reads the log.
    """
    owner = portal_account.owner_of(access)
    access.env["recobro.interaction"]._log(
        [
            {
                "company_id": access.company.id,
                "partner_id": access.partner.id,
                "case_id": portal_account.open_case(access).id,
                "contact_id": access.contact.id,
                "channel": "portal",
                "direction": "in",
                "result": result,
                "summary": summary(alerts.speaking_to(owner)),
                "user_id": owner.id,
            }
        ]
    )
