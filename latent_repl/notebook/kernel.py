"""The kernel: what Jupyter asks, answered by cells of Lx. Source: ipykernel's documentation of wrapper kernels."""

from __future__ import annotations

import base64
import re
from typing import Any, cast

from ipykernel.kernelbase import Kernel
from traitlets import Unicode

from latent_repl import __version__
from latent_repl.errors import LatentReplError, ProgramError
from latent_repl.modes import Mode
from latent_repl.notebook.cells import CellOutput, CellRunner
from latent_repl.repl.completion import complete
from latent_repl.repl.prompt import is_ready
from latent_repl.session import Session

WORD = re.compile(r":?\w*\Z")


class LxKernel(Kernel):
    """Runs cells of Lx on one session; an interrupt or an error leaves the session as it was before the statement."""

    implementation = "latent-repl"
    implementation_version = __version__
    banner = "latent-repl: a neural network runs what you type. :help helps."
    language_info = {  # noqa: RUF012, Jupyter's own attribute
        "name": "lx",
        "version": __version__,
        "mimetype": "text/x-python",
        "file_extension": ".lx",
        "pygments_lexer": "python",
        "codemirror_mode": "python",
    }
    model = Unicode("base", help="The checkpoint that interprets.").tag(config=True)
    mode = Unicode("snap", help="latent or snap.").tag(config=True)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._cells = CellRunner(
            self._open_session, lambda text: self._send("stream", {"name": "stdout", "text": text})
        )
        self._silent = False

    async def do_execute(
        self,
        code: str,
        silent: bool,
        store_history: bool = True,
        user_expressions: Any = None,
        allow_stdin: bool = False,
        *,
        cell_meta: Any = None,
        cell_id: Any = None,
    ) -> dict[str, Any]:
        """Run a cell and return Jupyter's reply; what is shown goes out piece by piece."""
        self._silent = silent
        try:
            for shown in self._cells.run(code):
                self._send("display_data", {"data": _bundle(shown), "metadata": {}})
        except (LatentReplError, KeyboardInterrupt) as error:
            return self._failed(error)
        except Exception as error:  # a cell without a reply would never end
            return self._failed(LatentReplError(f"internal error, nothing was run: {type(error).__name__}: {error}"))
        return {"status": "ok", "execution_count": self.execution_count, "payload": [], "user_expressions": {}}

    async def do_complete(self, code: str, cursor_pos: int) -> dict[str, Any]:
        """Return what Tab offers at the cursor."""
        line = code[:cursor_pos].rsplit("\n", 1)[-1]
        start, matches = complete(self._cells.context, line)
        return {
            "status": "ok",
            "matches": matches,
            "cursor_start": cursor_pos + start,
            "cursor_end": cursor_pos,
            "metadata": {},
        }

    async def do_is_complete(self, code: str) -> dict[str, Any]:
        """Return whether Enter runs the text or begins another line."""
        if is_ready(code):
            return {"status": "complete"}
        return {"status": "incomplete", "indent": "    " if code.rstrip().endswith(":") else ""}

    async def do_inspect(
        self, code: str, cursor_pos: int, detail_level: int = 0, omit_sections: Any = ()
    ) -> dict[str, Any]:
        """Return what there is to say of the name or the command at the cursor."""
        begun = WORD.search(code[:cursor_pos])
        rest = re.match(r"\w*", code[cursor_pos:])
        said = self._cells.inspect((begun[0] if begun else "") + (rest[0] if rest else ""))
        data = {} if said is None else {"text/plain": said}
        return {"status": "ok", "found": said is not None, "data": data, "metadata": {}}

    def _open_session(self) -> Session:
        return Session(self.model, mode=cast(Mode, self.mode), trace=True)

    def _send(self, kind: str, content: dict[str, Any]) -> None:
        if not self._silent:
            self.send_response(self.iopub_socket, kind, content)

    def _failed(self, error: BaseException) -> dict[str, Any]:
        name = error.kind if isinstance(error, ProgramError) else type(error).__name__
        said = str(error) or "interrupted"
        content = {"ename": name, "evalue": said, "traceback": said.split("\n")}
        self._send("error", content)
        return {"status": "error", "execution_count": self.execution_count, **content}


def _bundle(shown: CellOutput) -> dict[str, str]:
    bundle = {"text/plain": shown.plain}
    if shown.png is not None:
        return bundle | {"image/png": base64.b64encode(shown.png).decode("ascii")}
    return bundle | {"text/html": shown.html}
