"""Usual milestones are known by their code: those of legal files of before get theirs, by what they are called.

Without one the plan of a file would have each of them a second time.
"""

from odoo import SUPERUSER_ID, api

from odoo.addons.recobro_module.engine.placements import legal_file


def migrate(cr, version):
    """Give milestones that are called as a usual one, in a language of the database, its code: the first in a file."""
    if not version:
        return
    env = api.Environment(cr, SUPERUSER_ID, {})
    milestones = env["recobro.legal.milestone"]
    codes = _codes(env)
    known = {(one.placement_id.id, one.code) for one in milestones.search([("code", "!=", False)])}
    unnamed = [("code", "=", False), ("name", "in", list(codes))]
    # What the plan has added stands before what a person has
    for milestone in milestones.search(unnamed, order="placement_id, sequence, id"):
        key = (milestone.placement_id.id, codes[milestone.name])
        if key not in known:
            known.add(key)
            milestone.code = codes[milestone.name]


def _codes(env):
    """Return {name: code} of all usual milestones in each language that is installed."""
    procedures = [name for name, _label in env["recobro.placement"]._fields["procedure"].selection]
    languages = [env(context={"lang": code}) for code, _name in env["res.lang"].get_installed()]
    return {
        name: code
        for speaking in languages
        for procedure in procedures
        for code, name, _days, _kind in legal_file.usual(speaking, procedure)
    }
