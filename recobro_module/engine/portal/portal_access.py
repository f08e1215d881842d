"""Who is at the door of the portal: what a signed link opens, and what its contact may do there.

All authority is the token's (`engine/link.py`): a company, a customer, a contact. Whoever is logged in gets a token for
themselves. So one set of routes, and one set of checks, serves the mail and the portal alike.
"""

from dataclasses import dataclass, field

from odoo import SUPERUSER_ID

from .. import clock, link

#: What a role of a contact may say, and the right that it gives.
_RIGHTS = {"may_dispute": "dispute", "may_promise": "promise", "may_accept_plan": "accept_plan"}
#: What a contact without any role may do: nobody has said what they decide, and both are looked at by a person.
_RIGHTS_WITHOUT_ROLE = frozenset({"dispute", "promise"})


@dataclass(frozen=True)
class Access:
    """What a link has opened. Its records are in sudo, as OdooBot: limited to what was signed, not by who visits.

    :param rights: of "dispute", "promise" (asking for a plan is one too) and "accept_plan". Seeing and paying is free.
    """

    company: object
    partner: object
    contact: object
    token: str = field(repr=False)
    rights: frozenset = frozenset()

    @property
    def env(self):
        """Return the environment of its records: in sudo, as OdooBot, in the company that was signed."""
        return self.company.env

    @property
    def today(self):
        """Return the day it is for the company."""
        return clock.today(self.env, self.company)

    def may(self, right):
        """Return whether the contact may "dispute", "promise" or "accept_plan"."""
        return right in self.rights

    def path(self, *parts):
        """Return the address of a page of this account: `access.path("dispute", 3)`."""
        return "/".join(["/my/collections", self.token, *map(str, parts)])

    def speaking(self, lang):
        """Return the same access with its records in a language."""
        env = self.env(context={**self.env.context, "lang": lang})
        records = (record.with_env(env) for record in (self.company, self.partner, self.contact))
        return Access(*records, self.token, self.rights)


def open_access(env, token):
    """Return what a token opens, or None when it is altered, expired or revoked. Writes nothing."""
    opened = link.read_token(env, token)
    if opened is None:
        return None
    company = opened[0]
    # sudo: a visitor has no rights; what opens these three records is the signature over their ids. As OdooBot,
    # whoever is logged in: what a visitor does here is done by the link's contact, never by a colleague who opened it
    env = env(user=SUPERUSER_ID, su=True, context={**env.context, "allowed_company_ids": company.ids})
    company, partner, contact = (record.with_env(env) for record in opened)
    return Access(company, partner, contact, token, rights_of(contact))


def rights_of(contact):
    """Return what the roles of a contact (in sudo), taken together, may do."""
    roles = contact.recobro_role_ids
    if not roles:
        return _RIGHTS_WITHOUT_ROLE
    return frozenset(right for name, right in _RIGHTS.items() if any(roles.mapped(name)))
