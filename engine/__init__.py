"""The analysis: from embedding spaces to comparisons.

Knows no Qt, prints nothing, keeps no global state but the processes that models run in.
"""

__version__ = "0.1.0"
