from dataclasses import dataclass
from typing import ClassVar
from engine.sources.base import Source
@dataclass(frozen=True)
class HuggingFaceSource(Source):
    model: str
    layer: str = "embedding"
    token_form: str = "bare"
    kind: ClassVar[str] = "huggingface"
    def open(self, progress): ...
    @property
    def description(self): return self.model
