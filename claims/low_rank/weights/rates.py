"""Rates of all singular values, the same in a factored weight, and dropout (further parts of lemma 11.18)."""

from __future__ import annotations

from typing import Any

from verify.authoring import *

m, n, r, k, N = sizes("m n r k N")
j = indices("j")
eta, s, c, s_1, s_2, c_1, c_2 = scalars("eta s c s_1 s_2 c_1 c_2")
W, D, G, U, V = matrix("W", m, n), matrix("D", m, n), matrix("G", m, n), matrix("U", m, k), matrix("V", n, k)
B, A, u, v = matrix("B", m, r), matrix("A", r, n), vector("u", m), vector("v", n)
X, Y, start = matrix("X", n, N), matrix("Y", m, N), matrix("W_0", m, n)

frame, smaller = U * V.T, Min(m, n)
one, two_rows = [["1"]], [["1"], ["0"]]


def first_values(w: Any) -> Any:
    """The sum of the first k singular values of w."""
    return Sum(Sigma(w, j), (j, 1, k))


def has_room(name: str, q: Any) -> tuple[Line, ...]:
    """Orthonormal columns are no more than their entries: the line ``name-room``."""
    unit = Identity(k)
    z, rest, rows = (
        matrix(f"{letter}_{name}", a, b)
        for letter, a, b in (("Z", k, k - Rank(unit)), ("R", k, Rank(unit)), ("L", Rank(unit), k))
    )
    return (
        step(f"{name}-unit", KernelBasis(of=unit, kernel=z, rest=rest, rows=rows)),
        step(f"{name}-size", TraceAlgebra(using=(f"{name}-unit.kernel",)), eq(norm_sq(z), k - Rank(unit))),
        step(f"{name}-none", TraceAlgebra(using=(f"{name}-unit",)), eq(norm_sq(z), 0)),
        step(f"{name}-gram", algebra(), eq(unit, q.T * q)),
        step(f"{name}-rank", Congruence(equation=f"{name}-gram"), eq(Rank(unit), Rank(q.T * q))),
        step(f"{name}-product", apply("rank-product-right", A=q.T, C=q)),
        step(f"{name}-rows", apply("rank-rows", W=q)),
        step(
            f"{name}-room",
            arithmetic(*(f"{name}-{line}" for line in ("size", "none", "rank", "product", "rows"))),
            le(k, q.shape[0]),
        ),
    )


def factored(value: Any, target: Any) -> Any:
    """One Euler step of a mode that two layers share equally."""
    return value + 2 * eta * value * (target - value)


rises = ge(first_values(W + D), first_values(W) + inner(U, D * V))
product_rate = (G * A.T * A + B * B.T * G) * v
weighed = X * X.T + c * HadamardProduct(Identity(n), X * X.T)
dropped = assume("W minimises the mean loss", eq(W * weighed, Y * X.T))

