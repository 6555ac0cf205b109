"""What `:save` writes loads, and leads to the same values."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from latent_repl.errors import LatentReplError
from latent_repl.model.interface import Interpreter
from latent_repl.repl.script import script_of
from latent_repl.session import Session

TWELVE = "\n".join(f"{name} = 1" for name in "abcdefghijkl")

SESSIONS = {
    "after del": ["a = 1", "del a", "b = 2", "a = b"],
    "a name that was a function's": ["f = 1", "del f", "def f():\n    return 2", "f()"],
    "an error behind a semicolon": ["a = 1; b = a // 0; c = 3", "d = a"],
    "a loop that failed half-way": ["for i in range(3):\n    x = i\n    1 // (1 - i)", "y = x + i"],
    "a list that changed before the error": ["a = [1]", "a.append(2); 1 // 0", "b = a"],
    "a function before the error": ["def f(a):\n    return a\nf(1 // 0)", "b = f(3)"],
    "a comment with a form feed": ["a = 1 # x\x0cb", "b = 2"],
    "a comment with line separators": ["a = 1 # \u2028b \x85c \x1cd", "1 // 0 # \u2028b \x0bc"],
    "carriage returns": ["if 1:\r\n    a = 1\r\n", "b = 2\rc = 3"],
    "a text in quotes over lines": ['s = """a\nb"""', '1 // 0\n"""c\nd"""'],
    "close to the slot limit": [TWELVE, "del a", "m = b + c * d", "del m", "a = b"],
    "slots that come and go": [TWELVE, "del l", "print(a + b * c)", "l = [[1], [2, [3]]]"],
    "a refused text between": ["a = 1", "import os", "b = a"],
    "modules and a function inside one": [
        "import math\nfrom string import digits as d\ndef f(x):\n    def g(): return math.gcd(x, 6)\n    return g()",
        f"{TWELVE}; 1 // 0",
        "x = f(4)",
    ],
    "nothing": [],
}


def session_of(model: Interpreter, texts: Sequence[str]) -> Session:
    session = Session(model, check=False)
    for text in texts:
        try:
            session.run(text)
        except LatentReplError:
            continue
    return session


@pytest.mark.parametrize("name", SESSIONS)
def test_what_is_saved_loads_and_leads_to_the_same_values(name: str, shipped_model: Interpreter) -> None:
    session = session_of(shipped_model, SESSIONS[name])
    again = Session(shipped_model, check=False)
    again.run(script_of(session.timeline.passed, shipped_model))
    assert again.state == session.state


def test_what_failed_is_a_comment_and_its_values_stand_behind_it(shipped_model: Interpreter) -> None:
    session = session_of(shipped_model, ["a = 7", "for i in range(2):\n    a = i // i"])
    assert script_of(session.timeline.passed, shipped_model) == (
        "a = 7\n# for i in range(2):\n#     a = i // i\na = 7\ni = 0\n"
    )


def test_a_list_in_itself_is_named_in_a_comment(shipped_model: Interpreter) -> None:
    session = session_of(shipped_model, ["a = [1]", "for x in [1]:\n    a.append(a)\n    1 // 0", "b = 2"])
    assert "# a is too long to be written out, or lies in itself" in script_of(session.timeline.passed, shipped_model)
