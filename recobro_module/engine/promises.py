"""To be written."""


def settle(env, company, as_of, partner_ids=None):
    """To be written."""
