"""A database of before the engine's tables were made lighter: what a new installation doesn't have."""

_FOREIGN_KEYS = {
    "recobro_item": ("company_id", "currency_id", "create_uid", "write_uid"),
    "recobro_action": ("company_id", "case_id", "policy_id", "level_id", "run_id"),
    "recobro_case": ("company_id", "policy_id"),
    "recobro_action_line": (
        "action_id",
        "company_id",
        "item_id",
        "level_id",
        "from_level_id",
        "create_uid",
        "write_uid",
    ),
}
_COLUMNS = ("create_uid", "write_uid", "create_date", "write_date")
_INDEXES = (
    "recobro_case__company_id_index",
    "recobro_item__company_id_index",
    "recobro_item__partner_id_index",
    "recobro_item_source_idx",
    "recobro_action__company_id_index",
    "recobro_action__level_id_index",
    "recobro_action_line_busy_idx",
    "recobro_action_line__item_id_index",
    "recobro_action_line__level_id_index",
    "recobro_action_line__from_level_id_index",
)
#: Indexes of what is empty in most rows: Odoo keeps the one that is there, so it is made anew.
_PARTIAL = {
    "recobro_item": ("level_id",),
    "recobro_case": ("level_id", "next_level_id", "user_id"),
    "recobro_action": ("user_id",),
}


def migrate(cr, version):
    """Drop the keys, columns and indexes that cost a run more than they gave."""
    for table, columns in _FOREIGN_KEYS.items():
        for column in columns:
            cr.execute(f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {table}_{column}_fkey")
    for table in ("recobro_item", "recobro_action_line"):
        for column in _COLUMNS:
            cr.execute(f"ALTER TABLE {table} DROP COLUMN IF EXISTS {column}")
    for index in _INDEXES:
        cr.execute(f"DROP INDEX IF EXISTS {index}")
    for table, columns in _PARTIAL.items():
        for column in columns:
            name = f"{table}__{column}_index"
            cr.execute(f"DROP INDEX IF EXISTS {name}")
            cr.execute(f"CREATE INDEX {name} ON {table} ({column}) WHERE {column} IS NOT NULL")
