"""Did the person say yes? In a few languages, and in doubt it is a no.

Then they are asked once more, and nothing is lost.
"""

import unicodedata

_QUESTION_MARKS = frozenset("?？؟")  # noqa: RUF001


def _table(phrases: str) -> frozenset[tuple[str, ...]]:
    return frozenset(tuple(phrase.split()) for phrase in phrases.replace("\n", "|").split("|"))


_YES_BEGINS = _table(
    """yes|yess|yeah|yea|yep|yup|ye|y|aye|sure|ok|okay|okey|please|absolutely|definitely|certainly
    affirmative|confirm|confirmed|correct|right|fine|alright|all right|exactly|indeed|proceed
    totally|positive|of course|go ahead|go for it|go on|do it|do that|do so|just do it|kindly
    by all means|for sure|sounds good|very well|make it so|you may|you got it|hell yes|hell yeah
    let us do it|lets do it|i do|i am|i confirm|that is right|that is correct|that is what i want
    sí|si|claro|vale|dale|adelante|por supuesto|oui|daccord|ja|klar|natürlich|gerne|sim|sì|certo
    evet|да|конечно|نعم|ہاں|جی|بالکل|ٹھیک ہے|haan|han|ji|bilkul|theek hai|हाँ|हां|जी|ठीक है
    是|是的|好|好的|はい|네|👍|✅"""
)
_YES_IS = _table(
    """all|all of them|all of it|everything|both|that one|really|100|why not|sure why not
    delete it|delete them|delete them all|delete all of them|remove it|remove them|remove them all
    clear it|clear them|wipe it|wipe them|nuke it|nuke them|get rid of them"""
)
_NO_HOLDS = frozenset(
    word
    for (word,) in _table(
        """no|not|dont|never|stop|wait|cancel|nope|nah|keep|except|but|nein|nicht|halt|non|pas|nunca
        não|нет|не|نہیں|مت|نہ|nahi|nahin|mat|नहीं|मत|لا|不|いいえ"""
    )
)
_LONGEST = max(map(len, _YES_BEGINS))


def asks(message: str) -> bool:
    """Return whether a message asks something."""
    return not _QUESTION_MARKS.isdisjoint(message)


def agrees(message: str) -> bool:
    """Return whether a message is a plain yes."""
    words = _words(message)
    if words in _YES_IS:
        return True
    if asks(message) or not _NO_HOLDS.isdisjoint(words):
        return False
    return any(words[:length] in _YES_BEGINS for length in range(1, _LONGEST + 1))


def _words(message: str) -> tuple[str, ...]:
    """Return the words, without case, punctuation and skin tones."""
    plain = message.casefold().replace("'", "").replace("’", "")
    kept = (" " if unicodedata.category(letter)[0] in "PC" else letter for letter in plain)
    return tuple("".join(one for one in kept if unicodedata.category(one) != "Sk").split())
