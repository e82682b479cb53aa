"""Cases: what is audited, allocated, withdrawn or replaced; and the key to whom they concern."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Annotated, ClassVar

from sqlalchemy import func
from sqlmodel import Field, Session, col, select

from storage.database.connection import driver
from storage.ops.op import KEY
from storage.ops.references import comparable_reference
from storage.records.model.base import Answers, Endings, Record, named_id
from storage.records.model.fields import (
    By,
    Criteria,
    Day,
    Facts,
    Moment,
    Person,
    Text,
    Texts,
    choice,
    json_list,
)


class CaseAudit(Record, table=True):
    """Says what a case file shows besides the grades, in the words of the methodology."""

    KIND = "case_audit"
    LABEL = "{case_id}, case audit"
    UNDER = "case_id"
    ONCE = ("inspection_id", "case_id")
    NAMED = ("case_id",)
    SEARCH = (
        "voice_note",
        "timeliness_note",
        "supervision_note",
        "risk_note",
        "context",
        "notable_practice",
    )

    inspection_id: str = Field(index=True)
    case_id: str = Field(index=True)
    voice_seen: Annotated[Text, Facts("child seen?")] = ""
    voice_seen_alone: Annotated[Text, Facts("child seen alone?")] = ""
    voice_spoken_to: Annotated[Text, Facts("child spoken to?")] = ""
    voice_behaviour: Annotated[Text, Facts("child's behaviour recorded?")] = ""
    voice_views: Annotated[Text, Facts("child's views recorded?")] = ""
    voice_used: Annotated[Text, Facts("did it change what was done?")] = ""
    voice_note: Annotated[Text, Facts("voice of the child, remarks")] = ""
    reported_at: Annotated[Moment, Facts("reported")] = ""
    graded_at: Annotated[Moment, Facts("graded for response")] = ""
    deployed_at: Annotated[Moment, Facts("first deployment")] = ""
    child_seen_at: Annotated[Moment, Facts("child seen")] = ""
    strategy_at: Annotated[Moment, Facts("strategy discussion")] = ""
    arrest_at: Annotated[Moment, Facts("arrest")] = ""
    outcome_at: Annotated[Moment, Facts("outcome")] = ""
    timeliness_note: Annotated[Text, Facts("timeliness, remarks")] = ""
    supervision_reviewed: Annotated[Text, Facts("reviewed by a supervisor?")] = ""
    supervision_rationale: Annotated[Text, Facts("supervisor's reasons written down?")] = ""
    supervision_note: Annotated[Text, Facts("supervision, remarks")] = ""
    risk_graded: Annotated[Text, Facts("risk graded?")] = ""
    risk_right: Annotated[Text, Facts("right grade of risk?")] = ""
    risk_others: Annotated[Text, Facts("other children considered?")] = ""
    risk_note: Annotated[Text, Facts("risk, remarks")] = ""
    context: Text = ""
    notable_practice: Text = ""

    @property
    def filled_in(self) -> bool:
        """Say whether anything is answered or written in it."""
        known = self.field_names()
        return any(getattr(self, name) for name in known if name not in self.ONCE)


MAX_USES = 9
"""How many cases may have been added under one reference, each after the one before it was found
to have another."""
Origin = Annotated[str, choice("self-assessed", "inspectors")]


class Case(Record, table=True):
    """Holds a case of the inspection's own list, under the inspection's own reference."""

    KIND = "case"
    ORDER = ("reference",)
    LABEL = "{reference}"
    ONCE = ("inspection_id",)
    NAMED = ("inspection_id", "reference")
    ENDS: ClassVar[Endings] = {"withdrawn": {True: "withdrew"}}
    TOGETHER: ClassVar[Answers] = {"withdrawal": ("withdrawn", "withdrawn_reason", "replaced_by")}
    NOTED = True
    SEARCH = ("reference", "child_label", "unit", "withdrawn_reason", "audited_because")
    STATED = frozenset({"origin"})

    inspection_id: str = Field(index=True)
    reference: Text
    origin: Origin = "inspectors"
    types: Annotated[Texts, Facts(code=True, terms="case_types")] = json_list()
    areas: Annotated[Criteria, Facts("areas of concern", code=True, terms="criteria")] = json_list()
    audited_because: Annotated[Text, Facts("why it is audited")] = ""
    incident_on: Annotated[Day, Facts("date of incident")] = ""
    child_label: Annotated[Text, Facts("child")] = ""
    child_age: Annotated[Text, Facts("age")] = ""
    unit: Text = ""
    allocated_to: Annotated[Text, Facts("who audits it", person=True)] = ""
    second_reader: Person = ""
    withdrawn: bool = False
    withdrawn_reason: Annotated[Text, Facts("reason of withdrawal", trailing=True)] = ""
    replaced_by: Annotated[Text, Facts(refers="case", trailing=True)] = ""

    @classmethod
    def ids_of(cls, parts: tuple[str, ...]) -> Iterator[str]:
        """Return the id that a new case gets, and those that earlier clients gave."""
        inspection, reference = parts
        yield case_id(inspection, reference)
        yield from case_ids(inspection, reference)
        form = comparable_reference(reference)
        for use in range(2, MAX_USES + 1):
            yield named_id("case", inspection, form, str(use))


class CaseKey(Record, table=True):
    """Holds the force's reference of a case and the key to its child label; kept apart."""

    KIND = "case_key"
    LABEL = "{case_id}, force reference"
    UNDER = "case_id"
    ONCE = ("inspection_id", "case_id")
    NAMED = ("case_id",)
    FEED = KEY
    SEARCH = ("force_ref",)

    inspection_id: str = Field(index=True)
    case_id: str = Field(index=True)
    force_ref: Annotated[Text, Facts("force reference")] = ""
    child: Annotated[Text, Facts("key to the child")] = ""


