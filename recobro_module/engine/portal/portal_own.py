"""The accounts of somebody who is logged in: one for each company that their own company owes to, each with its link.

Of their commercial entity alone: a contact of a subsidiary that is an entity of its own sees the subsidiary's.
"""

from dataclasses import dataclass

from odoo.fields import Domain
from odoo.tools import format_amount

from .. import clock, link
from ..statement import statements


@dataclass(frozen=True)
class Account:
    """One account in a list: whose company, where it opens, and how it stands, in words."""

    company: object
    path: str
    balances: list
    overdue: list


def accounts(contact):
    """Return the `Account`s that a contact stands for, by company."""
    # sudo: a portal user reads nothing of these models; only their own entity's accounts are looked up
    contact = contact.sudo()
    partner = contact.commercial_partner_id
    return [_account(contact, partner, company) for company in _companies(partner)]


def count_open(contact):
    """Return how many items are open in all accounts of a contact."""
    contact = contact.sudo()  # sudo: as `accounts`
    return contact.env["account.move.line"].search_count(_open_lines(contact.commercial_partner_id))


def _companies(partner):
    """Return the main companies with something open of a customer, or an answer of theirs to follow."""
    env = partner.env
    groups = env["account.move.line"]._read_group(_open_lines(partner), ["company_id"])
    companies = env["res.company"].union(*(company.root_id for [company] in groups))
    cases = env["recobro.case"].search([("partner_id", "=", partner.id)])
    return (companies | cases.company_id).sorted("name")


def _open_lines(partner):
    return (
        Domain("account_type", "=", "asset_receivable")
        & Domain("parent_state", "=", "posted")
        & Domain("reconciled", "=", False)
        & Domain("balance", ">", 0)
        & Domain("no_followup", "=", False)
        & Domain("partner_id.commercial_partner_id", "=", partner.id)
    )


def _account(contact, partner, company):
    env = company.env
    statement = statements(env, company, clock.today(env, company), {partner.id: set()})[partner.id]
    return Account(
        company=company,
        path=link.make_path(company, partner, contact),
        balances=[format_amount(env, table.chased, table.currency) for table in statement.tables if table.lines],
        overdue=[format_amount(env, table.overdue, table.currency) for table in statement.tables if table.overdue],
    )
