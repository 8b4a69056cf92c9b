"""What was analysed before: undo and redo."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from engine.request import AnalysisRequest

MOST = 100  # steps


class History(QObject):
    """The requests that gave a result, the session that each belongs to, and which of them is shown.

    Undo and redo may be asked for again before the step they lead to is there: `_target` runs ahead of `_shown`, and
    comes back if that step fails. Where another request failed, the way back is to the step that is still shown.

    Signals
    -------
    wanted(AnalysisRequest, int)
        A step to show and to analyse again, and the number of its session.
    changed()
        What can be undone or redone.
    """

    wanted = Signal(object, int)
    changed = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._steps: list[tuple[AnalysisRequest, int]] = []
        self._shown = self._target = -1
        self._asked: AnalysisRequest | None = None
        self._astray = False  # whether what was asked for last came to nothing and is no step

    @property
    def can_undo(self) -> bool:
        """Whether there is an earlier step, or one is shown that is not what was asked for since."""
        return self._target > 0 or self._astray

    @property
    def can_redo(self) -> bool:
        """Whether there is a later step."""
        return self._target < len(self._steps) - 1

    def undo(self) -> None:
        """Ask for the step before; after a request that failed, for the one that is shown."""
        if self.can_undo:
            self._go_to(self._shown if self._astray else self._target - 1)

    def redo(self) -> None:
        """Ask for the step after."""
        if self.can_redo:
            self._go_to(self._target + 1)

    def ask(self, request: AnalysisRequest) -> None:
        """A request is being analysed."""
        self._asked = request

    def record(self, request: AnalysisRequest, session: int = 0) -> None:
        """A request gave a result: a step, unless it is the one that was asked for; later ones are dropped then."""
        if not self._steps or request != self._steps[self._target][0]:
            del self._steps[self._shown + 1 :]
            self._steps.append((request, session))
            del self._steps[:-MOST]
            self._target = len(self._steps) - 1
        else:
            self._steps[self._target] = (request, session)  # another one may have been opened that asks for the same
        self._shown, self._astray = self._target, False
        self.changed.emit()

    def give_up(self) -> None:
        """What was asked for did not come: a step, or a request that is none then."""
        is_step = self._target != self._shown
        self._astray = not is_step and bool(self._steps) and self._asked != self._steps[self._shown][0]
        self._target = self._shown
        self.changed.emit()

    def _go_to(self, step: int) -> None:
        self._target, self._astray = step, False
        self.changed.emit()
        self.wanted.emit(*self._steps[step])
