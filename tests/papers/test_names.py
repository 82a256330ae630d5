"""Names of files: nothing leads outside, nothing hides, people recognise theirs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.papers.rules.names import LONGEST, ending_of, file_name, title_of

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("Vorlage.pdf", "Vorlage.pdf"),
        ("Übersicht Flächen 🏭 „neu“.pdf", "Übersicht Flächen 🏭 „neu“.pdf"),
        ("U\u0308bersicht.pdf", "Übersicht.pdf"),
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Users\\x\\Vorlage.docx", "Vorlage.docx"),
        ("a\x00b\r\nc.pdf", "a_b__c.pdf"),
        ("rechnung\u202efdp.exe", "rechnungfdp.exe"),
        ("un\u200bsicht\u2066bar.pdf", "unsichtbar.pdf"),
        ("CON.pdf", "_CON.pdf"),
        ("nul", "_nul"),
        ("lpt1.tar.pdf", "_lpt1.tar.pdf"),
        ("  .versteckt.pdf", "versteckt.pdf"),
        ("a. .pdf", "a.pdf"),
        ('a<b>c:"d|e?f*.pdf', "a_b_c__d_e_f_.pdf"),
        ("", "Datei"),
        ("...", "Datei"),
        (".pdf", "pdf"),
        ("👩‍🔬 Bericht.pdf", "👩‍🔬 Bericht.pdf"),
    ],
)
def test_names_are_made_harmless(sent, kept):
    assert file_name(sent) == kept


def test_a_long_name_keeps_its_ending():
    kept = file_name("ä" * 300 + ".pdf")
    assert len(kept) == LONGEST
    assert kept.endswith(".pdf")


@given(st.text(max_size=400))
def test_whatever_is_sent_one_plain_name_comes_out(sent):
    kept = file_name(sent)
    assert 0 < len(kept) <= LONGEST
    assert not set(kept) & set('/\\\x00\n\r\u202e<>:"|?*')
    assert kept == kept.strip(". ")
    assert file_name(kept) == kept


@pytest.mark.parametrize(("name", "ending"), [("a.PDF", "pdf"), ("a", ""), ("a.tar.gz", "gz"), (".pdf", "")])
def test_the_ending_decides(name, ending):
    assert ending_of(name) == ending


def test_a_title_is_made_of_the_name():
    assert title_of("Anlage_1_Karte.pdf") == "Anlage 1 Karte"
