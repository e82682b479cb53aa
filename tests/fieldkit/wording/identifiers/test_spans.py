"""The whole of an identifier is found, so that nothing of it stays when it is taken out."""

from __future__ import annotations

from datetime import date

import pytest

from fieldkit.wording.identifiers.find import find_identifiers

NAMES = ["Jane Doe", "Lowri Anwyl-Bevan", "Will Page", "Rhys Griffiths", "Tomos Pryce"]
TODAY = date(2026, 11, 30)


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("mum is jane.doe@hotmail.co.uk", ["jane.doe@hotmail.co.uk"]),
        ("Jane Doe jane.doe@hotmail.com", ["Jane Doe", "jane.doe@hotmail.com"]),
        ("snap kaybee_2010@example.org.", ["kaybee_2010@example.org"]),
        ("SMITHJ+court @ example.com", ["SMITHJ+court @ example.com"]),
        # Signs that show nothing, look-alike ones, and lines that end within a name or number.
        ("Ja\u00adne Do\u200be was seen", ["Ja\u00adne Do\u200be"]),
        ("Rhy\u0301s came; sia\u0302n did not", ["Rhy\u0301s"]),
        ("\uff2aane \uff24oe and janedoe", ["\uff2aane \uff24oe", "janedoe"]),
        ("Grif-\nfiths was seen", ["Grif-\nfiths"]),
        ("asked DC\nOkafor, then Mrs  Whitlock", ["Okafor", "Whitlock"]),
        ("ring 07700\u202f900\u2011123", ["07700\u202f900\u2011123"]),
        (
            "ring \uff10\uff17\uff17\uff10\uff10 900\u200b123",
            ["\uff10\uff17\uff17\uff10\uff10 900\u200b123"],
        ),
        ("ring 07700\n900123\nor 07700 900124", ["07700\n900123", "07700 900124"]),
        ("born 3\u20444\u20442011, lives at SW1A\n2AA", ["3\u20444\u20442011", "SW1A\n2AA"]),
        ("NI AB\u00a012\u200934\u201156\u00a0C", ["AB\u00a012\u200934\u201156\u00a0C"]),
        ("943\u00a0476\u20095919", ["943\u00a0476\u20095919"]),
        ("self-\nharm, ½ of 20², the\u00a0team … 12\n34\n07", []),
        ("jane dot doe at example dot com", ["jane dot doe at example dot com"]),
        ("j.doe (at) ysgol.cymru", ["j.doe (at) ysgol.cymru"]),
        ("asked @ briefing: look at the dot plot", []),
        ("PC 1234 Hughes attended", ["1234 Hughes"]),
        ("pcso 7765 Whitlock, then Sgt. B77 McAllister", ["7765 Whitlock", "B77 McAllister"]),
        ("A/Insp 223 Loughlin authorised it", ["223 Loughlin"]),
        ("DC (4471) Okafor", ["(4471) Okafor"]),
        ("DC Okafor (4471) and PC Price 1234", ["Okafor (4471)", "Price 1234"]),
        ("Cwnstabl 1187 Efans a fynychodd", ["1187 Efans"]),
        ("PC 1417 attended", ["1417"]),
        ("PC 1400, DC 10.30, 6 PCs, DC 2026 plan, PC 45 files", []),
        ("janes brother saw it", ["janes"]),
        ("wills mother, the pages dad and rhyss nan", ["wills", "pages", "rhyss"]),
        ("this page's end; wills and pages", []),
        ("2 RHIs since May", []),
        ("a anwyd ar y 12fed o Fawrth 2014", ["12fed o Fawrth 2014"]),
        ("ganwyd y trydydd ar ddeg o Fai 2012", ["y trydydd ar ddeg o Fai 2012"]),
        ("fe'i ganed yn Nhachwedd 2011", ["Nhachwedd 2011"]),
        ("a aned ym mis Mai 2012", ["Mai 2012"]),
        ("Cyfarfod ar y 12fed o Fawrth 2026; plant ar goll ers Mai 2025", []),
        ("no record that Domos was asked", ["Domos"]),
        ("L A-B seen, L.A.-B. heard, LA-B gone", ["L A-B", "L.A.-B.", "LA-B"]),
        ("LAB's mother and L.B.", ["LAB", "L.B."]),
        ("at table L A-C and LAB results", []),
        ("rang (07700 900123", ["07700 900123"]),
        ("(+44 7700 900456 or 07700900124)", ["+44 7700 900456", "07700900124"]),
        ("(01632) 960 001 rang", ["(01632) 960 001"]),
    ],
)
def test_the_whole_is_found_and_nothing_beside_it(text: str, spans: list[str]) -> None:
    found = find_identifiers(text, NAMES, today=TODAY)
    assert [one.text for one in found] == spans
    assert all(text[one.start : one.end] == one.text for one in found)
