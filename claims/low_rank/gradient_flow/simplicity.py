"""Does a lower rank generalise better? (section 11.2.3)"""

from __future__ import annotations

from claims.low_rank.measured import measured
from verify.authoring import *

m, n, N = sizes("m n N")
W, X = matrix("W", m, n), matrix("X", n, N)
W_low, W_high, W_true = matrix("W_1", m, n), matrix("W_2", m, n), matrix("W_s", m, n)

fits = (
    assume("the first fits the data", eq(W_low * X, W_true * X)),
    assume("the second fits the data", eq(W_high * X, W_true * X)),
)
lower = assume("the first has lower rank", lt(Rank(W_low), Rank(W_high)))
closer = le(norm_sq(W_low - W_true), norm_sq(W_high - W_true))
fair = {"W_1": [["1", "0"], ["0", "0"]], "W_s": [["1", "0"], ["0", "0"]], "X": [["1"], ["0"]]}

universal_parts = (
    Part(
        id="lower-rank-is-closer",
        role=caveat,
        expected=refuted,
        repair="lower-rank-is-closer-repaired",
        reading=text(
            "of two matrices that fit the data exactly, the one of lower rank has the smaller error on new inputs of "
            "identity second moment, that is the smaller distance from the truth W_s",
            "两个精确拟合数据的矩阵中，秩较低者在二阶矩为单位阵的新输入上误差较小，即离真值 W_s 较近",
        ),
        given=[*declare(W_low, W_high, W_true, X), *fits, lower],
        says=closer,
        witness=fair | {"W_2": [["1", "0"], ["0", "1"]]},
        checks=[
            Counter(
                values={
                    "W_1": [["1", "0"], ["0", "0"]],
                    "W_2": [["1", "0"], ["0", "1"]],
                    "W_s": [["1", "0"], ["0", "1"]],
                    "X": [["1"], ["0"]],
                }
            )
        ],
        note=text(
            "a low rank is a guess about the truth, and helps where the guess is right",
            "低秩是对真值的一种猜测，猜对时才有帮助",
        ),
    ),
    Part(
        id="lower-rank-is-closer-to-low-rank",
        role=caveat,
        expected=refuted,
        repair="lower-rank-is-closer-repaired",
        reading=text(
            "it has at least where the truth has that lower rank itself", "至少当真值本身就具有该较低的秩时如此"
        ),
        given=[
            *declare(W_low, W_high, W_true, X),
            *fits,
            lower,
            assume("the truth has the lower rank", le(Rank(W_true), Rank(W_low))),
        ],
        says=closer,
        witness=fair | {"W_2": [["1", "0"], ["0", "1"]]},
        checks=[Counter(values=fair | {"W_1": [["1", "2"], ["0", "0"]], "W_2": [["1", "0"], ["0", "1"]]})],
        note=text(
            "what the data leave open, a low rank does not close: the data must be enough for the rank, not only "
            "fitted",
            "数据未能确定的部分，低秩也不能确定：数据须足以确定该秩的矩阵，而不仅是被拟合",
        ),
    ),
    Part(
        id="lower-rank-is-closer-repaired",
        role=caveat,
        expected=proved,
        reading=text(
            "inputs that span the whole space determine the truth, whatever the rank: every exact fit is the truth "
            "itself",
            "张成全空间的输入就能确定真值，与秩无关：每个精确拟合都是真值本身",
        ),
        given=[
            *declare(W, W_true, X),
            assume("W fits the data", eq(W * X, W_true * X)),
            assume("enough data", eq(Rank(X), n)),
        ],
        says=eq(W, W_true),
        witness={"W": [["1"]], "W_s": [["1"]], "X": [["1"]]},
        checks=[
            proof(
                step("inverse", OneSidedInverse(of=X, called=matrix("R", N, n), side="right")),
                step("back", algebra("inverse"), eq(W * X * matrix("R", N, n), W)),
                step("truth", algebra("inverse"), eq(W_true * X * matrix("R", N, n), W_true)),
                step("fit", algebra(), eq(W * X * matrix("R", N, n), W_true * X * matrix("R", N, n))),
                step("forward", Rewrite(target="fit", equation="back")),
                step("equal", Rewrite(target="forward", equation="truth"), eq(W, W_true)),
            )
        ],
    ),
)

simplicity = Claim(
    label="lemma-11.25",
    section="11.2.3 Gradient flow",
    title=text("Low rank, flatness and generalisation", "泛化与低秩平坦性"),
    statement_tex=[
        (
            r"\operatorname{rank} W_1 < \operatorname{rank} W_2 \ \Rightarrow\ "
            r"\|W_1 - W^*\|_F \le \|W_2 - W^*\|_F \quad \text{(usually)}"
        )
    ],
    parts=[*measured("lemma-11.25"), *universal_parts],
)
