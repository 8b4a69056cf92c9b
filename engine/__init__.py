"""The analysis: from embedding spaces to comparisons. Knows no Qt, prints nothing, keeps no global state."""

__version__ = "0.1.0"
