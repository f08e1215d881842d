"""Table of contents, in the order of the flow (DESIGN.md)."""

# Policy: who is chased, how, by whom
from . import recobro_contact_role
from . import recobro_answer_limits
from . import recobro_contact_limits
from . import recobro_policy_leaflets
from . import recobro_policy_playbook
from . import recobro_policy
from . import recobro_agency
from . import recobro_agency_tariff
from . import recobro_level_handover
from . import recobro_level_selection
from . import recobro_leaflet
from . import recobro_level_channel
from . import recobro_level_trial
from . import recobro_level
from . import recobro_level_role

# Figures: how a customer pays, and its grade
from . import recobro_grade
from . import recobro_grade_limit
from . import recobro_customer_figure
from . import recobro_recovery_rate

# Case: the collection file of a customer and the items in it
from . import recobro_case_figures
from . import recobro_case_mail
from . import recobro_case_closing
from . import recobro_case_placement
from . import recobro_case_suspension
from . import recobro_case_day
from . import recobro_case_cost
from . import recobro_case
from . import recobro_item
from . import recobro_open_item

# Actions: what is done on a day
from . import recobro_run
from . import recobro_action_delivery
from . import recobro_action_rise
from . import recobro_action_letter
from . import recobro_action_whatsapp
from . import recobro_action_channel
from . import recobro_action
from . import recobro_action_line

# Answers: what holds what is chased
from . import recobro_hold
from . import recobro_answer
from . import recobro_promise
from . import recobro_promise_line
from . import recobro_dispute_reason
from . import recobro_dispute_stage
from . import recobro_sla_clock
from . import recobro_dispute
from . import recobro_dispute_line
from . import recobro_payment_in_hand
from . import recobro_plan_agreement
from . import recobro_payment_plan
from . import recobro_payment_plan_line
from . import recobro_payment_plan_installment
from . import recobro_insolvency
from . import recobro_placement_legal
from . import recobro_placement
from . import recobro_placement_line
from . import recobro_placement_bill
from . import recobro_placement_question
from . import recobro_placement_proposal
from . import recobro_tone_review
from . import recobro_legal_milestone
from . import recobro_legal_cost

# What a customer loses while it does not pay, and how it stands for who sells to it
from . import recobro_suspension
from . import recobro_standing

# What others pay when the customer does not
from . import recobro_credit_insurance

# Log
from . import recobro_interaction
from . import recobro_portal_counter
from . import recobro_account_report
from . import recobro_letter_report

# Reports
from . import recobro_report_action
from . import recobro_report_promise
from . import recobro_report_dispute
from . import recobro_report_placement
from . import recobro_report_team
from . import recobro_monthly_report
from . import recobro_figures_mail

# Metrics
from . import recobro_snapshot
from . import recobro_dashboard
from . import recobro_former_customer_mixin
from . import recobro_customer_snapshot
from . import recobro_snapshot_rebuild
from . import recobro_ledger_alert
from . import recobro_mark

# Odoo's models, extended
from . import res_company
from . import res_config_settings
from . import res_users
from . import digest_digest
from . import recobro_partner_figures
from . import res_partner
from . import account_move
from . import account_move_line
from . import account_partial_reconcile
from . import account_payment
from . import account_bank_statement_line
from . import mail_thread
from . import mail_mail
from . import sms_sms
from . import sms_tracker
from . import ir_qweb
from . import ir_actions_report
from . import ir_attachment
from . import payment_transaction
from . import mail_activity
