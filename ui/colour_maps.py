"""Colour maps as pyqtgraph takes them, and as small pictures for lists."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QSize
from PySide6.QtGui import QIcon, QImage, QPixmap

from engine.colours import DIFFERENCE_COLOURS, DIVERGING


def colour_map_of(name: str) -> pg.ColorMap:
    """The map of a key of `COLOUR_MAPS`."""
    return pg.ColorMap(None, list(DIFFERENCE_COLOURS)) if name == DIVERGING else pg.colormap.get(name)


def swatch(name: str, size: QSize) -> QIcon:
    """The map from its low end at the left to its high end at the right."""
    line = np.ascontiguousarray(colour_map_of(name).getLookupTable(0.0, 1.0, size.width())[np.newaxis])
    image = QImage(line.tobytes(), size.width(), 1, 3 * size.width(), QImage.Format.Format_RGB888)
    return QIcon(QPixmap.fromImage(image.scaled(size)))
