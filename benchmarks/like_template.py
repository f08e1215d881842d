"""A message such as any Odoo user could write with core alone: the customer's open invoices in a table.

It looks as a message of the addon does and is as long, so that core's `send_mail_batch` has like work to do.
"""

_TEXT = "font-size: 16px; line-height: 25px; color: #1f2933;"
_SMALL = "font-size: 13px; line-height: 18px; color: #52606d;"
_CELL = "padding: 10px 8px; vertical-align: top; border-bottom: 1px solid #e2e5e9;"
_HEAD = f"padding: 0 8px 8px 0; {_SMALL} font-weight: 600; border-bottom: 2px solid #cbd2d9;"
_SUM = "padding: 10px 8px 0 0; text-align: right; font-size: 17px; font-weight: 700;"

SUBJECT = "Payment due to {{ object.env.company.name }}: {{ object.name }}"
BODY = f"""
<t t-set="company" t-value="object.env.company"/>
<t t-set="open_invoices" t-value="object.invoice_ids.filtered(
    lambda move: move.state == 'posted' and move.move_type == 'out_invoice' and move.amount_residual)"/>
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0"
       style="width: 100%; max-width: 640px; margin: 0 auto; border-collapse: collapse; {_TEXT}">
  <tr><td style="padding: 12px 16px 24px 16px;">
    <p style="margin: 0 0 20px 0; padding: 18px 0 0 0; border-top: 4px solid #1f4b5f; font-size: 18px;
              line-height: 24px; font-weight: 600; color: #1f2933;" t-out="company.name"/>
    <p style="margin: 0 0 14px 0;">Hello <t t-out="object.name"/>,</p>
    <p style="margin: 0 0 14px 0;"><t t-out="len(open_invoices)"/> payments are past their due date.</p>
    <p style="margin: 0 0 14px 0;">If the payment is already on its way, thank you: please take no notice of this.</p>
    <table width="100%" cellpadding="0" cellspacing="0" border="0"
           style="width: 100%; margin: 20px 0 8px 0; border-collapse: collapse; {_TEXT}">
      <tr>
        <th align="left" width="46%" style="{_HEAD}">Invoice</th>
        <th align="left" width="27%" style="{_HEAD}">Due date</th>
        <th align="right" width="27%" style="{_HEAD} text-align: right;">Amount</th>
      </tr>
      <tr t-foreach="open_invoices" t-as="invoice">
        <td style="{_CELL}">
          <span style="font-weight: 600;" t-out="invoice.name"/>
          <t t-if="invoice.ref"><br/><span style="{_SMALL}">Your ref.: <t t-out="invoice.ref"/></span></t>
        </td>
        <td style="{_CELL}">
          <span style="white-space: nowrap;" t-out="format_date(invoice.invoice_date_due)"/><br/>
          <span t-attf-style="{_SMALL} color: {{{{ '#b42318' if invoice.amount_residual else '#52606d' }}}};"
                t-out="'%s days late' % (datetime.date.today() - invoice.invoice_date_due).days"/>
        </td>
        <td align="right" style="{_CELL} text-align: right;">
          <span style="white-space: nowrap;" t-out="format_amount(invoice.amount_residual, invoice.currency_id)"/>
        </td>
      </tr>
      <tr>
        <td colspan="2" align="right" style="{_SUM}">Balance</td>
        <td align="right" style="{_SUM}"
            t-out="format_amount(sum(open_invoices.mapped('amount_residual_signed')), company.currency_id)"/>
      </tr>
    </table>
    <table role="presentation" cellpadding="0" cellspacing="0" border="0" align="center" style="margin: 24px auto;">
      <tr><td align="center" bgcolor="#1f4b5f" style="background-color: #1f4b5f; border-radius: 6px;">
        <a t-attf-href="{{{{ object.get_base_url() }}}}/my/invoices"
           style="display: inline-block; padding: 13px 26px; {_TEXT} font-weight: 600; color: #ffffff;
                  text-decoration: none; border-radius: 6px;">See your account and pay</a>
      </td></tr>
    </table>
    <table width="100%" cellpadding="0" cellspacing="0" border="0" bgcolor="#f7f8fa"
           style="width: 100%; margin: 0 0 20px 0; background-color: #f7f8fa; border-radius: 6px; {_TEXT}">
      <tr><td style="padding: 14px 16px 2px 16px; {_SMALL} font-weight: 600;">By bank transfer</td></tr>
      <tr t-foreach="company.partner_id.bank_ids" t-as="account"><td style="padding: 2px 16px 6px 16px;">
        <span style="font-weight: 600;" t-out="account.acc_number"/><br/><span t-out="account.bank_name"/>
      </td></tr>
      <tr><td style="padding: 0 16px 14px 16px;">Please quote the invoice numbers in the transfer.</td></tr>
    </table>
    <p style="margin: 0 0 14px 0;">If you need a copy or a correction, answer this message and we will gladly help.</p>
    <p style="margin: 0 0 14px 0;">Kind regards,</p>
    <table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0"
           style="width: 100%; margin: 24px 0 0 0; border-collapse: collapse; {_SMALL}">
      <tr><td style="padding: 16px 0 0 0; border-top: 1px solid #e2e5e9;">
        <span style="font-weight: 600; color: #1f2933;" t-out="user.name"/><br/><t t-out="company.name"/>
        <t t-if="company.email"><br/>
          <a t-attf-href="mailto:{{{{ company.email }}}}" style="color: #1f4b8f;" t-out="company.email"/></t>
        <t t-if="company.phone"><br/>
          <a t-attf-href="tel:{{{{ company.phone }}}}" style="color: #1f4b8f;" t-out="company.phone"/></t>
      </td></tr>
      <tr><td style="padding: 12px 0 0 0; {_SMALL}">
        <span t-out="company.partner_id.street or ''"/> <span t-out="company.partner_id.city or ''"/>
        <span t-out="company.partner_id.vat or ''"/>
      </td></tr>
    </table>
  </td></tr>
</table>
"""


def create(env):
    """Make the template, on customers; its mails are kept after they are sent, as the addon's are."""
    return env["mail.template"].create(
        {
            "name": "Open invoices",
            "model_id": env["ir.model"]._get_id("res.partner"),
            "subject": SUBJECT,
            "body_html": BODY,
            "email_from": "{{ object.env.company.email_formatted }}",
            "email_to": "{{ object.email_formatted }}",
            "lang": "{{ object.lang }}",
            "auto_delete": False,
        }
    )