RATES = (
    Part(
        id="rate-of-each",
        role=caveat,
        expected=proved,
        reading=text(
            "and for the others: with orthonormal columns U and V of singular vectors of the first k values, their sum "
            "grows under any change D by at least tr(U'DV). Where it has a derivative, that is tr(U'DV), and the "
            "difference between k and k - 1 is the rate u_k'Dv_k of the k-th value, hence -u_k'Gv_k along the flow",
            "对其余奇异值亦然：U、V 的标准正交列是前 k 个奇异值的奇异向量，则对任意改变 D，"
            "前 k 个奇异值之和至少增加 tr(U'DV)。"
            "可导处导数就是 tr(U'DV)，k 与 k - 1 之差即第 k 个值的变化率 u_k'Dv_k，沿梯度流即 -u_k'Gv_k",
        ),
        given=[
            *declare(W, D, U, V),
            assume("U has orthonormal columns", eq(U.T * U, Identity(k))),
            assume("V has orthonormal columns", eq(V.T * V, Identity(k))),
            assume("U, V belong to the first values", eq(inner(U, W * V), first_values(W))),
        ],
        says=rises,
        witness={"W": [["2", "0"], ["0", "1"]], "D": [["0", "1"], ["1", "1"]], "U": two_rows, "V": two_rows},
        checks=[
            proof(
                step("along", TraceAlgebra(), eq(inner(frame, W + D), inner(U, W * V) + inner(U, D * V))),
                step("trace", apply("von-neumann", A=frame, B=W + D)),
                step("left", apply("orthonormal-norm", W=U)),
                step("right", apply("orthonormal-norm", W=V)),
                step("turned", apply("norm-transpose", W=V)),
                step("norm", apply("submultiplicative", A=U, C=V.T)),
                step("times", arithmetic("left", "right", "turned"), le(SpectralNorm(U) * SpectralNorm(V.T), 1)),
                step("first", apply("spectral-norm", W=frame)),
                step("at-most-one", arithmetic("norm", "times", "first"), le(Sigma(frame, 1), 1)),
                step("rank", apply("rank-product-left", A=U, C=V.T)),
                step("columns", apply("rank-columns", W=U)),
                step("low", arithmetic("rank", "columns"), le(Rank(frame), k)),
                *has_room("u", U),
                *has_room("v", V),
                step("fits", arithmetic("u-room", "v-room"), le(k, smaller)),
                step("cut", Split(total=Sum(Sigma(frame, j) * Sigma(W + D, j), (j, 1, smaller)), at=k)),
                step(
                    "each",
                    for_each(
                        j,
                        1,
                        k,
                        step("order", apply("order", W=frame, i=j, j=1)),
                        step("small", arithmetic("order", "at-most-one"), le(Sigma(frame, j), 1)),
                        step("term", arithmetic("small"), le(Sigma(frame, j) * Sigma(W + D, j), Sigma(W + D, j))),
                    ),
                ),
                step("head", Termwise(line="each")),
                step(
                    "beyond",
                    for_each(
                        j,
                        k + 1,
                        smaller,
                        step("zero", apply("beyond-rank", W=frame, i=j)),
                        step("term", arithmetic("zero"), eq(Sigma(frame, j) * Sigma(W + D, j), 0)),
                    ),
                ),
                step("tail", Termwise(line="beyond")),
                step("nothing", Constant(total=Sum(0 * j, (j, k + 1, smaller)))),
                step("rises", arithmetic(), rises),
            )
        ],
    ),
)

