"""The key figures of the ledger that a replay reports for its last day."""


def figures(env, day):
    """Return the figures of the company at the end of a day, by name; those without a denominator are None."""
    from odoo.addons.recobro_module.engine.figures import backtest, control, promises_kept

    company = env.company.root_id
    found = control.figures(env, company, day)
    kept = promises_kept.shares(env, company, day)
    return {
        "dso_countback": _rounded(found.countback and found.countback.days),
        "best_possible_dso": _rounded(found.best_possible and found.best_possible.days),
        "add": _rounded(found.days_delinquent),
        "cei": _rounded(found.effectiveness),
        "weighted_days_late": _rounded(found.days_late),
        "promises_kept": {by: _rounded(share, 4) for by, share in kept.items()},
        "roll_rates": [_rounded(rate, 4) for rate in found.roll_rates],
        "backtest": _shares(backtest.backtest(env, company, day)),
    }


def _shares(judged):
    """Return what the report says of a back-test: nothing is known without history enough."""
    judged = judged or {"brier": None, "brier_naive": None, "n": 0}
    return {
        "brier": _rounded(judged["brier"], 4),
        "brier_naive": _rounded(judged["brier_naive"], 4),
        "n": judged["n"],
    }


def _rounded(figure, digits=2):
    return None if figure is None else round(figure, digits)
