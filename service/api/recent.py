"""Answers that are kept while they are asked for: the most recent, up to so many bytes."""

from collections import OrderedDict
from collections.abc import Hashable

from service.api.tagged import Tagged

MOST_BYTES = 16 * 1024 * 1024


class Recent:
    """One application's. What was asked for longest ago goes first; a body above the whole bound is not kept."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self.most_bytes = most_bytes
        self.bytes = 0
        self._kept: OrderedDict[Hashable, Tagged] = OrderedDict()

    def find(self, key: Hashable) -> Tagged | None:
        found = self._kept.get(key)
        if found is not None:
            self._kept.move_to_end(key)
        return found

    def keep(self, key: Hashable, answer: Tagged) -> None:
        if len(answer.body) > self.most_bytes:
            return
        replaced = self._kept.pop(key, None)
        self.bytes += len(answer.body) - (0 if replaced is None else len(replaced.body))
        self._kept[key] = answer
        while self.bytes > self.most_bytes:
            _, oldest = self._kept.popitem(last=False)
            self.bytes -= len(oldest.body)
