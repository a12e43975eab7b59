"""Flat and sharp minima, and what a change of parameters does to them (section 11.2.3)."""

from __future__ import annotations

from verify.authoring import *

n = sizes("n")
t, R, a, b, c, p, q, K, mu, nu = scalars("t R a b c p q K mu nu")
H, x = matrix("H", n, n), vector("x", n)

quadratic = sp.Trace(x.T * H * x)
rescaled = (c * a) ** 2 + (b / c) ** 2

two_layer_loss = eq(
    ((a + t * p) * (b + t * q) - a * b) ** 2 / 2,
    t**2 / 2 * (p * b + a * q) ** 2 + t**3 * p * q * (p * b + a * q) + t**4 * p**2 * q**2 / 2,
)

sharpness = Claim(
    label="definition-11.18",
    section="11.2.3 Gradient flow",
    title=text("Sharp and flat minima", "锐度与平坦极小值"),
    statement_tex=[r"H = \nabla^2 \mathcal{L}(W^*), \quad \mu_1 \le \mu_2 \le \cdots \le \mu_d"],
    sources=["dinh2017sharp"],
    parts=[
        Part(
            id="hessian-psd",
            role=main,
            expected=proved,
            reading=text(
                "the Hessian H at a local minimum has no negative direction: if x'Hx < 0 at a critical point, then "
                "the loss changes by t^2 x'Hx / 2 + R along t x, with a remainder R that is below any share of t^2, "
                "here a quarter of |x'Hx| t^2, for small t; and that change is negative, so the point was no local "
                "minimum",
                "局部极小处的 Hessian H 没有负方向：若在临界点有 x'Hx < 0，则沿 tx 损失的变化为 t^2 x'Hx/2 + R，当 t "
                "小时余项 R 小于 t^2 的任意份额（此处取 |x'Hx| t^2 的四分之一），变化为负，故该点不是局部极小",
            ),
            given=[
                *declare(H, x),
                real(t),
                real(R),
                assume("t is not zero", ne(t, 0)),
                assume("negative direction", lt(quadratic, 0)),
                assume("small remainder", le(Abs(R), -(t**2) * quadratic / 4)),
            ],
            says=lt(t**2 / 2 * quadratic + R, 0),
            witness={"H": [["-4"]], "x": [["1"]], "t": "1", "R": "1"},
            checks=[
                proof(
                    step("square", arithmetic(), gt(t**2, 0)),
                    step("fall", arithmetic("square"), lt(t**2 * quadratic, 0)),
                    step("remainder", arithmetic(), le(R, -(t**2) * quadratic / 4)),
                    step("lower", arithmetic("fall", "remainder"), lt(t**2 / 2 * quadratic + R, 0)),
                )
            ],
            note=text(
                "the loss must be twice differentiable; where a rectifier sits at its kink there is no Hessian to "
                "speak of",
                "损失须二次可微；若修正线性单元恰处于折点，则谈不上 Hessian",
            ),
        ),
        Part(
            id="ordering",
            role=caveat,
            expected=proved,
            reading=text(
                "at a minimum the order of the eigenvalues is the order from flat to sharp: along unit eigenvectors "
                "the loss rises by t^2 mu / 2, and from eigenvalues that are not negative the smaller rises less, in "
                "size too",
                "在极小处，特征值的次序就是由平到尖的次序：沿单位特征向量损失上升 t^2 mu/2，特征值非负时较小者上升较少"
                "，绝对值亦然",
            ),
            given=[real(t), real(mu, 0), real(nu, mu)],
            says=le(Abs(t**2 * mu / 2), Abs(t**2 * nu / 2)),
            witness={"t": "1", "mu": "0", "nu": "1"},
            checks=[
                proof(
                    step("scaled", arithmetic(), le(t**2 * mu, t**2 * nu)),
                    step("sign", arithmetic(), ge(t**2 * mu, 0)),
                    step("order", arithmetic("scaled", "sign"), le(Abs(t**2 * mu / 2), Abs(t**2 * nu / 2))),
                )
            ],
        ),
        Part(
            id="ordering-anywhere",
            role=caveat,
            expected=refuted,
            repair="ordering",
            reading=text(
                "it is so wherever training stops, minimum or not: a smaller eigenvalue is a flatter direction",
                "无论训练停在何处（不一定是极小点）都如此：特征值越小，方向越平坦",
            ),
            given=[real(t), real(mu), real(nu, mu)],
            says=le(Abs(t**2 * mu / 2), Abs(t**2 * nu / 2)),
            witness={"t": "1", "mu": "0", "nu": "1"},
            checks=[Counter(values={"t": "1", "mu": "-1", "nu": "0"}), Search()],
            note=text(
                "at a saddle the smallest eigenvalue is the most negative one, and its direction is steep downwards",
                "在鞍点处，最小特征值是最负的那个，其方向陡峭向下",
            ),
        ),
        Part(
            id="two-layer-curvature",
            role=caveat,
            expected=proved,
            reading=text(
                "the model a b of one weight a layer, at an exact solution: along (p, q) the second-order term of "
                "half the squared error is (p b + a q)^2, at most (a^2 + b^2)(p^2 + q^2), with equality along (b, a); "
                "so the largest eigenvalue of the Hessian is a^2 + b^2",
                "每层一个权重的模型 ab 在精确解处：沿 (p, q)，误差平方之半的二阶项系数为 (pb + aq)^2，不超过 (a^2 + "
                "b^2)(p^2 + q^2)，沿 (b, a) 取等；故 Hessian 的最大特征值为 a^2 + b^2",
            ),
            given=[*(real(symbol) for symbol in (a, b, p, q, t))],
            says=[
                two_layer_loss,
                le((p * b + a * q) ** 2, (a**2 + b**2) * (p**2 + q**2)),
                eq((b * b + a * a) ** 2, (a**2 + b**2) * (b**2 + a**2)),
            ],
            witness={"a": "1", "b": "2", "p": "1", "q": "0", "t": "1"},
            checks=[
                proof(
                    step("expansion", arithmetic(), two_layer_loss),
                    step("largest", arithmetic(), le((p * b + a * q) ** 2, (a**2 + b**2) * (p**2 + q**2))),
                    step("attained", arithmetic(), eq((b * b + a * a) ** 2, (a**2 + b**2) * (b**2 + a**2))),
                )
            ],
        ),
        Part(
            id="reparametrisation",
            role=caveat,
            expected=refuted,
            repair="reparametrisation-repaired",
            reading=text(
                "sharpness belongs to the function: c a and b / c represent the same function as a and b, and have "
                "the same largest eigenvalue of the Hessian",
                "锐度属于函数本身：ca 与 b/c 表示与 a、b 相同的函数，其 Hessian 的最大特征值也相同",
            ),
            given=[real(a), real(b), real(c, 0, None, open=True)],
            says=eq(rescaled, a**2 + b**2),
            witness={"a": "1", "b": "1", "c": "1"},
            checks=[Counter(values={"a": "1", "b": "1", "c": "2"}), Search()],
            depends_on=["definition-11.18/two-layer-curvature"],
            note=text(
                "any statement on flat minima must say which parametrisation it speaks of, or be invariant",
                "任何关于平坦极小的论断都必须说明所用的参数化，或者是不变的",
            ),
        ),
        Part(
            id="reparametrisation-repaired",
            role=caveat,
            expected=proved,
            reading=text(
                "what belongs to the function is the least sharpness over all rescalings, twice |a b|; it is that of "
                "the balanced pair, which exists unless just one of a and b is zero",
                "属于函数的是所有重标度中最小的锐度，即 |ab| 的两倍，由平衡的一对取到；"
                "除非 a、b 恰有一个为零，这样的一对总存在",
            ),
            given=[real(a), real(b), real(c, 0, None, open=True)],
            says=[ge(rescaled, 2 * Abs(a * b)), eq(rescaled - 2 * Abs(a * b), (Abs(c * a) - Abs(b / c)) ** 2)],
            witness={"a": "1", "b": "4", "c": "2"},
            checks=[
                proof(
                    step("first", arithmetic(), eq((c * a) * (b / c), a * b)),
                    step(
                        "difference", arithmetic("first"), eq(rescaled - 2 * Abs(a * b), (Abs(c * a) - Abs(b / c)) ** 2)
                    ),
                    step("least", arithmetic("difference"), ge(rescaled, 2 * Abs(a * b))),
                ),
                Search(),
            ],
        ),
        Part(
            id="sharp-at-will",
            role=caveat,
            expected=proved,
            reading=text(
                "and it can be made as large as one likes without a change of the function: for a other than zero and "
                "every K there is a scale c, any with c^2 a^2 = K + 1 (for a = 0 and b other than zero, a small c)",
                "不改变函数就能使锐度任意大：a 非零时，对每个 K 都存在尺度 c，只需 c^2 a^2 = K + 1"
                "（a = 0 而 b 非零时取小的 c）",
            ),
            given=[
                real(a),
                real(b),
                real(K, 0),
                real(c, 0, None, open=True),
                assume("large scale", eq(c**2 * a**2, K + 1)),
            ],
            says=[eq((c * a) * (b / c), a * b), gt(rescaled, K)],
            witness={"a": "1", "b": "1", "c": "2", "K": "3"},
            checks=[
                proof(
                    step("same", arithmetic(), eq((c * a) * (b / c), a * b)),
                    step("sharp", arithmetic(), gt(rescaled, K)),
                )
            ],
        ),
    ],
)
