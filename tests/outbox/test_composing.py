"""Mails from templates: readable as text and as HTML, escaped, marked where the data are invented."""

import re

import pytest
from jinja2 import DictLoader, UndefinedError

from app import templating
from app.outbox import composing
from app.outbox.composing import compose, wrapped
from app.outbox.rules import KEY_MARK

pytestmark = pytest.mark.once

SAMPLE = {
    "mail/sample/subject.txt": "Unterlagen: {{ title }}",
    "mail/sample/body.txt": (
        '{% extends "mail/layout.txt" %}{% block content %}Guten Tag,\n\n{{ long }}\n\n\n\n- {{ long }}\n\n'
        "{{ address }}{% endblock %}"
    ),
    "mail/sample/body.html": (
        '{% extends "mail/layout.html" %}{% import "mail/parts.html" as mail %}{% block content %}'
        "{{ mail.paragraph(title) }}{{ mail.action('Antworten', address) }}{{ mail.facts([('Ort', long)]) }}"
        "{% endblock %}"
    ),
}
ADDRESS = f"https://skip.beispiel.test/antwort/{KEY_MARK}"
LONG = "Industriepolitik und Gewerbeflächen in Berlin " * 6
GOOD = {"title": "Sitzung", "long": LONG, "address": ADDRESS}


@pytest.fixture(autouse=True)
def sample_templates(monkeypatch):
    real = templating.environment()
    made = real.overlay(loader=DictLoader({**SAMPLE, **{n: real.loader.get_source(real, n)[0] for n in FRAMES}}))
    monkeypatch.setattr(templating, "environment", lambda: made)
    composing._plain.cache_clear()
    yield
    composing._plain.cache_clear()


FRAMES = ("mail/layout.html", "mail/layout.txt", "mail/parts.html")


def test_a_mail_has_subject_text_and_html_of_the_same_content():
    letter = compose("sample", demo=False, sender_name="Geschäftsstelle", why="Sie sind Mitglied.", **GOOD)
    assert letter.subject == "Unterlagen: Sitzung"
    assert letter.text.startswith("Guten Tag,\n\nIndustriepolitik")
    assert letter.text.endswith("\n-- \nGeschäftsstelle\nSie sind Mitglied.\n")
    assert ADDRESS in letter.text.split("\n"), "an address stands whole in one line"
    assert max(len(line) for line in letter.text.split("\n") if "://" not in line) <= 72
    assert "\n\n\n" not in letter.text
    assert '<html lang="de"' in letter.html
    assert "<title>Unterlagen: Sitzung</title>" in letter.html
    assert letter.html.count("<h1") == 1
    assert f'href="{ADDRESS}"' in letter.html
    assert "abbestellen" not in letter.text + letter.html


def test_nothing_in_a_mail_comes_from_elsewhere():
    html = compose("sample", demo=True, **GOOD).html
    assert not re.search(r"<(img|link|script|style|iframe)|url\(|@import", html)


def test_user_text_breaks_neither_the_subject_nor_the_html():
    evil = "A\r\nBcc: alle@beispiel.test <b>&amp;\x00\u202e" + "x" * 400
    letter = compose("sample", demo=False, **(GOOD | {"title": evil}))
    assert "\n" not in letter.subject
    assert "\r" not in letter.subject
    assert "Bcc: alle@beispiel.test <b>&amp;" in letter.subject, "a subject is no HTML"
    assert len(letter.subject) <= composing.MOST_SUBJECT
    assert "<b>" not in letter.html
    assert "\x00" not in letter.text + letter.html + letter.subject
    assert "\u202e" not in letter.text + letter.html + letter.subject


def test_invented_data_say_so_in_the_subject_and_in_the_first_line():
    letter = compose("sample", demo=True, **GOOD)
    assert letter.subject.startswith("[Beispieldaten] ")
    assert letter.text.startswith("[Beispieldaten – ")
    assert "<strong>Beispieldaten</strong>" in letter.html
    assert "[Beispieldaten]" not in letter.html.partition("<h1")[2], "once is enough above a headline"


def test_a_mail_that_may_be_stopped_says_how():
    stop = "https://skip.beispiel.test/abbestellen/x"
    letter = compose("sample", demo=False, unsubscribe_url=stop, **GOOD)
    assert letter.text.endswith(f"Diese Mails abbestellen:\n{stop}\n")
    assert f'<a href="{stop}">Diese Mails abbestellen</a>' in letter.html


def test_a_missing_value_is_an_error():
    with pytest.raises(UndefinedError):
        compose("sample", demo=False, title="Sitzung", address=ADDRESS)


def test_lists_hang_and_long_words_stay_whole():
    made = wrapped("- " + "Wort " * 30 + "\n" + "x" * 120)
    assert "\n  Wort" in made
    assert "x" * 120 in made
