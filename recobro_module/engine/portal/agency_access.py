"""Who is at the door of the agency's portal: a person of an agency or a lawyer, and the cases that are with it now.

The one place where that is decided. Portal users have no right on any of our models: everything they see is read in
sudo, limited here to placements that are with an agency whose partner is their own company. Asked anew by each request,
so a case that was recalled is gone at once.
"""

from dataclasses import dataclass

from odoo import SUPERUSER_ID
from odoo.tools import SQL

from .. import clock

#: Ended cases that are listed, the last ones.
_MOST_ENDED = 30
#: The largest id that there can be.
_LARGEST_ID = 2**31 - 1
#: States of a placement that was with the agency and is not any more.
_ENDED = ("finished", "returned", "recalled")


@dataclass(frozen=True)
class AgencyAccess:
    """A person of an agency, and the agencies they stand for: one for each company that works with theirs.

    The records are in sudo, as OdooBot, in the language of the request: limited to what is theirs.
    """

    user: object
    agencies: object

    @property
    def env(self):
        """Return the environment of its records."""
        return self.agencies.env

    @property
    def contact(self):
        """Return the partner of the person, by whom requests are counted."""
        return self.user.partner_id

    def placements(self):
        """Return the placements that are with the agencies now, those of a company together, the most urgent first."""
        found = self.env["recobro.placement"].search(self._mine() + [("state", "=", "placed")])
        return found.sorted(lambda one: (one.company_id.name, one.until or one.placed_on, one.id))

    def placement_count(self):
        """Return how many placements are with the agencies now."""
        return self.env["recobro.placement"].search_count([*self._mine(), ("state", "=", "placed")])

    def ended(self):
        """Return the last placements that were with the agencies: what is shown of them is number, days and money."""
        domain = [*self._mine(), ("state", "in", _ENDED), ("placed_on", "!=", False)]
        return self.env["recobro.placement"].search(domain, order="ended_on DESC, id DESC", limit=_MOST_ENDED)

    def placement(self, placement_id, lock=False):
        """Return the placement with an id when it is with one of the agencies now; empty otherwise, whatever it is.

        :param lock: whether something will be written: of who writes and who recalls it at the same moment, the later
            one begins anew, and finds what the other did.
        """
        found = self.env["recobro.placement"]
        if not 0 < placement_id <= _LARGEST_ID:
            return found
        found = found.search([*self._mine(), ("id", "=", placement_id), ("state", "=", "placed")])
        if lock and found:
            # Written, not only locked: who waits for a lock goes on with what they had read before (see `turns`)
            found.env.cr.execute(SQL("UPDATE recobro_placement SET state = state WHERE id = %s", found.id))
        # What belongs to its company is found as this company finds it
        return found.with_context(allowed_company_ids=found.company_id.ids) if found else found

    def today(self, placement):
        """Return the day it is for the company whose case it is."""
        return clock.today(self.env, placement.company_id)

    def _mine(self):
        return [("agency_id", "in", self.agencies.ids)]


def open_agency(env):
    """Return the `AgencyAccess` of who is logged in; None when they are nobody of an agency. Writes nothing.

    A colleague of ours is none, whoever their company is: they have the placements themselves.
    """
    user = env.user
    if not user._is_portal():
        return None
    # sudo: a portal user reads nothing of ours; what opens their agencies is whose person they are. As OdooBot: what
    # follows from what they write is the company's, and names them
    lang = env.lang or user.lang
    env = env(user=SUPERUSER_ID, su=True, context={**env.context, "lang": lang, "allowed_company_ids": []})
    user = user.with_env(env)
    theirs = user.partner_id | user.partner_id.commercial_partner_id
    agencies = env["recobro.agency"].search([("partner_id", "in", theirs.ids)])
    return AgencyAccess(user, agencies) if agencies else None
