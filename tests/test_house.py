"""The house rules: tests stand at their modules' paths, modules and functions stay short, names mean one thing."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from latent_repl.language.operators import OPERATORS, ROW_OPERATORS

ROOMS = ("latent_repl", "grammar", "training")
MIRRORED, MODULE_LINES, FUNCTION_LINES, WORDS = 0.9, 300, 40, 3
NO_MODULES = ("__init__.py", "__main__.py")
SYMBOL_MODULES = 4
TWINS = {"latent_repl/model/network", "latent_repl/model/inference", "latent_repl/model/sums"}
"""Rooms in which one network stands twice, in torch and in NumPy, by the same name."""


def modules(repository: Path) -> list[Path]:
    """Return the paths of all modules, from the repository's root."""
    return [path.relative_to(repository) for room in ROOMS for path in sorted((repository / room).rglob("*.py"))]


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Yield every function of a file, methods too."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def test_nine_modules_of_ten_have_a_test_at_their_path(repository: Path) -> None:
    tested = {
        module: (repository / "tests" / module.parent / f"test_{module.name}").is_file()
        for module in modules(repository)
        if module.name not in NO_MODULES
    }
    without = [str(module) for module, has_one in tested.items() if not has_one]
    assert sum(tested.values()) >= MIRRORED * len(tested), without


def test_no_module_is_longer_than_its_limit(repository: Path) -> None:
    lines = {str(path): (repository / path).read_text(encoding="utf-8").count("\n") for path in modules(repository)}
    assert {path for path, count in lines.items() if count > MODULE_LINES} == set()


def test_no_public_function_is_longer_than_its_limit(repository: Path) -> None:
    long = {
        f"{path}: {function.name}"
        for path in modules(repository)
        for function in functions(repository / path)
        if not function.name.startswith("_")
        if (function.end_lineno or 0) - function.lineno >= FUNCTION_LINES
    }
    assert long == set()


def test_names_of_tests_say_what_holds(repository: Path) -> None:
    short = [
        f"{path.relative_to(repository)}: {function.name}"
        for path in sorted((repository / "tests").rglob("test_*.py"))
        for function in functions(path)
        if function.name.startswith("test")
        if not function.name.startswith("test_") or len(function.name.split("_")) <= WORDS
    ]
    assert short == []


def named(path: Path) -> Iterator[str]:
    """Yield the classes and the types that a file defines, without the underscore of those that are its own."""
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        names = [node.name] if isinstance(node, ast.ClassDef) else []
        if isinstance(node, ast.Assign):
            names = [target.id for target in node.targets if isinstance(target, ast.Name)]
        yield from (name.lstrip("_") for name in names if name.lstrip("_")[:1].isupper() and not name.isupper())


def test_no_name_of_a_class_or_a_type_means_two_things(repository: Path) -> None:
    homes = defaultdict(list)
    for path in modules(repository):
        for name in named(repository / path):
            homes[name].append(path)
    twice = {name: paths for name, paths in homes.items() if len(paths) > 1}
    assert {name: paths for name, paths in twice.items() if {str(path.parent) for path in paths} - TWINS} == {}


def test_the_symbol_of_an_operator_stands_in_few_modules(repository: Path) -> None:
    spelled: dict[str, list[str]] = {symbol: [] for symbol in (*OPERATORS, *ROW_OPERATORS)}
    for path in modules(repository):
        if path.parts[0] != "training":
            nodes = ast.walk(ast.parse((repository / path).read_text(encoding="utf-8")))
            constants = {node.value for node in nodes if isinstance(node, ast.Constant)}
            for symbol in spelled.keys() & constants:
                spelled[symbol].append(str(path))
    assert {symbol: paths for symbol, paths in spelled.items() if not 1 <= len(paths) <= SYMBOL_MODULES} == {}


def test_the_map_of_a_room_names_each_thing_in_it(repository: Path) -> None:
    wrong: dict[str, set[str]] = {}
    for entrance in (path for path in modules(repository) if path.name == "__init__.py" and len(path.parts) > 2):
        room = (repository / entrance).parent
        map_of_room = ast.get_docstring(ast.parse((repository / entrance).read_text(encoding="utf-8"))) or ""
        named = set(re.findall(r"(?<![\w/])(\w+\.py|\w+/)", map_of_room))
        there = {path.name for path in room.glob("*.py")} | {
            f"{path.parent.name}/" for path in room.glob("*/__init__.py")
        }
        missing = there - named - {"__init__.py"}
        gone = {name for name in named if name.endswith(".py") and not (room / name).exists()}
        wrong |= {str(entrance): missing | gone} if missing | gone else {}
    assert wrong == {}
