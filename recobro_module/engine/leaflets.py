"""The leaflet that goes with the first message a customer ever gets: how to pay, what it gains, what follows if not."""

from odoo.tools import SQL


def accompany(mails):
    """Attach the leaflet of its policy to each e-mail that is the first to its customer.

    :param mails: {`recobro.action`: its `mail.mail`} of one company, in sudo. Where no policy has a leaflet, nothing is
        asked of the database.
    """
    telling = [action for action in mails if action.policy_id.sends_leaflet]
    if not telling:
        return
    known = _written_to_before(telling)
    for action in telling:
        leaflet = action.partner_id.id not in known and _leaflet_for(action)
        if leaflet:
            mails[action].attachment_ids |= leaflet.attachment_id


def _written_to_before(actions):
    """Return the ids of the customers of some actions that got an e-mail before, or have another one on its way."""
    env = actions[0].env
    env["recobro.action"].flush_model()
    rows = env.execute_query(
        SQL(
            """
            SELECT DISTINCT partner_id FROM recobro_action
             WHERE company_id = %(company)s AND partner_id = ANY(%(customers)s) AND channel = 'email'
               AND state IN ('sending', 'done') AND id != ALL(%(own)s)
            """,
            company=actions[0].company_id.id,
            customers=[action.partner_id.id for action in actions],
            own=[action.id for action in actions],
        )
    )
    return {partner for (partner,) in rows}


def _leaflet_for(action):
    """Return the leaflet in the reader's language: that of the country, of the language, of the company, or any."""
    # sudo: whoever sends, the file is the company's, and was chosen by who may change the policy
    leaflets = action.sudo().policy_id.leaflet_ids.filtered(
        lambda leaflet: leaflet.attachment_id and leaflet.company_id.id in (False, action.company_id.id)
    )
    wanted = action.contact_id.lang or ""
    own = action.company_id.partner_id.lang or ""
    for is_right in (
        lambda leaflet: leaflet.lang == wanted,
        lambda leaflet: wanted and leaflet.lang.split("_")[0] == wanted.split("_")[0],
        lambda leaflet: leaflet.lang == own,
    ):
        if found := leaflets.filtered(is_right):
            return found[0]
    return leaflets[:1]
