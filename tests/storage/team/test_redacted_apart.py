"""Redactions on their way in a team: the digest comes late, or the redaction counts no more."""

from __future__ import annotations

from fieldkit.exchange.exchange import exchange
from storage.exchange.merge import merge
from storage.redaction.redact import redact
from tests.storage.forging import craft
from tests.storage.team.office import Office, disputed
from tests.storage.travelling import notes, sound, work, written


def test_the_digest_comes_after_the_redaction(office: Office) -> None:
    """Cas hears of the redaction first; it shows what is left as soon as there is a place for it.

    Ada's own op is but a digest by then, which does not say of which record it was.
    """
    office.ada.write_now(work)
    named = office.note(office.ada, "a name")
    exchange(office.ada, office.stick)
    exchange(office.ben, office.stick)
    office.ben.write_now(redact, "note", named, "text", "a child was named")
    office.empty()
    # Only Ben's own feed: a bundle that needs nothing of what is Ada's.
    his = craft(
        office.ben, office.central.roster()[1], office.stick, written(office.ben), to=office.cas
    )
    merge(office.cas, his)
    assert notes(office.cas) == set()
    exchange(office.ben, office.stick)
    exchange(office.cas, office.stick)
    assert "[redacted]" in notes(office.cas)
    assert notes(office.cas) == notes(office.ben)
    assert sound(office.cas)


def test_what_a_revoked_laptop_took_away_comes_back(office: Office) -> None:
    """Ben's last redaction is not accepted, and Cas had followed it; Ada still has the words."""
    office.ada.write_now(work)
    named = office.note(office.ada, "the only copy")
    exchange(office.ada, office.stick)
    exchange(office.ben, office.stick)
    exchange(office.cas, office.stick)
    office.empty()
    office.ben.write_now(redact, "note", named, "text", "to be rid of it")
    exchange(office.ben, office.stick)
    exchange(office.cas, office.stick)
    assert "the only copy" not in notes(office.cas)
    office.empty()
    office.central.revoke(office.ben.author.device)
    office.sign()
    exchange(office.cas, office.stick)
    assert sound(office.cas)
    # Cas says that it lacks the words, and whoever has them sends them without being asked to.
    exchange(office.ada, office.stick)
    exchange(office.cas, office.stick)
    assert "the only copy" in notes(office.cas)
    assert notes(office.cas) == notes(office.ada)
    assert sound(office.cas)
    # And she passes it on as anybody does.
    office.hand_in(office.cas)
    assert office.central.report().inspections[0].counts["note"] == 2


def test_what_was_redacted_again_stays_so_when_the_first_redaction_counts_no_more(
    office: Office,
) -> None:
    """Cas's redaction is one of the whole field, whatever Ben's had taken out of it before."""
    office.ada.write_now(work)
    note = office.note(office.ada, "FIRSTNAME")
    for each in (office.ada, office.ben, office.cas):
        exchange(each, office.stick)
    office.ben.write_now(redact, "note", note, "text", "a child was named")
    exchange(office.ben, office.stick)
    exchange(office.cas, office.stick)
    office.reword(office.cas, note, "SECONDNAME")
    office.cas.write_now(redact, "note", note, "text", "named again")
    office.empty()
    office.central.revoke(office.ben.author.device)
    office.sign()
    for _ in range(2):
        for each in (office.cas, office.ada):
            exchange(each, office.stick)
    for each in (office.cas, office.ada):
        assert "[redacted]" in notes(each)
        assert not notes(each) & {"FIRSTNAME", "SECONDNAME"}
        assert disputed(each, note) == ()
        assert sound(each)
