"""Finds the few patterns of a table that a clause may match, by the words it has."""

import itertools
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence

from todo_chatbot.agent.offline.patterns import Pattern

_SELDOM = 8
"""How much more seldom a word begins a clause than it stands in one."""

Place = tuple[int, int]
"""Which frame, and which of its patterns."""


class Index:
    """The patterns of all frames, each under words of which a clause must have one.

    A pattern stands under the rarest of its words. How common a word is, is told by how many
    patterns need it: hardly anything is found by "is", by "undo" something is.
    """

    def __init__(self, frames: Sequence[Sequence[Pattern]]) -> None:
        self._frames = frames
        self._always: list[Place] = []
        self._by_head = defaultdict[str, list[Place]](list)
        self._by_word = defaultdict[str, list[Place]](list)
        needed = [need for patterns in frames for one in patterns for need in one.needs]
        common = Counter(itertools.chain.from_iterable(needed))
        for frame, patterns in enumerate(frames):
            for at, pattern in enumerate(patterns):
                self._put((frame, at), pattern, common)

    def _put(self, place: Place, pattern: Pattern, common: Counter[str]) -> None:
        def cost(words: Collection[str]) -> int:
            return sum(common[word] for word in words)

        rarest = min(pattern.needs, key=cost, default=None)
        head = pattern.head
        if head is not None and (rarest is None or cost(head) < _SELDOM * cost(rarest)):
            shelf, words = self._by_head, head
        elif rarest is not None:
            shelf, words = self._by_word, rarest
        else:
            self._always.append(place)
            return
        for word in words:
            shelf[word].append(place)

    def near(
        self, heads: Collection[str], words: Collection[str]
    ) -> Iterator[tuple[int, list[Pattern]]]:
        """Yield frames and those of their patterns that may match, both in the table's order.

        ``heads`` are the words that the clause may begin with, ``words`` all that it has.
        """
        found = set(self._always)
        for head in heads:
            found.update(self._by_head.get(head, ()))
        for word in words:
            found.update(self._by_word.get(word, ()))
        for frame, places in itertools.groupby(sorted(found), key=lambda place: place[0]):
            patterns = self._frames[frame]
            yield frame, [patterns[at] for _, at in places]
