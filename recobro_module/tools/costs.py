"""What collecting costs, as METRICS.md defines it; with `receivables.cost_to_collect`."""


def of_time(minutes, hour):
    """Return what some minutes of work cost at the cost of an hour.

    >>> of_time(3600, 30)
    1800.0
    """
    return minutes / 60 * hour


def net_back(collected, fee, costs=0.0):
    """Return what comes back of what an agency collected: agencies are compared by it.

    >>> net_back(20_000, 20_000 * 0.15), net_back(60_000, 60_000 * 0.25)
    (17000.0, 45000.0)
    """
    return collected - fee - costs
