"""What the register's records add up to, so that a report of the whole country does not fold them.

A row is made from the ops of its record, says how many they were, and goes as soon as another comes
in; whoever reports next makes it anew. It can be emptied at any time.
"""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_STEPS = (
    """CREATE TABLE standing (
    record_kind text COLLATE "C" NOT NULL,
    record text COLLATE "C" NOT NULL,
    inspection text COLLATE "C" NOT NULL,
    ops integer NOT NULL,
    fields text,
    PRIMARY KEY (record_kind, record))""",
    "CREATE INDEX standing_of_inspection ON standing (inspection)",
    """CREATE INDEX op_of_register ON op (record_kind, record) WHERE record_kind IN ('inspection',
    'point', 'debrief_point', 'recommendation', 'basis', 'recommendation_link',
    'recommendation_comment')""",
)


def upgrade() -> None:
    """Make the table and its indexes."""
    for one in _STEPS:
        op.execute(one)
