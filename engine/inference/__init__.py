"""How sure one can be of an agreement between two spaces: tests, intervals, confounds, stability.

Pairs of words that share a word depend on each other. So nothing here treats pairs as independent: words are relabelled
(permutation.py, partial.py) or drawn anew (bootstrap.py, stability.py).
"""
