"""Gradient descent and gradient flow on a quadratic loss, mode by mode (section 11.2.3)."""

from __future__ import annotations

from typing import Any

from verify.authoring import *

m, n, N, k, T = sizes("m n N k T")
t, s = indices("t s")
i, j = indices("i j")
eta, lam = scalars("eta lambda")
W, V, X, Y = matrix("W", m, n), matrix("V", m, n), matrix("X", n, N), matrix("Y", m, N)
unit_1, unit_2 = [["1"], ["0"]], [["0"], ["1"]]
W_s, W_0, q = matrix("W_s", m, n), matrix("W_0", m, n), vector("q", n)
Q_space, L = matrix("Q", n, k), matrix("L", k, k)
v, y = vector("v", n), vector("y", n)
propagator = Identity(n) - eta * X * X.T
growth = 1 - eta * lam
stationary = assume("W_s is stationary", eq(Y * X.T, W_s * X * X.T))
eigenvector = assume("q is an eigenvector", eq(X * X.T * q, lam * q))


def moved(w: Any) -> Any:
    """One step of the update from w."""
    return w - eta * (w * X - Y) * X.T


def iterate(at: Any) -> Any:
    """The weight after that many steps from W_0, in closed form; ``closed-form`` proves it."""
    return W_s + (W_0 - W_s) * sp.MatPow(propagator, at)


def eigenvector_power(name: str) -> Line:
    """(I - eta X X')^s q = (1 - eta lambda)^s q for every s, by induction."""

    def claim(at: Any) -> Any:
        return eq(sp.MatPow(propagator, at) * q, growth**at * q)

    return step(
        name,
        Induction(
            index=s,
            start=0,
            formula=claim(s),
            base=(step("start", algebra(), eq(sp.MatPow(propagator, 0) * q, q)),),
            step=(
                step("matrix", PowerStep(base=propagator, exponent=s)),
                step("number", PowerStep(base=growth, exponent=s)),
                step(
                    "once-more",
                    algebra("matrix", "hypothesis"),
                    eq(sp.MatPow(propagator, s + 1) * q, (growth**s - eta * lam * growth**s) * q),
                ),
                step("next", Rewrite(target="once-more", equation="number"), claim(s + 1)),
            ),
        ),
    )


two_inputs = {"X": [["2", "0"], ["0", "1"]]}
no_target = {"W": [["2", "0"], ["0", "1"]], "X": [["1"], ["1"]], "Y": [["0"], ["0"]]}

