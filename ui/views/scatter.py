"""All pairs of words: similarity in one space against similarity in the other."""

from __future__ import annotations

import html

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QObject, QPointF, Qt, Signal
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from engine.brush import Brush
from engine.brush_shapes import Lasso, Rectangle
from engine.description import describe_values, shortened
from engine.headline import describe_agreement_found
from engine.result import AnalysisResult
from engine.similarity import SIMILARITIES
from ui.elided_text import ElidedLabel
from ui.state import LASSO, AppState, Selection
from ui.theme import GRID, Colours
from ui.views.base import View
from ui.views.brush_box import BrushBox
from ui.views.brush_picture import BrushPicture
from ui.views.marks import Cross
from ui.views.pair_picture import PairPicture
from ui.views.plain_plot import PlainPlot
from ui.views.scatter_keys import ScatterKeys

HOVERS_PER_SECOND = 30
LONGEST_NAME = 32  # characters of a space's name beside an axis
REACH = 12  # pixels; how near a point must be to be meant


class ScatterView(View):
    """One point a pair, or of many pairs their density; hover names the nearest pair, click selects it.

    Signals
    -------
    menu_requested(QPoint)
        A right click on a pair, which is selected; or anywhere, while pairs are brushed. Or the menu key.
    inspected()
        The selected pair is to be seen in full.
    brush_requested(Rectangle or Lasso, bool)
        Pairs were enclosed; whether they are added to those picked before.
    """

    name = "scatter"
    title = "Scatter of pairs"

    menu_requested = Signal(object)
    inspected = Signal()
    brush_requested = Signal(object, bool)

    def __init__(self, state: AppState, parent: QWidget | None = None) -> None:
        super().__init__(state, parent)
        self.heading = ElidedLabel()
        self.heading.setObjectName("viewHeading")
        self.box = BrushBox(has_lasso=True)
        self.plot = PlainPlot("Scatter of pairs; arrow keys move to the next pair", viewBox=self.box)
        self.plot.getPlotItem().layout.setContentsMargins(1, GRID, 1, 1)  # or the highest number would be cut
        self.box.sigResized.connect(self._on_resized)
        self.plot.viewport().installEventFilter(self)
        self.keys = ScatterKeys(state, self.plot)
        self.keys.menu_requested.connect(self.menu_requested)
        self.keys.inspected.connect(self.inspected)
        self.pairs = PairPicture(self.box)
        self.brushed = BrushPicture(self.box, self.pairs)
        self._zero_lines = [pg.InfiniteLine(pos=0, angle=angle) for angle in (0, 90)]
        self.ring = pg.ScatterPlotItem(size=13, brush=None)
        self.cross = Cross(self.plot.getViewBox())
        for item in (*self._zero_lines, self.ring):
            self.plot.addItem(item, ignoreBounds=True)
        self.ring.setZValue(20)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GRID, GRID // 2, GRID // 2, 0)
        layout.setSpacing(GRID // 2)
        layout.addWidget(self.heading)
        layout.addWidget(self.plot, 1)
        scene = self.plot.scene()
        self._moves = pg.SignalProxy(scene.sigMouseMoved, rateLimit=HOVERS_PER_SECOND, slot=self._on_moved)
        scene.sigMouseClicked.connect(self._on_clicked)
        self.box.drawn.connect(self._on_drawn)
        self.show_theme(self.theme)

    # What the state says.

    def show_result(self, result: AnalysisResult) -> None:
        self._show_values(result)
        self._label_axes(result)
        self.brushed.show_brush(result, None)  # until it is told which pairs
        self.pairs.show_result(result)
        self.reset_zoom()

    def show_statistics(self, result: AnalysisResult) -> None:
        self._show_values(result)

    def show_selection(self, selection: Selection | None) -> None:
        self._place(self.ring, selection)

    def show_hovered(self, hovered: Selection | None) -> None:
        place = self._position(hovered)
        self.cross.show_at(*place) if place else self.cross.hide()

    def show_brush(self, brush: Brush | None) -> None:
        self.box.give_up()
        self.brushed.show_brush(self.state.result, brush)

    def show_drag(self, drag: str) -> None:
        self.box.set_mode(drag)

    def show_theme(self, theme: Colours) -> None:
        self.plot.show_theme(theme)
        for line in self._zero_lines:
            line.setPen(pg.mkPen(theme.faint, width=1, style=Qt.PenStyle.DashLine))
        self.pairs.show_theme(theme)
        self.brushed.show_theme(theme)
        self.box.set_colour(theme.accent)
        self.ring.setPen(pg.mkPen(theme.accent, width=3))
        self.cross.set_colour(theme.line)
        if self.state.result is not None:
            self._label_axes(self.state.result)

    # What the user does.

    def reset_zoom(self) -> None:
        """Show all pairs."""
        if self.state.result is not None:
            index = self.state.result.pair_index
            self.plot.setRange(xRange=index.x_range, yRange=index.y_range, padding=0.02)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Leave:
            self.state.set_hovered(None)
        return super().eventFilter(watched, event)

    def _on_moved(self, arguments: tuple[QPointF]) -> None:
        self.state.set_hovered(self._nearest(arguments[0]))

    def _on_clicked(self, event: pg.GraphicsScene.mouseEvents.MouseClickEvent) -> None:
        pair = self._nearest(event.scenePos())
        if pair is not None:
            self.plot.setFocus()
            self.state.set_selection(pair)
        if event.button() == Qt.MouseButton.RightButton and (pair or self.state.brush):
            self.menu_requested.emit(event.screenPos().toPoint())

    def _on_drawn(self, corners: list[QPointF], shape: str, adds: bool) -> None:
        x, y = [corner.x() for corner in corners], [corner.y() for corner in corners]
        if shape == LASSO:
            self.brush_requested.emit(Lasso(tuple(zip(x, y, strict=True))), adds)
        else:
            self.brush_requested.emit(Rectangle((min(x), max(x)), (min(y), max(y))), adds)

    # Drawing.

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            for side in ("left", "bottom"):
                self.plot.getAxis(side).label.setFont(QApplication.font())

    def _show_values(self, result: AnalysisResult) -> None:
        comparison = result.comparisons[0]
        if result.inferred:
            self.heading.set_text(f"{describe_agreement_found(*result.inferred[0])}   ({comparison.n_words:,} words)")
        else:
            self.heading.set_text(
                f"{describe_values(comparison)}   ({comparison.n_words:,} words, {comparison.n_pairs:,} pairs)"
            )

    def _label_axes(self, result: AnalysisResult) -> None:
        label = SIMILARITIES[result.request.similarity].label
        drawn = self.plot.getViewBox().size()
        room = {"bottom": int(drawn.width()), "left": int(drawn.height())}
        for side, space, hue in zip(("bottom", "left"), result.spaces, self.theme.spaces, strict=False):
            axis = self.plot.getAxis(side)
            name = shortened(space.name, LONGEST_NAME)
            text = f"{name}: {label}" if side == "bottom" else name
            text = self.fontMetrics().elidedText(text, Qt.TextElideMode.ElideMiddle, room[side])
            axis.setLabel(html.escape(text, quote=False), color=hue)  # pyqtgraph would read a name as HTML
            axis.resizeEvent()  # else the text would begin where the last one began

    def _on_resized(self) -> None:
        if self.state.result is not None:
            self._label_axes(self.state.result)

    def _place(self, ring: pg.ScatterPlotItem, pair: Selection | None) -> None:
        place = self._position(pair)
        x, y = ([place[0]], [place[1]]) if place else ([], [])
        ring.setData(x=x, y=y)  # clear() would leave it painted

    def _position(self, pair: Selection | None) -> tuple[float, float] | None:
        result = self.state.result
        if pair is None or result is None or not pair.is_pair:
            return None
        i, j = result.rows[pair.first], result.rows[pair.second]
        x, y = (float(space.similarities.values[i, j]) for space in result.spaces[:2])
        return x, y

    def _nearest(self, scene_position: QPointF) -> Selection | None:
        """The pair nearest to a point of the scene, if it is within reach."""
        box, result = self.plot.getViewBox(), self.state.result
        if result is None or not box.sceneBoundingRect().contains(scene_position):
            return None
        place = box.mapSceneToView(scene_position)
        pair = result.pair_index.nearest(place.x(), place.y(), box.viewPixelSize(), REACH)
        return Selection(result.words[pair[0]], result.words[pair[1]]) if pair else None
