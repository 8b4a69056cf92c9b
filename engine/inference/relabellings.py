"""Relabellings of n words: which, and what the sum over pairs of products becomes under each.

A relabelling p sets word i of the first matrix against word p[i] of the second: T(p) is the sum of
A[i, j] B[p[i], p[j]] over i < j. Up to 7 words, all n! are taken. Beyond, they come in cyclic orbits, whose n sums cost
little more than one; docs/methods.md says why the test stays exact.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import permutations, product
from math import factorial, isqrt
from os import cpu_count
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.data import FloatArray, IntArray
from engine.inference.products import Centred
from engine.progress import SILENT, Progress

Prepared = NDArray[np.inexact[Any]]

MOST_WORDS_FOR_ALL = 7  # 5,040 relabellings; of 8 words there are 40,320
MOST_WORDS_IN_DOUBLE = 500  # beyond, single precision: off by 3e-6 of the null distribution's standard deviation
TOGETHER = 1 << 18  # cells of relabelled matrices that are transformed at once, at least one matrix
CELLS = 1 << 17  # of a matrix gathered at once: they and their places stay in the processor's cache
ADDED = 512  # products added up in single precision, before double takes over
WORTH_THREADS = 1 << 19  # cells from which on several threads gather and transform faster than one


def relabellings(
    n: int, at_least: int, rng: np.random.Generator, small_parts: bool = False
) -> AllRelabellings | CyclicOrbits:
    """All relabellings of few words, else whole cyclic orbits of at least so many; the words as they are are first."""
    return AllRelabellings(n) if n <= MOST_WORDS_FOR_ALL else CyclicOrbits(n, at_least, rng, small_parts)


class AllRelabellings:
    """All n! relabellings of n words, in one part."""

    def __init__(self, n: int) -> None:
        self.n = n
        self.dtype: type[np.floating] = np.float64
        self.parts = 1
        self.exact = True

    def __len__(self) -> int:
        return factorial(self.n)

    def each(self, part: int) -> Iterator[IntArray]:
        """The relabellings themselves, in the order of `sums`."""
        return (np.array(one) for one in permutations(range(self.n)))

    def prepare(self, first: Centred) -> Prepared:
        """What `sums` wants to know of the first matrix."""
        return first.values

    def sums(self, part: int, first: Sequence[Prepared], second: Centred, progress: Progress = SILENT) -> FloatArray:
        """(len(first), n!) sums of products, one row per first matrix."""
        every = np.array(list(self.each(part)))
        relabelled = second.values[every[:, :, None], every[:, None, :]].reshape(len(every), -1)
        return np.stack([relabelled @ one.ravel() / 2 for one in first])


class CyclicOrbits:
    """Orbits of n relabellings each: two relabellings, one of either matrix, and all n shifts between them.

    Shift by shift the sums over the k-th wrapped diagonals of both relabelled matrices are a circular
    cross-correlation, so n sums cost two Fourier transforms. With L relabellings of the first matrix and R of the
    second there are L R orbits for the price of L + R. The first of either are the same, which puts the words
    "as they are" into the first orbit.

    Parameters
    ----------
    n : int
    at_least : int
        How many relabellings are wanted, the words "as they are" included.
    rng : numpy.random.Generator
    small_parts : bool, optional
        Whether each part is one relabelling of the second matrix, for who may stop after any; otherwise as many as
        are fast together. The relabellings and their order are the same.

    Attributes
    ----------
    first : (L, n) int64 array
    second : (R, n) int64 array
    parts : int
        A part is what one or more relabellings of the second matrix give.
    """

    def __init__(self, n: int, at_least: int, rng: np.random.Generator, small_parts: bool = False) -> None:
        self.n = n
        self.dtype: type[np.floating] = np.float64 if n <= MOST_WORDS_IN_DOUBLE else np.float32
        orbits = -(-at_least // n)
        columns = isqrt(orbits) or 1
        rows = max(2, -(-orbits // columns))  # the orbit of the words as they are, and one of others
        self.orbits = columns * rows
        self.exact = False
        self.first = np.stack([rng.permutation(n) for _ in range(columns)])
        self.second = np.stack([self.first[0], *(rng.permutation(n) for _ in range(rows - 1))])
        self._together = 1 if small_parts else max(1, TOGETHER // (n * (n // 2)))
        self.parts = -(-rows // self._together)

    def __len__(self) -> int:
        return self.orbits * self.n

    def each(self, part: int) -> Iterator[IntArray]:
        """The relabellings themselves, in the order of `sums`: word first[l][i] against second[r][i + k]."""
        for second, first, k in product(self._second_of(part), self.first, range(self.n)):
            relabelling = np.empty(self.n, np.int64)
            relabelling[first] = np.roll(second, -k)
            yield relabelling

    def prepare(self, first: Centred) -> Prepared:
        """(L, n//2 + 1, n//2) conjugate spectra of the relabelled first matrix, diagonal by diagonal."""
        spectra = self._spectra(first, self.first, SILENT)
        conjugate: Prepared = np.conj(spectra, out=spectra)
        return conjugate

    def sums(self, part: int, first: Sequence[Prepared], second: Centred, progress: Progress = SILENT) -> FloatArray:
        """(len(first), relabellings in this part) sums of products, one row per first matrix."""
        from scipy import fft

        spectra = self._spectra(second, self._second_of(part), progress)
        totals = (_products(spectra, one) for one in first)
        return np.stack([fft.irfft(total.transpose(1, 2, 0), self.n).ravel() for total in totals])

    def _second_of(self, part: int) -> IntArray:
        return self.second[part * self._together : (part + 1) * self._together]

    def _spectra(self, matrix: Centred, by: IntArray, progress: Progress) -> Prepared:
        """(len(by), n//2 + 1, n//2) Fourier transforms along the wrapped diagonals of a relabelled matrix."""
        from scipy import fft

        diagonals = self._diagonals(matrix, by, progress)
        workers = -1 if diagonals.size >= WORTH_THREADS else None
        spectra: Prepared = fft.rfft(diagonals, axis=1, overwrite_x=True, workers=workers)
        return spectra

    def _diagonals(self, matrix: Centred, by: IntArray, progress: Progress) -> FloatArray:
        """(len(by), n, n//2) the relabelled matrix's cells i, i + k around the circle, for k = 1 ... n//2.

        Gathered row by row of the matrix, whose rows fit into the cache and whole diagonals do not.
        """
        half = self.n // 2
        diagonals = np.empty((len(by), self.n, half), self.dtype)
        lines = diagonals.reshape(-1, half)  # one for each word that stands at each place of each circle
        around = np.concatenate([by, by], axis=1)
        followers = np.lib.stride_tricks.sliding_window_view(around, half, axis=1)[:, 1 : self.n + 1]
        circle, place = np.divmod(np.arange(len(lines)), self.n)
        first_cells = by.ravel() * self.n
        step = max(1, CELLS // half)

        def gather(start: int) -> None:
            progress.step(f"permutation test, word {start + 1:,} of {len(lines):,} around the circle")
            some = slice(start, start + step)
            cells = followers[circle[some], place[some]]
            cells += first_cells[some, None]
            room = lines[some] if matrix.matrix.dtype == self.dtype else None
            taken = np.take(matrix.matrix, cells, mode="clip", out=room)  # "clip" spares numpy a copy
            matrix.of(taken, out=lines[some])

        _for_each(gather, range(0, len(lines), step), diagonals.size >= WORTH_THREADS)
        if self.n % 2 == 0:
            diagonals[:, :, -1] /= np.sqrt(2)  # meets every pair twice
        return diagonals


def _for_each(act: Callable[[int], None], numbers: range, in_threads: bool) -> None:
    """Act on every number, in as many threads as there are processors if that is worth it."""
    if not in_threads:
        for number in numbers:
            act(number)
        return
    with ThreadPoolExecutor(cpu_count()) as pool:
        for _ in pool.map(act, numbers):  # what one of them raises is raised here, and ends the others
            pass


def _products(second: Prepared, first: Prepared) -> NDArray[np.complex128]:
    """(n//2 + 1, R, L) sums over distances of the products of (R or L, n//2 + 1, n//2) spectra, added up in double."""
    total = np.zeros((second.shape[1], len(second), len(first)), np.complex128)
    for start in range(0, second.shape[2], ADDED):
        distances = slice(start, start + ADDED)
        total += second[:, :, distances].transpose(1, 0, 2) @ first[:, :, distances].transpose(1, 2, 0)
    return total
