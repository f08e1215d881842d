"""The link in a message: it opens one customer's account in one company, for one person, until a day.

It is signed, not stored, so making it writes nothing (DESIGN.md, rule 12). A counter on the customer is
part of what is signed: raising it revokes every link made before.
"""

from datetime import timedelta

from odoo.tools import hash_sign, verify_hash_signed

#: Keeps these signatures apart from any other that Odoo makes with the same secret.
_SCOPE = "recobro-account"
#: How long a link opens the account.
VALID_FOR = timedelta(days=60)
#: No link of ours is longer; what is longer is not even decoded.
_MAX_LENGTH = 500


def make_token(company, partner, contact):
    """Return the signed text that lets `contact` see the account of `partner` in `company`."""
    values = [company.id, partner.id, contact.id, partner.sudo().recobro_link_counter]
    # sudo: the signature needs the database's secret, which no user may read
    return hash_sign(company.sudo().env, _SCOPE, values, expiration=VALID_FOR)


def make_path(company, partner, contact):
    """Return the path of the page that shows the account of `partner` in `company` to `contact`."""
    return f"/my/collections/{make_token(company, partner, contact)}"


def make_url(company, partner, contact):
    """Return the whole address of that page."""
    return company.get_base_url() + make_path(company, partner, contact)


def read_token(env, token):
    """Return (company, partner, contact) in sudo, or None when the link is altered, expired or revoked.

    A contact who was archived or moved to another customer loses the link too.
    """
    values = _verified(env, token)
    if values is None:
        return None
    company_id, partner_id, contact_id, counter = values
    # sudo: a visitor has no rights; what opens these three records is the signature over their ids
    env = env(su=True)
    company = env["res.company"].browse(company_id).exists()
    partner = env["res.partner"].browse(partner_id).exists()
    contact = env["res.partner"].browse(contact_id).exists()
    if not (company and partner and contact and contact.active):
        return None
    if contact.commercial_partner_id != partner or partner.recobro_link_counter != counter:
        return None
    return company, partner, contact


def _verified(env, token):
    """Return the values signed in `token`, or None."""
    if len(token) > _MAX_LENGTH:
        return None
    try:
        # sudo: the signature needs the database's secret, which no user may read
        return verify_hash_signed(env(su=True), _SCOPE, token)
    except ValueError:  # not base64, not text, not JSON, another version
        return None
