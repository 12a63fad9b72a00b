"""Rodas5P: a stiffly accurate Rosenbrock method of order 5 with an embedded one of order 4.

    (I / (h g) - J) k_i = f(t + a_i h, y + sum_j A_ij k_j) + sum_j C_ij k_j / h + h d_i f_t
    y_new = y + sum_j A_7j k_j + k_7 + k_8,   error = k_8

The dense output is of order 4:

    y(t + x h) = (1 - x) y + x y_new + x (1 - x) sum_j (H_1j + x (H_2j + x H_3j)) k_j

Source: Steinebach (2023), doi:10.1007/s10543-023-00967-x; the form without products with J is that of Hairer & Wanner
(1996), Solving Ordinary Differential Equations II, section IV.7.
"""

from __future__ import annotations

import numpy as np

ORDER = 5
GAMMA = 0.21193756319429014
# How the next step follows from the error of this one, and the length of a step after a restart.
SAFETY, LEAST_FACTOR, LARGEST_FACTOR = 0.95, 0.15, 6.0
FIRST_STEP_SHARE = 1.0  # of tolerance^(1 / order) times the time in which a state changes by itself
Row = tuple[float, ...]
_A: tuple[Row, ...] = (
    (),
    (3.0,),
    (2.849394379747939, 0.45842242204463923),
    (-6.954028509809101, 2.489845061869568, -10.358996098473584),
    (2.8029986275628964, 0.5072464736228206, -0.3988312541770524, -0.04721187230404641),
    (-7.502846399306121, 2.561846144803919, -11.627539656261098, -0.18268767659942256, 0.030198172008377946),
)
C: tuple[Row, ...] = (
    (),
    (-14.155112264123755,),
    (-17.97296035885952, -2.859693295451294),
    (147.12150275711716, -1.41221402718213, 71.68940251302358),
    (165.43517024871676, -0.4592823456491126, 42.90938336958603, -5.961986721573306),
    (24.854864614690072, -3.0009227002832186, 47.4931110020768, 5.5814197821558125, -0.6610691825249471),
    (
        *(30.91273214028599, -3.1208243349937974, 77.79954646070892),
        *(34.28646028294783, -19.097331116725623, -28.087943162872662),
    ),
    (
        *(37.80277123390563, -3.2571969029072276, 112.26918849496327, 66.9347231244047),
        *(-40.06618937091002, -54.66780262877968, -9.48861652309627),
    ),
)
# Stages 7 and 8 start from the argument of the stage before plus its increment.
A: tuple[Row, ...] = (*_A, (*_A[5], 1.0), (*_A[5], 1.0, 1.0))
H: tuple[Row, ...] = (
    (
        *(25.948786856663858, -2.5579724845846235, 10.433815404888879, -2.3679251022685204),
        *(0.524948541321073, 1.1241088310450404, 0.4272876194431874, -0.17202221070155493),
    ),
    (
        *(-9.91568850695171, -0.9689944594115154, 3.0438037242978453, -24.495224566215796),
        *(20.176138334709044, 15.98066361424651, -6.789040303419874, -6.710236069923372),
    ),
    (
        *(11.419903575922262, 2.8879645146136994, 72.92137995996029, 80.12511834622643),
        *(-52.072871366152654, -59.78993625266729, -0.15582684282751913, 4.883087185713722),
    ),
)
N_STAGES = len(C)


def _times() -> tuple[Row, Row]:
    """Return a_i and d_i, which follow from A and C: with G the lower triangle of gammas, C = I / g - G^-1."""
    c = np.zeros((N_STAGES, N_STAGES))
    a = np.zeros((N_STAGES, N_STAGES))
    for i in range(N_STAGES):
        c[i, :i] = C[i]
        a[i, :i] = A[i]
    gammas = np.linalg.inv(np.eye(N_STAGES) / GAMMA - c)
    alphas, sums = (a @ gammas).sum(axis=1), gammas.sum(axis=1)
    # The last stages end at t + h and need no derivative by time, but for rounding.
    alphas[5:], sums[5:] = 1.0, 0.0
    return tuple(alphas.tolist()), tuple(sums.tolist())


STAGE_TIME, TIME_WEIGHT = _times()
