"""What Tab offers and how typed text is coloured."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from prompt_toolkit.completion import CompleteEvent, Completer, Completion, PathCompleter
from prompt_toolkit.document import Document
from pygments.lexers.python import PythonLexer
from pygments.token import Keyword, Punctuation

from latent_repl.errors import UsageError
from latent_repl.language.operators import WORDS as OPERATOR_WORDS
from latent_repl.language.parsing.imports import members
from latent_repl.language.program import LAST_VALUE
from latent_repl.language.signatures import BUILTINS, METHODS
from latent_repl.language.values import VALUES
from latent_repl.repl.commands import COMMANDS, Command, find
from latent_repl.repl.context import Context
from latent_repl.synthesis.options import OPTIONS, SEARCHES

WORDS = (
    *("if", "elif", "else", "while", "for", "in", "range", "break", "continue", "pass", "del", "assert", "print"),
    *("try", "except", "finally", "raise", "global", "match", "case"),
    *("def", "return", "lambda", "nonlocal", "import", "from", "as"),
    *("and", "or", *OPERATOR_WORDS, *(word for kind in VALUES for word in kind.words), LAST_VALUE),
)
"""The words of Lx beside the user's own names."""
ROW_WORDS = ("None", "is", *BUILTINS)
"""Those that only a checkpoint with rows takes."""


HOLE = Punctuation.Hole
"""The token of a `?`, which the prompt gives a colour of its own."""


class LxLexer(PythonLexer):
    """Python's lexer with holes as tokens of their own and lines that begin with a colon as commands."""

    name = "Lx"
    tokens: ClassVar = {
        **PythonLexer.tokens,
        "root": [(r"\A:\w*", Keyword), (r"\?", HOLE), *PythonLexer.tokens["root"]],
        "expr": [(r"\?", HOLE), *PythonLexer.tokens["expr"]],
    }


class LxCompleter(Completer):
    """Completes commands after a colon, their arguments, and names and words elsewhere."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._paths = PathCompleter(expanduser=True)

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:
        """Yield what may stand at the cursor; never waits for the model."""
        text = document.text_before_cursor.lstrip()
        if not text.startswith(":"):
            return self._names(document)
        name, space, argument = text.partition(" ")
        if not space:
            return _matching(name, (f":{command.name}" for command in COMMANDS))
        return self._arguments(name, argument.lstrip(), document, complete_event)

    def _arguments(self, name: str, argument: str, document: Document, event: CompleteEvent) -> Iterable[Completion]:
        command = _known(name)
        if command is None:
            return ()
        if command.completes == "files":
            return self._paths.get_completions(Document(argument, len(argument)), event)
        if command.completes == "commands":
            return _matching(argument, (command.name for command in COMMANDS))
        if command.completes == "branches":
            session = self._context.opened
            return _matching(argument, () if session is None else (*session.branches, *session.pins))
        if command.completes == "synth" and (offered := _search_words(argument)):
            return offered
        fixed = command.completes if isinstance(command.completes, tuple) else ()
        return _matching(argument, fixed) if fixed else self._names(document)

    def _names(self, document: Document) -> Iterable[Completion]:
        session, text = self._context.opened, document.text_before_cursor
        if session is not None and session.model.vocabulary.knows_rows:
            method = re.search(r"(\w*)(?<=[\w\])}'\"])\.(\w*)\Z", text)
            if method is not None and not method[1].isdecimal():
                of_module = members(method[1], session.timeline.now.functions)
                return _matching(method[2], of_module or _methods(session.state, method[1]))
            words: Iterable[str] = (*WORDS, *ROW_WORDS)
        else:
            words = WORDS
        found = re.search(r"\w+\Z", text)
        names = () if session is None else (*session.state, *session.functions)
        return _matching(found.group() if found else "", sorted({*names, *words}))


def complete(context: Context, line: str) -> tuple[int, list[str]]:
    """Return what may stand at the end of a line, and how far before the end it begins, as -2."""
    offered = [*LxCompleter(context).get_completions(Document(line, len(line)), CompleteEvent())]
    return min((each.start_position for each in offered), default=0), [each.text for each in offered]


def _methods(state: Mapping[str, Any], name: str) -> list[str]:
    """Return the methods that may follow a dot: those of the variable before it, all where there is none."""
    return sorted(method for method in METHODS if name not in state or hasattr(state[name], method))


def _search_words(argument: str) -> list[Completion]:
    """Return the options of `:synth` where one has been begun, and what `--search` may be."""
    if found := re.search(r"--search +(\w*)\Z", argument):
        return _matching(found[1], SEARCHES)
    words = argument.split(" ")
    options = (f"--{option}" for option in ("apply", *OPTIONS))
    return _matching(words[-1], options) if words[-1].startswith("-") else []


def _known(name: str) -> Command | None:
    try:
        return find(name)
    except UsageError:
        return None


def _matching(prefix: str, words: Iterable[str]) -> list[Completion]:
    return [Completion(word, start_position=-len(prefix)) for word in words if word.startswith(prefix)]
