"""Text from outside that the database can store."""


def storable(text: str) -> str:
    """Return ``text``.

    Raises:
        ValueError: it holds what PostgreSQL cannot: NUL, or half of a UTF-16 pair, which JSON lets
            through.
    """
    if "\x00" in text or any("\ud800" <= character <= "\udfff" for character in text):
        raise ValueError("must not contain NUL or unpaired surrogates")
    return text
