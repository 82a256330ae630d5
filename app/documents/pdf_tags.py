"""Tags of PDF pages that move from one file into another: the structure tree comes along with its pages."""

from collections.abc import Collection, Sequence
from typing import Any

import pikepdf


def take_tags_over(made: pikepdf.Pdf, source: pikepdf.Pdf, pages: Sequence[Any]) -> None:
    """Append the structure of *source*, whose *pages* stand in *made* already; both are documents of ours.

    Pages and links name their place in the parent tree by a number: those of *source* go on behind those of *made*.
    """
    root = made.Root.StructTreeRoot
    taken = made.copy_foreign(source.Root.StructTreeRoot)
    numbers: list[Any] = list(root.ParentTree.Nums)
    offset = max((int(key) for key in numbers[::2]), default=-1) + 1
    theirs: list[Any] = list(taken.ParentTree.Nums)
    for key, value in zip(theirs[::2], theirs[1::2], strict=True):
        numbers += [int(key) + offset, value]
    root.ParentTree.Nums = pikepdf.Array(numbers)
    for element in _kids(taken):
        element.P = root
        root.K.append(element)
    for page in pages:
        if "/StructParents" in page:
            page.StructParents = int(page.StructParents) + offset
        for annotation in page.get("/Annots", pikepdf.Array()):
            if "/StructParent" in annotation:
                annotation.StructParent = int(annotation.StructParent) + offset


def move_tags(made: pikepdf.Pdf, pages: Collection[tuple[int, int]]) -> None:
    """What is told on *pages* (by object number) is told last: their elements become a document part of their own."""
    root = made.Root.StructTreeRoot
    document = root.K[0]
    moved = [kid for kid in _kids(document) if _page_of(kid) in pages]
    if not moved:
        return
    document.K = pikepdf.Array([kid for kid in _kids(document) if _page_of(kid) not in pages])
    last = made.make_indirect(
        pikepdf.Dictionary(Type=pikepdf.Name.StructElem, S=document.S, P=root, K=pikepdf.Array(moved))
    )
    for kid in moved:
        kid.P = last
    root.K.append(last)


def _kids(element: Any) -> list[Any]:
    kids = element.K
    return list(kids) if isinstance(kids, pikepdf.Array) else [kids]


def _page_of(element: Any) -> tuple[int, int] | None:
    """The page on which an element begins."""
    if not isinstance(element, pikepdf.Dictionary):
        return None
    if "/Pg" in element:
        return element.Pg.objgen
    for kid in _kids(element) if "/K" in element else ():
        found = _page_of(kid)
        if found is not None:
            return found
    return None
