"""Self-assessments: a force's workbook taken in, and which of its rows is which case of ours.

Nothing is linked but by a person: the exact group in one step, every other row one by one. Each
decision is on record with who and when, and can be taken back. No line of a queue shows what the
force graded.
"""

from fieldkit.selfassessment.carry_over import Carried, carried, read_again
from fieldkit.selfassessment.corrections import (
    Change,
    Correction,
    changes_of,
    corrected,
    counted,
)
from fieldkit.selfassessment.decide import (
    accept_exact,
    find_row,
    link,
    no_case,
    plan,
    queue,
    row_lines,
    unlink,
)
from fieldkit.selfassessment.import_workbook import (
    AlreadyImportedError,
    Foreseen,
    Overrides,
    commit,
    foresee,
    preview,
    take_out,
)
from fieldkit.selfassessment.masking import (
    NO_WORDS,
    left_out_text,
    shown_samples,
    shown_words,
    veiled_reading,
    why_hidden,
)
from fieldkit.selfassessment.past_mappings import Memory, Recalled, memories, recall
from fieldkit.selfassessment.problems import columns_of, problems_of, words_of
from fieldkit.selfassessment.rows import (
    CHOSEN,
    EXACT,
    NONE,
    OPEN,
    SKIPPED,
    CandidateLine,
    QueueLine,
    RowLine,
)
from storage.records.self_assessment import LINKED

__all__ = [
    "CHOSEN",
    "EXACT",
    "LINKED",
    "NONE",
    "NO_WORDS",
    "OPEN",
    "SKIPPED",
    "AlreadyImportedError",
    "CandidateLine",
    "Carried",
    "Change",
    "Correction",
    "Foreseen",
    "Memory",
    "Overrides",
    "QueueLine",
    "Recalled",
    "RowLine",
    "accept_exact",
    "carried",
    "changes_of",
    "columns_of",
    "commit",
    "corrected",
    "counted",
    "find_row",
    "foresee",
    "left_out_text",
    "link",
    "memories",
    "no_case",
    "plan",
    "preview",
    "problems_of",
    "queue",
    "read_again",
    "recall",
    "row_lines",
    "shown_samples",
    "shown_words",
    "take_out",
    "unlink",
    "veiled_reading",
    "why_hidden",
    "words_of",
]
