"""Stored data of a person as plain values: ordinary ones and those that strain a page."""

import datetime as dt
from functools import cache

from app.documents.personal_data import DataField, DataPart, Explained, PersonalDataValues, render_personal_data
from tests.documents.samples import LONG_WORD, SIGNS


def field(label: str, words: str) -> DataField:
    return DataField(key="key", label=label, value=words, words=words)


def stored(name: str, *parts: DataPart, demo: bool = False) -> PersonalDataValues:
    return PersonalDataValues(
        name=name,
        made_at=dt.datetime(2026, 5, 12, 8, 47, tzinfo=dt.UTC),
        parts=parts,
        left_out=(Explained(what="Namen anderer", why="Sie gehören diesen."),),
        demo=demo,
    )


STRAINING = {
    "stored data": stored(
        "Dr. Ada Beispiel",
        DataPart(key="person", title="Person", rows=((field("Name", "Beispiel"), field("Anrede", "")),)),
        DataPart(key="mail", title="Mails", rows=((field("Betreff", "Einladung"), field("Text", "Guten Tag\nGruß")),)),
        demo=True,
    ),
    "stored data of nobody": stored("N"),
    "stored data of many mails": stored(
        LONG_WORD[:200],
        DataPart(key="mail", title=LONG_WORD[:100], rows=((field(LONG_WORD[:60], LONG_WORD),),) * 90),
        DataPart(key="empty", title="Leer", rows=((field("Leer", ""),),)),
    ),
    "strange signs in stored data": stored(
        SIGNS.title, DataPart(key="x", title=SIGNS.title, rows=((field(SIGNS.title, SIGNS.title),),))
    ),
}


@cache
def drawn(name: str) -> bytes:
    """The PDF of one of STRAINING."""
    return render_personal_data(STRAINING[name])
