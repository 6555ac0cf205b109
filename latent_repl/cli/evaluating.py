"""Whole files of programs, compared with exact execution or with published answers, on one worker or many."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import Any

from latent_repl import evaluation, published
from latent_repl.cli.options import Settings
from latent_repl.cli.pieces import Warm, answer_piece, evaluate_piece
from latent_repl.cli.workers import Workers
from latent_repl.errors import printable
from latent_repl.evaluation import batches, read_programs, summed_up
from latent_repl.exits import DONE, FAILED
from latent_repl.published import described, read_questions


def evaluate_file(
    path: Path, format: str, workers: Workers, warm: Warm, settings: Settings, *, show_wrong: bool
) -> int:
    """Show how the programs of a file end, in one of its formats, and return the exit code."""
    if format != "programs":
        return _answer_file(path, format, workers, warm, settings, show_wrong=show_wrong)
    pieces, code = batches(read_programs(path)), DONE
    for record in summed_up(workers.results(partial(evaluate_piece, warm, show_wrong), pieces), evaluation.summary):
        settings.waiting.pause()
        code = FAILED if record.get("exact") is False else code
        if settings.json:
            print(json.dumps(record))
        for line in () if settings.json else record.get("wrong", ()):
            print(f"{record['id']}:{line['message']}")
        if "summary" in record and not settings.json:
            rows = (f"{name.replace('_', ' '):<20} {value}" for name, value in record.items() if name != "summary")
            print("\n".join(rows))
    return code


def _answer_file(path: Path, format: str, workers: Workers, warm: Warm, settings: Settings, *, show_wrong: bool) -> int:
    pieces, records = batches(read_questions(path, format)), list[dict[str, Any]]()
    parts = workers.results(partial(answer_piece, warm, format, show_wrong), pieces)
    for record in summed_up(parts, published.summary):
        settings.waiting.pause()
        records.append(record)
        if settings.json:
            print(json.dumps(record))
    summary = records.pop()
    if not settings.json:
        print(printable(described(records, summary, show_wrong=show_wrong)))
    return DONE if summary["right"] == summary["rows"] else FAILED
