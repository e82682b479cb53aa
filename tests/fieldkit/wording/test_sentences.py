from __future__ import annotations

import pytest

from fieldkit.wording.sentences import sentences


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        (" … ", 0),
        ("Logs are not checked", 1),
        ("Logs are not checked. Nobody looks.", 2),
        ("logs are not checked. nobody looks. cells are cold.", 3),
        ("Some, e.g. those of the night, are not checked.", 1),
        ("It is set at 5 p.m. on the day.", 1),
        ("It is set at 5 p.m. Nobody looks again.", 2),
        ("Logs are set at 9.30 a.m., i.e. late. Nobody looks.", 2),
        ("The log of Sgt. Jones and Det. Insp. A. B. Smith is open.", 1),
        ("A D.I. Reviews it at 28 days.", 1),
        ("It took 3.5 hours. The policy says 1.5.", 2),
        ("Order No. 5 applies, under s. 47 of the Act. They said no. Then they left.", 3),
        ("The child sat. Nobody came.", 2),
        ("“We ring the family. We always do.” That is on the whiteboard.", 3),
        ("“It is on the whiteboard.” they said.", 1),
        ("Is the risk set again? It is not!", 2),
        ("Is it “safe?” nobody knows.", 1),
        ("It waits … until the morning... or longer.", 1),
        ("1. Logs are not checked.\n2. Cells are cold.\n3. Staff are few.", 3),
        ("- Logs\n- Cells\n- Staff", 3),
        ("Logs are not checked\n\nCells are cold", 2),
        ("The Northtown\nteam checks logs.", 1),
        ("Gwirir rhai, e.e. y nos, yn hwyr. Nid oes neb yn edrych.", 2),
        ("Notes, logs, etc. are kept. Others (see para. 4) are not.", 2),
        ("Who knows?! Nobody.", 2),
    ],
)
def test_sentences_are_counted_as_they_are_read_out(text: str, count: int) -> None:
    assert len(sentences(text)) == count, sentences(text)


def test_no_words_are_lost() -> None:
    text = "“It waits.” he said. At 5 p.m. Nobody looks… 1.5 hours (see no. 3). End"
    assert "".join(sentences(text)).replace(" ", "") == text.replace(" ", "")
