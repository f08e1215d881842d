"""Disputes: tickets on an amount, their clock, their mail, and the credit notes that end them."""

from . import sla, tickets, credit_notes, dispute_alerts
from . import disputes
