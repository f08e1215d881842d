"""Tests of the module, run by pytest-odoo against a database that has it installed."""
