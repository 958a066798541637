"""Why the stack cannot run."""


class CannotStart(Exception):
    """A sentence for the person who typed the command: what is wrong and what to do."""
