"""Which characters of a text are inside strings and comments, before Python's parser can read it."""

from __future__ import annotations

import re
from collections.abc import Iterator

_END = r"(?:{quote}|\\?\Z)"
_LONG = r"{quote}(?:\\.|[^\\])*?" + _END
# A string that is not closed ends with its line, unless a backslash continues that.
_SHORT = r"{quote}(?:\\.|[^{quote}\\\n])*(?:{quote}|(?=\n)|\\?\Z)"
_QUOTED = re.compile(
    "|".join(
        [
            r"#[^\n]*",
            *(_LONG.format(quote=quote) for quote in ('"""', "'''")),
            *(_SHORT.format(quote=quote) for quote in ('"', "'")),
        ]
    ),
    re.DOTALL,
)


def quoted(text: str) -> Iterator[range]:
    """Yield the indices of each comment and each string, quotes included; a string's prefix is outside.

    >>> list(quoted("a = 'b?'  # why?"))
    [range(4, 8), range(10, 16)]
    """
    return (range(*match.span()) for match in _QUOTED.finditer(text))