modes = Claim(
    label="lemma-11.22",
    section="11.2.3 Gradient flow",
    title=text("Invariant subspaces of the gradient flow", "梯度流的不变子空间"),
    statement_tex=[
        r"A = X X^{\top} = Q \Lambda Q^{\top}",
        r"(W_{t+1} - W_s) q = (1 - \eta \lambda) (W_t - W_s) q, \quad A q = \lambda q",
    ],
    parts=[
        Part(
            id="modes-decouple",
            role=main,
            expected=proved,
            reading=text(
                "the projection on an eigenvector of X X' evolves by itself: two weights with the same projection on q "
                "have the same projection after one step, whatever their other projections are",
                "在 XX' 的特征向量上的投影各自演化：两个权重若在 q 上投影相同，则一步之后仍相同，与其余投影无关",
            ),
            given=[
                *declare(W, V, X, Y, q),
                real(eta),
                real(lam),
                eigenvector,
                assume("the same projection on q", eq(W * q, V * q)),
            ],
            says=eq(moved(W) * q, moved(V) * q),
            witness={
                "W": [["1", "5"]],
                "V": [["1", "7"]],
                **two_inputs,
                "Y": [["1", "1"]],
                "q": unit_1,
                "lambda": "4",
                "eta": "1",
            },
            checks=[proof(step("alike", algebra(), eq(moved(W) * q, moved(V) * q)))],
            note=text(
                "any eigenvector will do, so tied eigenvalues, where Q is a choice, make no difference",
                "任一特征向量都可以，故特征值重复（此时 Q 不唯一）时结论不变",
            ),
        ),
        Part(
            id="invariant-subspace",
            role=caveat,
            expected=proved,
            reading=text(
                "the same for every invariant subspace: with X X' Q = Q L the error on the columns of Q is multiplied "
                "by I - eta L from the right and depends on nothing else",
                "对任何不变子空间亦然：若 XX'Q = QL，则 Q 各列上的误差右乘 I - eta L，不依赖其他",
            ),
            given=[
                *declare(W, W_s, X, Y, Q_space, L),
                real(eta),
                stationary,
                assume("the columns of Q span an invariant subspace", eq(X * X.T * Q_space, Q_space * L)),
            ],
            says=eq((moved(W) - W_s) * Q_space, (W - W_s) * Q_space * (Identity(k) - eta * L)),
            witness={"W": [["0"]], "W_s": [["3"]], "X": [["2"]], "Y": [["6"]], "Q": [["1"]], "L": [["4"]], "eta": "1"},
            checks=[
                proof(
                    step(
                        "error",
                        algebra(),
                        eq((moved(W) - W_s) * Q_space, (W - W_s) * Q_space * (Identity(k) - eta * L)),
                    )
                )
            ],
        ),
        Part(
            id="rates-by-eigenvalue",
            role=main,
            expected=proved,
            reading=text(
                "along the gradient flow dW/dt = -(W X - Y) X' the velocity of a mode is -lambda times its error: the "
                "rate is the eigenvalue, and nothing else enters",
                "沿梯度流 dW/dt = -(WX - Y)X'，每个模式的速度等于 -lambda 乘以其误差：速率就是特征值，与其他量无关",
            ),
            given=[*declare(W, W_s, X, Y, q), real(lam), stationary, eigenvector],
            says=eq(-(W * X - Y) * X.T * q, -lam * (W - W_s) * q),
            witness={"W": [["0"]], "W_s": [["3"]], "X": [["2"]], "Y": [["6"]], "q": [["1"]], "lambda": "4"},
            checks=[proof(step("velocity", algebra(), eq(-(W * X - Y) * X.T * q, -lam * (W - W_s) * q)))],
            note=text(
                "the rate is relative to the error; the speed itself also depends on how far there is to go, see "
                "speed-by-eigenvalue",
                "速率是相对误差而言的；速度本身还取决于剩余距离，见 speed-by-eigenvalue",
            ),
        ),
        Part(
            id="speed-by-eigenvalue",
            role=caveat,
            expected=refuted,
            repair="rates-by-eigenvalue",
            reading=text(
                "the speed itself is ordered like the eigenvalues: from a zero start the projection on the eigenvector "
                "of the larger eigenvalue moves at least as far in the first step (of length |eta| |Y X' u_i|)",
                "速度本身按特征值排序：从零出发，特征值较大的特征向量上的投影在第一步移动得不比另一个少",
            ),
            given=[*declare(X, Y), between(j, 1, Rank(X)), between(i, 1, j)],
            says=ge(FrobeniusNorm(Y * X.T * LeftSingular(X, i)), FrobeniusNorm(Y * X.T * LeftSingular(X, j))),
            witness={**two_inputs, "Y": [["1", "0"]], "i": "1", "j": "2"},
            checks=[Counter(values={**two_inputs, "Y": [["0", "1"]], "i": "1", "j": "2"}), Search()],
        ),
        Part(
            id="step-is-flow",
            role=caveat,
            expected=refuted,
            repair="step-is-flow-repaired",
            reading=text(
                "a step of gradient descent is the gradient flow followed for the time eta: the factors 1 - eta lambda "
                "and exp(-eta lambda) are the same",
                "梯度下降的一步等于沿梯度流走时间 eta：因子 1 - eta lambda 与 exp(-eta lambda) 相同",
            ),
            given=[real(eta, 0), real(lam, 0)],
            says=eq(growth, exp(-eta * lam)),
            witness={"eta": "0", "lambda": "1"},
            checks=[Counter(values={"eta": "1", "lambda": "1"}), Search()],
            note=text(
                "statements on the flow and on its steps are not interchangeable: a step can reach its goal at once, "
                "or overshoot and diverge; the flow does neither",
                "关于连续流与离散步的结论不能互换：离散步可以一步到位，也可能越过乃至发散，而连续流都不会",
            ),
        ),
        Part(
            id="step-is-flow-repaired",
            role=caveat,
            expected=proved,
            reading=text(
                "the flow lags behind the step, by at most half of (eta lambda) squared",
                "连续流落后于离散步，且二者之差不超过 (eta lambda) 平方的一半",
            ),
            given=[real(eta, 0), real(lam, 0)],
            says=[le(growth, exp(-eta * lam)), le(exp(-eta * lam), growth + (eta * lam) ** 2 / 2)],
            witness={"eta": "1", "lambda": "1"},
            checks=[
                proof(
                    step("product", arithmetic(), ge(eta * lam, 0)),
                    step("above", apply("exp-tangent", x=eta * lam)),
                    step("lower", arithmetic("above"), le(growth, exp(-eta * lam))),
                    step("below", apply("exp-second", x=eta * lam)),
                    step("upper", arithmetic("below"), le(exp(-eta * lam), growth + (eta * lam) ** 2 / 2)),
                ),
                Search(),
            ],
        ),
        Part(
            id="closed-form",
            role=caveat,
            expected=proved,
            reading=text(
                "W_s + (W_0 - W_s)(I - eta X X')^t is the weight after t steps: it starts at W_0 and obeys the update",
                "W_s + (W_0 - W_s)(I - eta XX')^t 就是 t 步之后的权重：它从 W_0 出发并满足更新式",
            ),
            given=[*declare(W_0, W_s, X, Y, T), between(t, 0, T), real(eta), stationary],
            says=[eq(iterate(0), W_0), eq(iterate(t + 1), moved(iterate(t)))],
            witness={"W_0": [["0"]], "W_s": [["3"]], "X": [["2"]], "Y": [["6"]], "T": "2", "t": "1", "eta": "1/8"},
            checks=[
                proof(
                    step("start", algebra(), eq(iterate(0), W_0)),
                    step("power", PowerStep(base=propagator, exponent=t)),
                    step("step", algebra("power"), eq(iterate(t + 1), moved(iterate(t)))),
                )
            ],
        ),
        Part(
            id="after-t-steps",
            role=caveat,
            expected=proved,
            depends_on=["lemma-11.22/closed-form"],
            reading=text(
                "after t steps the error of a mode has been multiplied by (1 - eta lambda)^t, for every t",
                "t 步之后，模式的误差被乘以 (1 - eta lambda)^t，对每个 t 都成立",
            ),
            given=[*declare(W_0, W_s, X, q, T), between(t, 0, T), real(eta), real(lam), eigenvector],
            says=eq((iterate(t) - W_s) * q, growth**t * (W_0 - W_s) * q),
            witness={
                "W_0": [["0"]],
                "W_s": [["3"]],
                "X": [["2"]],
                "q": [["1"]],
                "T": "2",
                "t": "2",
                "eta": "1/8",
                "lambda": "4",
            },
            checks=[
                proof(
                    eigenvector_power("powers"),
                    step("power", Instance(of="powers", at=t)),
                    step("error", algebra("power"), eq((iterate(t) - W_s) * q, growth**t * (W_0 - W_s) * q)),
                )
            ],
        ),
        Part(
            id="null-modes-frozen",
            role=caveat,
            expected=proved,
            reading=text(
                "a mode of eigenvalue zero, X' q = 0, never moves: what the start says there is still in the weight "
                "after any number of steps, so the limit depends on the start",
                "特征值为零（X'q = 0）的模式从不移动：初值在该方向上的内容始终保留，因此极限依赖于初值",
            ),
            given=[
                *declare(W_0, W_s, X, q, T),
                between(t, 0, T),
                real(eta),
                assume("q is orthogonal to the data", eq(X.T * q, sp.ZeroMatrix(N, 1))),
            ],
            says=eq(iterate(t) * q, W_0 * q),
            witness={"W_0": [["7"]], "W_s": [["3"]], "X": [["0"]], "q": [["1"]], "T": "2", "t": "2", "eta": "1"},
            checks=[
                proof(
                    step(
                        "powers",
                        Induction(
                            index=s,
                            start=0,
                            formula=eq(sp.MatPow(propagator, s) * q, q),
                            base=(step("start", algebra(), eq(sp.MatPow(propagator, 0) * q, q)),),
                            step=(
                                step("matrix", PowerStep(base=propagator, exponent=s)),
                                step("next", algebra("matrix", "hypothesis"), eq(sp.MatPow(propagator, s + 1) * q, q)),
                            ),
                        ),
                    ),
                    step("power", Instance(of="powers", at=t)),
                    step("frozen", algebra("power"), eq(iterate(t) * q, W_0 * q)),
                )
            ],
        ),
        Part(
            id="singular-directions-decouple",
            role=caveat,
            expected=refuted,
            repair="modes-decouple",
            reading=text(
                "the singular directions of the weight are invariant too: a direction y that is orthogonal, in the "
                "metric W'W, to a right singular vector v (W'W v a multiple of v and y orthogonal to v) stays so "
                "after a step",
                "权重自身的奇异方向也不变：与右奇异向量 v 正交的 y，在一步之后关于新权重的 W'W 仍与 v 正交",
            ),
            given=[
                *declare(W, X, Y, v, y),
                real(eta),
                real(lam),
                assume("v is a right singular vector", eq(W.T * W * v, lam * v)),
                assume("y is orthogonal to v", eq(y.T * v, sp.ZeroMatrix(1, 1))),
            ],
            says=eq(y.T * moved(W).T * moved(W) * v, sp.ZeroMatrix(1, 1)),
            witness={"W": [["1"]], "X": [["1"]], "Y": [["0"]], "v": [["1"]], "y": [["0"]], "eta": "1", "lambda": "1"},
            checks=[Counter(values={**no_target, "v": unit_1, "y": unit_2, "eta": "1/2", "lambda": "4"})],
            note=text(
                "the modes belong to the data X, not to W: the flow does not act on the singular values of W one "
                "by one",
                "这些模式属于数据 X 而非 W：梯度流并不逐个作用于 W 的奇异值",
            ),
        ),
    ],
)

CLAIMS = (modes,)
