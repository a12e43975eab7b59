"""Data of low intrinsic dimension, subspaces near them, and the rank of a weight that acts on them (section 11.2.1)."""

from __future__ import annotations

from claims.low_rank.weights.entropy import at_most_rank
from verify.authoring import *

d, k, N, o = sizes("d k N o")
i = indices("i")
order = indices("q")
tau = scalars("tau")
W, Z, X = matrix("W", o, d), matrix("Z", o, d), matrix("X", d, N)
L, E = matrix("L", d, N), matrix("E", d, N)
U, C, c = matrix("U", d, k), matrix("C", k, N), vector("c", d)
u, v = vector("u", d), vector("v", d)

identity_2 = [["1", "0"], ["0", "1"]]
one_zero = [["1"], ["0"]]
orthonormal = assume("U has orthonormal columns", eq(U.T * U, Identity(k)))
kept = W * U * U.T
affine = c * OneMatrix(1, N) + U * C

manifold = Claim(
    label="theorem-11.9",
    section="11.2.1 Low-rank character of weights",
    title=text("Dimension of the data and rank of the weight", "流形维度与权重秩"),
    statement_tex=[
        r"\dim \mathcal{S} = d_{\mathrm{int}}, \quad P_{\mathcal{S}} x \approx x \quad (x \in \mathcal{M})",
        r"\mathrm{erank}(W) \le d_{\mathrm{int}}",
    ],
    parts=[
        Part(
            id="subspace-exists",
            role=main,
            expected=refuted,
            repair="subspace-exists-repaired",
            reading=text(
                "points of a manifold of dimension q, the columns of X, lie near a subspace of dimension q: the best "
                "one keeps the share tau of their squared lengths, for whatever tau below 1 closeness means. Being "
                "near in every point implies it; and any finitely many points lie on one smooth curve, so an "
                "intrinsic dimension assumes nothing of X",
                "q 维流形上的点（X 的列）靠近某个 q 维子空间：最佳子空间保留长度平方和的比例 tau，"
                "tau 小于 1，代表任一种“接近”。逐点接近蕴含这一点；而任意有限个点都在某条光滑曲线上，"
                "所以本征维数对 X 没有任何限制",
            ),
            given=[*declare(X), between(order, 1, Rank(X)), real(tau, 0, 1, open=True)],
            says=ge(Energy(X, order), tau),
            witness={"X": one_zero, "q": "1", "tau": "1/2"},
            checks=[Counter(values={"X": identity_2, "q": "1", "tau": "9/10"}), Search()],
            note=text(
                "the counterexample is two points of the unit circle: a circle has dimension one, and every line "
                "misses half of it. Intrinsic dimension is local, a subspace is global. That the dimension is far "
                "below d, as the theorem asks, makes it worse and not better: see curve-fills-space",
                "反例是单位圆上的两点：圆的维数为一，而任何直线都会丢失一半。本征维数是局部概念，子空间是整体概念。"
                "定理要求本征维数远小于 d，这只会使情况更糟：见 curve-fills-space",
            ),
        ),
        Part(
            id="subspace-exists-repaired",
            role=caveat,
            expected=proved,
            reading=text(
                "it is true of points that lie within a subspace of dimension q but for a perturbation E: the best "
                "subspace misses no combination of them by more than the spectral norm of E",
                "若这些点除扰动 E 外落在某个 q 维子空间中，则成立：最佳子空间的误差不超过 E 的谱范数",
            ),
            given=[*declare(L, E), between(order, 1, Min(d, N)), assume("L has rank q at most", le(Rank(L), order))],
            says=le(SpectralNorm(L + E - Truncated(L + E, order)), SpectralNorm(E)),
            witness={"L": [["2", "0"], ["0", "0"]], "E": [["0", "0"], ["0", "1"]], "q": "1"},
            checks=[
                proof(
                    step("residual", apply("residual-spectral", W=L + E, k=order)),
                    step("weyl", apply("weyl", A=L, B=E, i=order + 1, j=1)),
                    step("none", apply("beyond-rank", W=L, i=order + 1)),
                    step("norm", apply("spectral-norm", W=E)),
                    step(
                        "near",
                        arithmetic("residual", "weyl", "none", "norm"),
                        le(SpectralNorm(L + E - Truncated(L + E, order)), SpectralNorm(E)),
                    ),
                )
            ],
        ),
        Part(
            id="sphere-has-no-line",
            role=caveat,
            expected=proved,
            reading=text(
                "near no line lies the unit circle, nor any sphere: for a line along u, a unit vector v across it "
                "keeps its whole length when its projection is taken away",
                "单位圆（以及任何球面）不靠近任何直线：对方向为 u 的直线，与之垂直的单位向量 v 减去投影后长度不变",
            ),
            given=[
                *declare(u, v),
                assume("v is a unit vector", eq(norm_sq(v), 1)),
                assume("v is across u", eq(u.T * v, sp.ZeroMatrix(1, 1))),
            ],
            says=eq(norm_sq(v - u * u.T * v), 1),
            witness={"u": one_zero, "v": [["0"], ["1"]]},
            checks=[
                proof(
                    step("same", TraceAlgebra(), eq(norm_sq(v - u * u.T * v), norm_sq(v))),
                    step("one", arithmetic("same"), eq(norm_sq(v - u * u.T * v), 1)),
                )
            ],
        ),
        Part(
            id="curve-fills-space",
            role=caveat,
            expected=proved,
            reading=text(
                "how far off it can be: a curve through the d unit coordinate vectors has dimension one, and any "
                "subspace of dimension k misses them by d - k in the sum of squares, out of d",
                "误差可以多大：过 d 个坐标单位向量的曲线维数为一，而任何 k 维子空间的平方误差和为 d - k（总和为 d）",
            ),
            given=[*declare(U), orthonormal],
            says=eq(norm_sq(Identity(d) - U * U.T), d - k),
            witness={"U": one_zero},
            checks=[proof(step("missed", TraceAlgebra(), eq(norm_sq(Identity(d) - U * U.T), d - k)))],
        ),
        Part(
            id="affine",
            role=caveat,
            expected=refuted,
            repair="affine-repaired",
            reading=text(
                "at least flat data are no exception: points on a plane of dimension k, anywhere in space, span k "
                "dimensions",
                "至少平直的数据不例外：空间中任意位置的 k 维平面上的点张成 k 维",
            ),
            given=declare(U, C, c),
            says=le(Rank(affine), k),
            witness={"U": one_zero, "C": [["1", "2"]], "c": [["0"], ["0"]]},
            checks=[Counter(values={"U": one_zero, "C": [["-1", "1"]], "c": [["0"], ["1"]]}), Search()],
            note=text(
                "a subspace passes through the origin; data that are not centred need one dimension more",
                "子空间过原点；未中心化的数据要多一维",
            ),
        ),
        Part(
            id="affine-repaired",
            role=caveat,
            expected=proved,
            reading=text("they span at most k + 1, the offset counting once", "它们至多张成 k + 1 维，平移只多一维"),
            given=declare(U, C, c),
            says=le(Rank(affine), k + 1),
            witness={"U": one_zero, "C": [["-1", "1"]], "c": [["0"], ["1"]]},
            checks=[
                proof(
                    step("sum", apply("rank-sum", A=c * OneMatrix(1, N), B=U * C)),
                    step("offset", apply("rank-product-left", A=c, C=OneMatrix(1, N))),
                    step("one", apply("rank-columns", W=c)),
                    step("plane", apply("rank-product-left", A=U, C=C)),
                    step("columns", apply("rank-columns", W=U)),
                    step("bound", arithmetic("sum", "offset", "one", "plane", "columns"), le(Rank(affine), k + 1)),
                ),
                Search(),
            ],
        ),
        Part(
            id="rank-bound",
            role=main,
            expected=refuted,
            repair="rank-bound-repaired",
            reading=text(
                "a weight that acts on data spanning at most q dimensions has effective rank at most q. The rank "
                "is never smaller than the effective rank, so a bound on the rank falls with this one",
                "作用在至多张成 q 维的数据上的权重，有效秩不超过 q。秩不小于有效秩，"
                "所以若此界不成立，秩的同样的界也不成立",
            ),
            given=[
                *declare(W, X),
                assume("W is not zero", ge(Rank(W), 1)),
                between(order, 1, d),
                assume("the data span q dimensions at most", le(Rank(X), order)),
            ],
            says=le(EffectiveRank(W), order),
            witness={"W": identity_2, "X": one_zero, "q": "2"},
            checks=[Counter(values={"W": identity_2, "X": one_zero, "q": "1"}), Search()],
            note=text(
                "the data say nothing of what a weight does off their subspace; that a weight is small there is a "
                "matter of how it was trained. The identity is a counterexample for every d above q, however large",
                "数据不能约束权重在其子空间之外的作用；权重在那里是否很小，取决于训练过程。"
                "对任何大于 q 的 d，无论多大，单位矩阵都是反例",
            ),
        ),
        Part(
            id="rank-bound-repaired",
            role=caveat,
            expected=proved,
            reading=text(
                "there is always a weight that does: with U an orthonormal basis of the subspace, W U U' acts on the "
                "data as W does, has rank at most k, and is no longer than W in the Frobenius norm",
                "总存在满足要求的权重：U 为子空间的标准正交基，则 WUU' 在数据上的作用与 W 相同，秩不超过 k，"
                "Frobenius 范数也不超过 W",
            ),
            given=[*declare(W, U, C), orthonormal],
            says=[eq(kept * U * C, W * U * C), le(Rank(kept), k), le(norm_sq(kept), norm_sq(W))],
            witness={"W": identity_2, "U": one_zero, "C": [["1"]]},
            checks=[
                proof(
                    step("same", algebra(), eq(kept * U * C, W * U * C)),
                    step("right", apply("rank-product-left", A=W * U, C=U.T)),
                    step("columns", apply("rank-columns", W=W * U)),
                    step("rank", arithmetic("right", "columns"), le(Rank(kept), k)),
                    step("apart", TraceAlgebra(), eq(norm_sq(W), norm_sq(kept) + norm_sq(W - kept))),
                    step("shorter", arithmetic("apart"), le(norm_sq(kept), norm_sq(W))),
                )
            ],
        ),
        Part(
            id="rank-bound-effective",
            role=caveat,
            expected=proved,
            depends_on=("definition-effective-rank/bounds",),
            reading=text(
                "and the effective rank of that weight is at most k too, unless the map vanishes on the data",
                "除非映射在数据上为零，该权重的有效秩也不超过 k",
            ),
            given=[*declare(W, U), assume("the map does not vanish", ge(Rank(kept), 1))],
            says=le(EffectiveRank(kept), k),
            witness={"W": identity_2, "U": one_zero},
            checks=[
                proof(
                    *at_most_rank(kept, 2),
                    step("right", apply("rank-product-left", A=W * U, C=U.T)),
                    step("columns", apply("rank-columns", W=W * U)),
                    step("bound", arithmetic("upper", "right", "columns"), le(EffectiveRank(kept), k)),
                )
            ],
        ),
        Part(
            id="not-determined",
            role=caveat,
            expected=proved,
            reading=text(
                "why no bound is possible: any matrix that vanishes on the data may be added, and the map of the data "
                "stays the same",
                "为何不可能有界：任何在数据上为零的矩阵都可以加上，数据上的映射不变",
            ),
            given=[*declare(W, Z, X), assume("Z vanishes on the data", eq(Z * X, sp.ZeroMatrix(o, N)))],
            says=eq((W + Z) * X, W * X),
            witness={"W": identity_2, "Z": [["0", "0"], ["0", "1"]], "X": one_zero},
            checks=[proof(step("same", algebra(), eq((W + Z) * X, W * X)))],
        ),
        Part(
            id="representations",
            role=caveat,
            expected=proved,
            reading=text(
                "what the dimension of the data does bound is the image: a linear layer spans no more dimensions "
                "than it was given",
                "数据的维数所能限制的是像：线性层输出所张成的维数不超过输入",
            ),
            given=declare(W, X),
            says=le(Rank(W * X), Rank(X)),
            witness={"W": identity_2, "X": one_zero},
            checks=[proof(step("image", apply("rank-product-right", A=W, C=X))), Search()],
        ),
        Part(
            id="activation",
            role=caveat,
            expected=refuted,
            repair="representations",
            reading=text(
                "the same of a layer with an activation: with a function applied to each entry, here the "
                "exponential, the output spans no more dimensions than the input",
                "带激活函数的层亦然：逐元素作用一个函数（此处取指数）之后，输出张成的维数不超过输入",
            ),
            given=declare(W, X),
            says=le(Rank(Exp(W * X)), Rank(X)),
            witness={"W": [["1"]], "X": [["1"]]},
            checks=[Counter(values={"W": [["1"], ["2"]], "X": [["0", "1"]]}), Search()],
        ),
    ],
)