FACTORED = (
    Part(
        id="factored-rate",
        role=caveat,
        expected=proved,
        depends_on=("theorem-11.16/step-expanded",),
        reading=text(
            "what two layers change: if the weight is a product B A whose layers share the mode u, v equally (BB'u = s "
            "u and A'Av = s v), then its rate is 2 s times that of a single layer. A mode at zero does not move, and a "
            "small one moves slowly",
            "两层带来的变化：若权重是乘积 BA，且两层平分模式 u、v（BB'u = su，A'Av = sv），"
            "则其变化率是单层时的 2s 倍。为零的模式不动，小的模式动得慢",
        ),
        given=[
            *declare(B, A, G, u, v),
            real(s),
            assume("u is an eigenvector of BB'", eq(B * B.T * u, s * u)),
            assume("v is an eigenvector of A'A", eq(A.T * A * v, s * v)),
        ],
        says=eq(inner(u, product_rate), 2 * s * inner(u, G * v)),
        witness={"B": one, "A": one, "G": one, "u": one, "v": one, "s": "1"},
        checks=[proof(step("rate", TraceAlgebra(), eq(inner(u, product_rate), 2 * s * inner(u, G * v))))],
        sources=["saxe2014", "arora2019"],
        note=text(
            "to first order a step of size eta changes B A by -eta (G A'A + BB'G), see theorem-11.16/step-expanded. "
            "The lemma speaks of a single layer, whose modes all move at once; the pull to few directions that is "
            "known of gradient descent is one of deeper products",
            "一阶意义下，步长 eta 的一步使 BA 改变 -eta(GA'A + BB'G)，见 theorem-11.16/step-expanded。"
            "引理所说的是单层，其各模式同时运动；"
            "已知的梯度下降偏向少数方向的现象，属于多层之积",
        ),
    ),
    Part(
        id="factored-order",
        role=caveat,
        expected=proved,
        depends_on=("lemma-11.18/factored-rate",),
        reading=text(
            "hence the larger target comes first. For X = I, a shared mode of value s and target c takes the Euler "
            "step s + 2 eta s (c - s); of two positive modes the one with more left to learn, c - s, gains on the "
            "other: the ratio of the first to the second does not fall, at whatever size they start",
            "因此目标较大者先被学到。X = I 时，值为 s、目标为 c 的平分模式的欧拉步为 s + 2 eta s(c - s)；"
            "两个正的模式中，剩余 c - s 较大者相对占优：前者与后者之比不下降，无论起点多大",
        ),
        given=[
            real(eta, 0),
            real(s_1, 0, None, open=True),
            real(s_2, 0, None, open=True),
            real(c_1),
            real(c_2),
            assume("more is left of the first", ge(c_1 - s_1, c_2 - s_2)),
        ],
        says=ge(factored(s_1, c_1) / s_1, factored(s_2, c_2) / s_2),
        witness={"eta": "1/8", "s_1": "1", "s_2": "1", "c_1": "3", "c_2": "2"},
        checks=[
            proof(
                step("more", arithmetic(), ge(2 * eta * (c_1 - s_1), 2 * eta * (c_2 - s_2))),
                step("ratio", arithmetic("more"), ge(factored(s_1, c_1) / s_1, factored(s_2, c_2) / s_2)),
            ),
            Search(),
        ],
        sources=["saxe2014", "arora2019"],
        note=text(
            "the step of a single layer, s + eta (c - s), has no such order: from 2 and 1 towards 3 and 2 the "
            "ratio falls. From a small start the modes of a product are learned one after the other, so that "
            "stopping in between leaves few of them, see corollary-11.5; what remains in the limit is the target",
            "单层的步 s + eta(c - s) 没有这种次序：由 2 与 1 走向 3 与 2 时，比值下降。"
            "从小的起点出发，乘积的各模式依次学成，中途停止则只有少数模式，见 corollary-11.5；极限处仍是目标本身",
        ),
    ),
    Part(
        id="dropout",
        role=caveat,
        expected=refuted,
        repair="dropout-repaired",
        reading=text(
            "of the other causes the section names (chance at the start, dropout, batch normalisation), dropout on the "
            "inputs of this layer leads to a lower effective rank. Averaged over the masks, the loss gains c/2 times "
            "the squared columns of W weighed by the diagonal of XX', with c the odds of dropping an input, so that "
            "its minimiser obeys W (XX' + c diag(XX')) = YX'",
            "在本节所列的其他原因（随机初始化、Dropout、BatchNorm）中，对该层输入施加 Dropout 会降低有效秩。"
            "对掩码取平均，损失增加 c/2 乘以按 XX' 对角元加权的 W 各列平方和，c 为丢弃与保留的概率之比，"
            "故极小点满足 W(XX' + c diag(XX')) = YX'",
        ),
        given=[
            *declare(W, start, X, Y),
            real(c, 0),
            assume("W_0 minimises the loss", eq(start * X * X.T, Y * X.T)),
            dropped,
            assume("W is not zero", ge(Rank(W), 1)),
            assume("W_0 is not zero", ge(Rank(start), 1)),
        ],
        says=le(EffectiveRank(W), EffectiveRank(start)),
        witness={"W": one, "W_0": [["2"]], "X": one, "Y": [["2"]], "c": "1"},
        checks=[
            Counter(
                values={
                    "X": [["2", "1"], ["1", "2"]],
                    "W_0": [["3", "-1"], ["-1", "3"]],
                    "Y": [["5", "1"], ["1", "5"]],
                    "W": [["5/4", "1/4"], ["1/4", "5/4"]],
                    "c": "3/5",
                }
            )
        ],
        sources=["srivastava2014"],
        note=text(
            "the penalty is quadratic, and shrinks most where the data are weak; in the example the weight is "
            "larger there. Of chance at the start see rank-of-target: it adds rank. Dropout between two layers is "
            "another penalty, of the product, and can lower its rank",
            "该惩罚是二次的，在数据弱的方向上收缩最多；例中权重恰在该方向较大。"
            "随机初始化见 rank-of-target：它增加秩。两层之间的 Dropout 是另一种针对乘积的惩罚，可以降低秩",
        ),
    ),
    Part(
        id="dropout-repaired",
        role=caveat,
        expected=proved,
        reading=text(
            "it never lowers the rank: that of the minimiser is at least that of YX', which is the rank of the limit "
            "from a zero start without dropout",
            "它绝不降低秩：极小点的秩不小于 YX' 的秩，而后者正是无 Dropout 时从零出发的极限的秩",
        ),
        given=[*declare(W, X, Y), real(c, 0), dropped],
        says=ge(Rank(W), Rank(Y * X.T)),
        witness={"W": one, "X": one, "Y": [["2"]], "c": "1"},
        checks=[
            proof(
                step("minimiser", Hypothesis(), eq(W * weighed, Y * X.T)),
                step("rank", apply("rank-product-left", A=W, C=weighed)),
                step("same", Congruence(equation="minimiser"), eq(Rank(W * weighed), Rank(Y * X.T))),
                step("not-lower", arithmetic("rank", "same"), ge(Rank(W), Rank(Y * X.T))),
            )
        ],
    ),
)
