"""What the subcommands take on the command line, besides the options common to all."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

CodeOption = Annotated[str | None, typer.Option("-c", metavar="CODE", help="Run CODE and end.")]
FirstOption = Annotated[Path | None, typer.Option("-i", metavar="FILE", help="Run FILE, then the REPL on its state.")]
VersionOption = Annotated[bool, typer.Option("--version", help="Show the version and end.")]
FilesArgument = Annotated[list[str], typer.Argument(metavar="FILE...", help="Scripts; - is standard input.")]
CheckOption = Annotated[bool, typer.Option("--check", help="Compare every line with CPython.")]
ProblemsArgument = Annotated[list[str] | None, typer.Argument(metavar="PROBLEM...", help='As "a=71; a+? == 18".')]
TasksOption = Annotated[Path | None, typer.Option("--file", metavar="TASKS.jsonl", help="One problem a line.")]
OutputOption = Annotated[list[Path] | None, typer.Option("-o", "--output", metavar="FILE", help="PNG, SVG or PDF.")]
PlaneOption = Annotated[Literal["pca", "tsne"], typer.Option("--plane", help="Above two dimensions; tsne: openTSNE.")]
ProblemArgument = Annotated[str, typer.Argument(metavar="PROBLEM", help='As "a=71; a+? == 18".')]
SizeOption = Annotated[int, typer.Option("--size", min=2, max=400, metavar="N", help="N x N points are scored.")]
SpaceArgument = Annotated[str | None, typer.Argument(metavar="[PROBLEM]", help='As "a=71; a+? == 18", the default.')]
PortOption = Annotated[int, typer.Option("--port", min=0, max=65535, metavar="N", help="0 for any that is free.")]
BrowserOption = Annotated[bool, typer.Option("--browser/--no-browser", help="Open the page where there is a screen.")]
ProgramsArgument = Annotated[Path, typer.Argument(metavar="FILE.jsonl", help="Objects, one a line.")]
FormatOption = Annotated[
    Literal["programs", "cruxeval", "state-changes"],
    typer.Option("--format", help='{"id", "program"}; {"id", "code", "input", "output"}; {"start", "code", "end"}.'),
]
JobsOption = Annotated[int, typer.Option("--jobs", min=1, metavar="N", help="Processes that share the work.")]
DaskOption = Annotated[
    str | None, typer.Option("--dask", metavar="ADDRESS", help="The scheduler of a Dask cluster that does the work.")
]
KernelArgument = Annotated[Literal["install"], typer.Argument(metavar="install")]
PrefixOption = Annotated[Path | None, typer.Option("--prefix", metavar="FOLDER", help="An environment, not the user.")]
WrongOption = Annotated[
    bool, typer.Option("--show-wrong", help="List wrong answers, and wrong lines with their first wrong cell.")
]
