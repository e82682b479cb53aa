"""Self-assessments: a force's workbook taken in, and which of its rows is which case of ours.

Nothing is linked but by a person: the exact group in one step, every other row one by one. Each
decision is on record with who and when, and can be taken back. No line of a queue shows what the
force graded.
"""

from fieldkit.selfassessment.carry_over import (
    CarriedAnswers,
    answers_to_carry_over,
    read_with_answers,
)
from fieldkit.selfassessment.corrections import (
    Change,
    Correction,
    changes_of,
    changes_sentence,
    corrected_import,
)
from fieldkit.selfassessment.decide import (
    accept_exact,
    find_row,
    link_row,
    match_plan,
    queue_lines,
    reopen_row,
    row_lines,
    set_no_case,
)
from fieldkit.selfassessment.import_workbook import (
    AlreadyImportedError,
    ImportPreview,
    Overrides,
    import_reading,
    preview_import,
    read_force_workbook,
    remove_import,
)
from fieldkit.selfassessment.masking import (
    NO_WORDS,
    left_out_text,
    mask_reading,
    shown_samples,
    shown_words,
    why_hidden,
)
from fieldkit.selfassessment.past_mappings import (
    FittingMapping,
    PastMapping,
    fitting_mapping,
    past_mappings,
)
from fieldkit.selfassessment.problems import columns_of, grade_words_of, problems_of
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
    "CarriedAnswers",
    "Change",
    "Correction",
    "FittingMapping",
    "ImportPreview",
    "Overrides",
    "PastMapping",
    "QueueLine",
    "RowLine",
    "accept_exact",
    "answers_to_carry_over",
    "changes_of",
    "changes_sentence",
    "columns_of",
    "corrected_import",
    "find_row",
    "fitting_mapping",
    "grade_words_of",
    "import_reading",
    "left_out_text",
    "link_row",
    "mask_reading",
    "match_plan",
    "past_mappings",
    "preview_import",
    "problems_of",
    "queue_lines",
    "read_force_workbook",
    "read_with_answers",
    "remove_import",
    "reopen_row",
    "row_lines",
    "set_no_case",
    "shown_samples",
    "shown_words",
    "why_hidden",
]
