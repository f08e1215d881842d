"""What a payment plan would be, for the dialog that makes it: its payments, beside what the customer pays."""

#: Payments a month, by rhythm.
_A_MONTH = {"weekly": 52 / 12, "fortnightly": 26 / 12, "monthly": 1}
#: Up to which share of what the customer paid a month a plan is no strain, and from which on it is one.
_EASY, _HARD = 0.5, 1.0


def render(dialog, instalments, reasons, as_of):
    """Return the HTML beside the terms: what stands in the way, what the customer can pay, and the schedule.

    :param dialog: a `recobro.payment.plan.make`.
    :param instalments: list of `tools.instalments.Instalment`.
    :param reasons: why the manager must decide, in words.
    """
    return dialog.env["ir.qweb"]._render(
        "recobro_module.plan_preview",
        {
            "env": dialog.env,
            "dialog": dialog,
            "reasons": reasons,
            "rows": _rows(dialog, instalments),
            "total": sum(instalment.amount for instalment in instalments),
            **_strain(dialog, instalments, as_of),
        },
    )


def _rows(dialog, instalments):
    """Return the schedule as dicts: number, day, amount, what is left after it, and whether it is the down payment."""
    left = sum(instalment.amount for instalment in instalments)
    rows = []
    for number, instalment in enumerate(instalments, 1):
        left = dialog.currency_id.round(left - instalment.amount)
        is_down_payment = number == 1 and bool(dialog.down_payment)
        rows.append({"number": number, "left": left, "is_down_payment": is_down_payment, **instalment._asdict()})
    return rows


def _strain(dialog, instalments, as_of):
    """Return what the plan asks for a month, in company currency, and its percentage of what the customer paid."""
    equal = instalments[1:] if dialog.down_payment and len(instalments) > 1 else instalments
    # sudo: the currency of a company is no secret of it
    company = dialog.company_id.sudo()
    largest = max((instalment.amount for instalment in equal), default=0.0) * _A_MONTH[dialog.rhythm or "monthly"]
    monthly = dialog.currency_id._convert(largest, company.currency_id, company, as_of)
    share = monthly / dialog.capacity if dialog.capacity else None
    level = "danger" if share is None or share > _HARD else "success" if share <= _EASY else "warning"
    return {"monthly": monthly, "percent": None if share is None else round(share * 100), "level": level}
