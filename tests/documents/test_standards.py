"""Every document conforms to PDF/A-3a and PDF/UA-1, and the checks notice a file that does not."""

import io
from pathlib import Path

import pikepdf
import pytest

from tests.documents import (
    action_samples,
    attendance_samples,
    decision_samples,
    letter_samples,
    minutes_samples,
    personal_samples,
    speaking_samples,
)
from tests.documents.change_samples import AGENDAS, SHEETS, drawn_changes
from tests.documents.delta_samples import DELTAS, drawn_delta
from tests.documents.samples import STRAINING, drawn
from tests.tools import verapdf
from tests.tools.pdf_structure import problems, tree

pytestmark = pytest.mark.once


@pytest.mark.parametrize("name", STRAINING)
def test_structure(name: str) -> None:
    assert problems(drawn(name)) == []


@pytest.mark.parametrize("name", minutes_samples.STRAINING)
def test_structure_of_minutes(name: str) -> None:
    assert problems(minutes_samples.drawn(name)) == []


def test_the_quick_check_notices_what_is_broken() -> None:
    assert problems(_broken(drawn("released"))) == [
        "the language is not German",
        "no output intent",
        "a header cell without scope",
    ]


@pytest.mark.slow
def test_verapdf(tmp_path: Path) -> None:
    reason = verapdf.missing()
    if reason is not None:
        pytest.skip(reason)
    contents = {name: drawn(name) for name in STRAINING}
    contents |= {name: speaking_samples.drawn(name) for name in speaking_samples.STRAINING}
    contents |= {name: attendance_samples.drawn(name) for name in attendance_samples.STRAINING}
    contents |= {name: letter_samples.drawn(name) for name in letter_samples.STRAINING}
    contents |= {name: minutes_samples.drawn(name) for name in minutes_samples.STRAINING}
    contents |= {name: decision_samples.drawn(name) for name in decision_samples.STRAINING}
    contents |= {name: personal_samples.drawn(name) for name in personal_samples.STRAINING}
    contents |= {name: action_samples.drawn(name) for name in action_samples.LISTS}
    contents |= {name: drawn_delta(name) for name in DELTAS}
    contents |= {name: drawn_changes(name) for name in (*SHEETS, *AGENDAS)}
    files = {name: tmp_path / f"{number}.pdf" for number, name in enumerate(contents)}
    for name, path in files.items():
        path.write_bytes(contents[name])
    bad = tmp_path / "bad.pdf"
    bad.write_bytes(_broken(drawn("released")))
    broken = verapdf.validate([*files.values(), bad])
    assert {(name, flavour): broken[path, flavour] for name, path in files.items() for flavour in ("3a", "ua1")} == {
        (name, flavour): [] for name in files for flavour in ("3a", "ua1")
    }
    assert any(rule.startswith("6.2.4.3") for rule in broken[bad, "3a"])
    assert any(rule.startswith("7.2-") for rule in broken[bad, "ua1"])


def _broken(content: bytes) -> bytes:
    """The same document without language and output intent, and with a header cell that heads nothing."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as pdf:
        del pdf.Root.OutputIntents
        del pdf.Root.Lang
        header = next(element for element, _parent in tree(pdf) if str(element.S) == "/TH")
        del header.A.Scope
        pdf.save(out)
    return out.getvalue()
