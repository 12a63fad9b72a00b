"""The step once more for one lane, with pivoting: slow, and sure where the fixed order of pivots lost its digits."""

from __future__ import annotations

import numpy as np

from adenoscope.core.machine_code import compiled
from adenoscope.simulation.rodas5p import (
    LARGEST_FACTOR,
    LEAST_FACTOR,
    N_STAGES,
    ORDER,
    SAFETY,
    STAGE_TIME,
    TIME_WEIGHT,
    A,
    C,
)
from adenoscope.simulation.solver import tables as t
from adenoscope.simulation.solver.call import call_to
from adenoscope.simulation.solver.tables import Numbers, Whole


def _square(rows: tuple[tuple[float, ...], ...]) -> Numbers:
    full = np.zeros((N_STAGES, N_STAGES))
    for i, row in enumerate(rows):
        full[i, : len(row)] = row
    return full


A_FULL, C_FULL = _square(A), _square(C)
STAGE_TIMES, TIME_WEIGHTS = np.array(STAGE_TIME), np.array(TIME_WEIGHT)


@compiled
def pivoted_step(plan: Whole, w: Numbers, memory: int, lane: int) -> None:
    """Step the lane as the step kernel does, from the derivatives that it left; other lanes keep their results."""
    n = plan[t.N_STATES]
    h = w[t.STEP, lane]
    matrix, order = factorise(system_matrix(plan, w, lane))
    right = np.zeros(n)
    for s in range(N_STAGES):
        for i in range(n):
            total = 0.0
            argument = w[plan[t.ROW_Y] + i, lane]
            for j in range(s):
                total += C_FULL[s, j] * w[plan[t.ROW_K] + j * n + i, lane]
                argument += A_FULL[s, j] * w[plan[t.ROW_K] + j * n + i, lane]
            right[i] = total / h
            if plan[t.N_TIMED_RATES] > 0:
                right[i] += h * TIME_WEIGHTS[s] * w[plan[t.ROW_F_TIME] + i, lane]
            w[plan[t.ROW_NEW] + i, lane] = argument
            w[plan[t.ROW_Z] + i, lane] = 0.0
        w[t.STAGE_TIME, lane] = w[t.TIME, lane] + STAGE_TIMES[s] * h
        call_to(plan[t.RATES], memory, memory + plan[t.ROW_Z] * w.shape[1] * 8)
        for i in range(n):
            right[i] += w[plan[t.ROW_Z] + i, lane]
        solve(matrix, order, right)
        for i in range(n):
            w[plan[t.ROW_K] + s * n + i, lane] = right[i]
    judge(plan, w, lane)


@compiled
def system_matrix(plan: Whole, w: Numbers, lane: int) -> Numbers:
    n = plan[t.N_STATES]
    matrix = np.zeros((n, n))
    for entry in range(plan[t.N_JACOBIAN]):
        row, column = plan[plan[t.JACOBIAN_ROW] + entry], plan[plan[t.JACOBIAN_COLUMN] + entry]
        matrix[row, column] = -w[plan[t.ROW_JACOBIAN] + entry, lane]
    for i in range(n):
        matrix[i, i] += w[t.DIAGONAL, lane]
    return matrix


@compiled
def factorise(matrix: Numbers) -> tuple[Numbers, Whole]:
    """Return L and U in place of ``matrix``, and the order of its rows, by partial pivoting."""
    n = matrix.shape[0]
    order = np.arange(n)
    for k in range(n):
        pivot = k
        for i in range(k + 1, n):
            if abs(matrix[i, k]) > abs(matrix[pivot, k]):
                pivot = i
        for j in range(n):
            matrix[k, j], matrix[pivot, j] = matrix[pivot, j], matrix[k, j]
        order[k], order[pivot] = order[pivot], order[k]
        for i in range(k + 1, n):
            matrix[i, k] /= matrix[k, k]
            for j in range(k + 1, n):
                matrix[i, j] -= matrix[i, k] * matrix[k, j]
    return matrix, order


@compiled
def solve(matrix: Numbers, order: Whole, right: Numbers) -> None:
    """Solve in place."""
    n = order.size
    x = np.zeros(n)
    for i in range(n):
        x[i] = right[order[i]]
        for j in range(i):
            x[i] -= matrix[i, j] * x[j]
    for i in range(n - 1, -1, -1):
        for j in range(i + 1, n):
            x[i] -= matrix[i, j] * x[j]
        x[i] /= matrix[i, i]
        right[i] = x[i]


@compiled
def judge(plan: Whole, w: Numbers, lane: int) -> None:
    """Finish the lane's step, its error and the factor for the next."""
    n = plan[t.N_STATES]
    error = 0.0
    for i in range(n):
        last = w[plan[t.ROW_K] + (N_STAGES - 1) * n + i, lane]
        w[plan[t.ROW_NEW] + i, lane] += last
        size = max(abs(w[plan[t.ROW_Y] + i, lane]), abs(w[plan[t.ROW_NEW] + i, lane]))
        share = last / (w[t.ABSOLUTE, lane] + w[t.RELATIVE, lane] * size)
        error += share * share / n
    w[t.ERROR, lane] = error
    # An error of 0 lets the step grow as far as it may; one that is not a number shrinks it.
    factor = SAFETY * error ** (-0.5 / ORDER) if error > 0.0 else LARGEST_FACTOR
    w[t.FACTOR, lane] = min(LARGEST_FACTOR, max(LEAST_FACTOR, factor)) if not np.isnan(error) else LEAST_FACTOR
