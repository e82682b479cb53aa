"""The first tables: feeds and their ops, what travels, and central's own books.

Text is compared by its bytes (collation "C"), as everything in fieldkit is.
"""

from __future__ import annotations

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_PLACE = """
    device text COLLATE "C" NOT NULL,
    epoch bigint NOT NULL,
    kind text COLLATE "C" NOT NULL,
    seq bigint NOT NULL,"""

_TABLES = (
    f"""CREATE TABLE op ({_PLACE}
    record_kind text COLLATE "C" NOT NULL,
    record text COLLATE "C" NOT NULL,
    verb text COLLATE "C" NOT NULL,
    hlc text COLLATE "C" NOT NULL,
    wall text COLLATE "C" NOT NULL,
    who text COLLATE "C" NOT NULL,
    inspection text COLLATE "C" NOT NULL DEFAULT '',
    bytes bytea,
    digest bytea NOT NULL,
    head bytea NOT NULL,
    PRIMARY KEY (device, epoch, kind, seq))""",
    "CREATE INDEX op_of_record ON op (record, record_kind)",
    "CREATE INDEX op_of_inspection ON op (inspection, record) WHERE inspection <> ''",
    "CREATE INDEX op_redacting ON op (record) WHERE verb = 'redact'",
    """CREATE TABLE feed (
    device text COLLATE "C" NOT NULL,
    epoch bigint NOT NULL,
    kind text COLLATE "C" NOT NULL,
    seq bigint NOT NULL,
    head bytea NOT NULL,
    PRIMARY KEY (device, epoch, kind))""",
    f"""CREATE TABLE signed_head ({_PLACE}
    head bytea NOT NULL,
    public bytea NOT NULL,
    signature bytea NOT NULL,
    PRIMARY KEY (device, epoch, kind, seq))""",
    f"""CREATE TABLE held_op ({_PLACE}
    bytes bytea,
    digest bytea NOT NULL,
    head bytea NOT NULL,
    PRIMARY KEY (device, epoch, kind, seq))""",
    """CREATE TABLE bundle_seen (
    bundle text COLLATE "C" PRIMARY KEY,
    sender text COLLATE "C" NOT NULL,
    sha256 text COLLATE "C" NOT NULL,
    at text COLLATE "C" NOT NULL,
    ops integer NOT NULL)""",
    "CREATE INDEX bundle_seen_file ON bundle_seen (sha256)",
    """CREATE TABLE refusal (
    sha256 text COLLATE "C" PRIMARY KEY,
    name text NOT NULL,
    device text COLLATE "C" NOT NULL,
    word text NOT NULL,
    reason text NOT NULL,
    at text COLLATE "C" NOT NULL)""",
    """CREATE TABLE receipt_given (
    device text COLLATE "C" PRIMARY KEY,
    sha256 text COLLATE "C" NOT NULL,
    at text COLLATE "C" NOT NULL)""",
    """CREATE TABLE handed_out (
    bundle text COLLATE "C" PRIMARY KEY,
    device text COLLATE "C" NOT NULL,
    inspection text COLLATE "C" NOT NULL,
    sha256 text COLLATE "C" NOT NULL,
    at text COLLATE "C" NOT NULL,
    ops integer NOT NULL,
    with_key boolean NOT NULL)""",
    """CREATE TABLE central (
    key text COLLATE "C" PRIMARY KEY,
    value text NOT NULL)""",
)


def upgrade() -> None:
    """Make them."""
    for one in _TABLES:
        op.execute(one)
