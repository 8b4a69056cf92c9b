from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar
from engine.sources.base import Source
@dataclass(frozen=True)
class VectorsSource(Source):
    path: Path
    kind: ClassVar[str] = "vectors"
    def open(self, progress): ...
    @property
    def description(self): return self.path.name
