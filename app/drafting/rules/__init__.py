"""The rules of drafting, pure functions over plain values: ``table.py`` lists them, ``draft.py`` runs them."""
