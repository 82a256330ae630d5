"""The order of the agenda: sections, then what comes first, score, main field, project number, title."""

from collections.abc import Iterable, Mapping

from app import text
from app.agenda.models import SectionKey
from app.drafting.schemas import Field, ProjectFacts, ProjectRef, Proposal

SECTIONS: Mapping[SectionKey, int] = {section: place for place, section in enumerate(SectionKey)}

MISSING, RED = "missing", "red"
DECISIONS, SECRET_DECISIONS = "decisions", "decisions-confidential"
ACTIONS, SECRET_ACTIONS = "actions", "actions-confidential"
GROUPS = (DECISIONS, SECRET_DECISIONS, ACTIONS, SECRET_ACTIONS, MISSING, RED)
"""The keys of the grouped proposals: they end their section, in this order."""

ProjectKey = tuple[int, str, str, str, int]
_LAST = 10**6


def project_key(project: ProjectFacts) -> ProjectKey:
    """Sorts projects by main field, number in natural order (1.9 before 1.10), title, id."""
    field = project.field or Field("", _LAST)
    name = text.sort_key(field.name)
    return field.position, name, text.number_key(project.code), text.sort_key(project.title), project.id


def refs(projects: Iterable[ProjectFacts]) -> tuple[ProjectRef, ...]:
    """The projects as a proposal names them, in their order."""
    return tuple(ProjectRef(project.id, project.code, project.title) for project in sorted(projects, key=project_key))


def ordered(
    proposals: Iterable[Proposal], projects: Mapping[int, ProjectFacts], first: frozenset[str]
) -> tuple[Proposal, ...]:
    """The proposals in the order of the agenda; those with a key in *first* head their section."""

    def key(proposal: Proposal) -> tuple[int, int, int, ProjectKey, str, str]:
        rank = 0 if proposal.key in first else 2 + GROUPS.index(proposal.key) if proposal.key in GROUPS else 1
        lead = project_key(projects[proposal.projects[0].id]) if proposal.projects else (_LAST, "", "", "", 0)
        title, number = text.sort_key(proposal.title), text.number_key(proposal.key)
        return SECTIONS[proposal.section], rank, -proposal.score, lead, title, number

    return tuple(sorted(proposals, key=key))
