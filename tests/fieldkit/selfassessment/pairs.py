"""Rows and cases to be drawn beside each other, made up."""

from __future__ import annotations

from fieldkit.selfassessment.rows import CandidateLine, QueueLine


def row(reference: str = "71/36917/26", **fields: object) -> QueueLine:
    values: dict[str, object] = {
        "row_id": "r", "number": "12", "row": 12, "sheet": "Cases", "reference": reference,
        "case_type": "Domestic abuse", "dated": "2026-07-23", "note": "", "candidates": (),
    }  # fmt: skip
    return QueueLine(**{**values, **fields})  # type: ignore[arg-type]


def case(force_ref: str = "71/36315/26", **fields: object) -> CandidateLine:
    values: dict[str, object] = {
        "case_id": "c", "reference": "WSH-064", "force_ref": force_ref,
        "types": ("Domestic abuse",), "incident_on": "2026-08-06", "reasons": ("same case type",),
        "tied": False,
    }  # fmt: skip
    return CandidateLine(**{**values, **fields})  # type: ignore[arg-type]
