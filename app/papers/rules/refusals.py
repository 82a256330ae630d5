"""The refusal of one file: the half of a sentence that follows its name."""


class Unfit(Exception):
    """A file that is not taken; the text completes „name“ …, without a full stop."""