class KnownName(Record, table=True):
    """Holds a name that is not to leave: of a child, a parent, a suspect; kept apart.

    Its id is random. One made of the name would stand in the history of the main feed, where it
    could be guessed.
    """

    KIND = "known_name"
    LABEL = "a listed name"
    EXPLAINED = False
    ORDER = ("name", "id")
    ONCE = ("inspection_id",)
    FEED = KEY

    inspection_id: str = Field(index=True)
    name: Text
    label: Annotated[Text, Facts("what stands in its place")] = ""
    by: By = ""


def case_id(inspection_id: str, reference: str) -> str:
    """Return the id that a new case with that reference gets in that inspection.

    References that look the same give one id, so that two laptops which add “WST-020” and
    “wst-020” make one case. A reference in large letters without odd signs gives the id that it
    always gave.
    """
    return named_id("case", inspection_id, comparable_reference(reference))


def case_ids(inspection_id: str, reference: str) -> frozenset[str]:
    """Return the ids that a case with that reference may honestly have, whoever made it.

    Besides :func:`case_id`'s, that of the reference as it is written: fieldkit made ids of that
    before references that look the same were the same, and they stay for ever.
    """
    as_written = named_id("case", inspection_id, reference.strip())
    return frozenset((case_id(inspection_id, reference), as_written))


def unused_case_id(
    is_used: Callable[[str], bool], inspection_id: str, reference: str
) -> str | None:
    """Return the id of a new case with that reference; None where all that it may have are used.

    A case keeps its id where its reference is corrected, so that the reference is free for the
    case that it belongs to. ``is_used`` says whether a case has an id.
    """
    ids = Case.ids_of((inspection_id, reference))
    return next((one for one in ids if not is_used(one)), None)


def case_key_id(case: str) -> str:
    """Return the id of the key of a case."""
    return named_id("case_key", case)


def all_cases(session: Session) -> list[Case]:
    """Return the cases of every inspection kept here."""
    return list(session.exec(select(Case)))


def listed_references(session: Session) -> list[tuple[str, str]]:
    """Return the inspection and reference of every case on a list; quick, as no object is made.

    What the session has changed and not yet flushed is not seen.
    """
    rows = driver(session.connection()).execute(
        'SELECT inspection_id, reference FROM "case" WHERE NOT withdrawn ORDER BY reference'
    )
    return [(inspection, reference) for inspection, reference in rows]


def case_keys(session: Session, inspection_id: str) -> dict[str, CaseKey]:
    """Return the keys of an inspection's cases, by case id."""
    query = select(CaseKey).where(CaseKey.inspection_id == inspection_id)
    return {one.case_id: one for one in session.exec(query)}


def force_refs(session: Session, inspection_id: str) -> dict[str, str]:
    """Return the force's own references of an inspection's cases, by case id."""
    rows = driver(session.connection()).execute(
        "SELECT case_id, force_ref FROM casekey WHERE inspection_id = ?", (inspection_id,)
    )
    return dict(rows.fetchall())


def progress(session: Session, inspection_id: str) -> tuple[int, int]:
    """Return how many cases are graded overall, and how many there are, withdrawn ones apart.

    What the session has changed and not yet flushed is not counted.
    """
    run = driver(session.connection()).execute
    (done,) = run(
        'SELECT COUNT(*) FROM judgment JOIN "case" ON "case".id = judgment.case_id '
        "WHERE judgment.inspection_id = ? AND criterion = 'overall' AND state <> 'not judged' "
        "AND NOT withdrawn",
        (inspection_id,),
    ).fetchone()
    (known,) = run(
        'SELECT COUNT(*) FROM "case" WHERE inspection_id = ? AND NOT withdrawn', (inspection_id,)
    ).fetchone()
    return done, known


def case_counts(session: Session) -> dict[str, int]:
    """Return how many cases each inspection has that were not withdrawn, by inspection id."""
    query = select(Case.inspection_id, func.count()).where(col(Case.withdrawn).is_(False))
    return dict(session.exec(query.group_by(Case.inspection_id)).all())


def case_audit_id(case: str) -> str:
    """Return the id of the audit of a case."""
    return named_id("case_audit", case)
