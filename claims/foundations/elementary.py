"""Real powers and the exponential, from the laws of the logarithm and its tangent, and one from the other by slopes."""

from __future__ import annotations

from typing import Any

from claims.foundations.parts import theorem
from claims.foundations.proofs import *
from verify.authoring import *
from verify.proof.monotone import Monotone

x, y, a, b, t = scalars("x y a b t")


def positive(symbol: Any) -> Any:
    return real(symbol, 0, open=True)


def by_logarithms(name: str, small: Any, large: Any) -> Line:
    """small <= large for positive numbers, where log(small) <= log(large) is known."""
    return step(name, apply("log-reflects", x=small, y=large))


def power(name: str, base: Any, exponent: Any) -> tuple[Line, ...]:
    """base^exponent is positive, and its logarithm: lines ``name`` and ``name-log``."""
    return (
        step(name, apply("power-positive", x=base, a=exponent)),
        step(f"{name}-log", apply("log-power", x=base, a=exponent)),
    )


# --- powers: by their logarithms, which the tangent at a weighted mean compares -------------------------------------

small_y, small_x = y ** (-a), x ** (-a)
grows = le(x**a, x**b)
cross_left, cross_right = y ** (-b) * x ** (-a), x ** (-b) * y ** (-a)
cross_terms = (*power("y-b", y, -b), *power("x-a", x, -a), *power("x-b", x, -b), *power("y-a", y, -a))
slope, mean = x ** (a - 1), x + a * (y - x)
below = slope * mean
steep, falling = x ** (-a - 1), x - a * (y - x)
above = steep * falling


def compared(name: str, point: Any, centre: Any, *using: str) -> tuple[Line, ...]:
    """log(point) - log(centre) <= point / centre - 1 for positive numbers: the line ``name``."""
    return (
        calculation(f"{name}-ratio", gt(point / centre, 0), *using),
        step(f"{name}-tangent", apply("log-tangent", x=point / centre)),
        step(f"{name}-product", apply("log-product", x=point / centre, y=centre)),
        calculation(
            name, le(log(point) - log(centre), point / centre - 1), f"{name}-tangent", f"{name}-product", *using
        ),
    )


powers = Claim(
    label="lemma-powers",
    title=text("Real powers: order and tangents", "实数幂：大小次序与切线"),
    statement_tex=[
        r"0 < x \le y, \; a \ge 0 \;\Rightarrow\; y^{-a} \le x^{-a}",
        r"x \ge 1, \; a \le b \;\Rightarrow\; x^a \le x^b",
        (
            r"0 \le a \le 1 \;\Rightarrow\; y^a \le x^a + a x^{a-1} (y - x), \qquad "
            r"a \ge 0 \;\Rightarrow\; y^{-a} \ge x^{-a} - a x^{-a-1} (y - x)"
        ),
    ],
    sources=["hardy1952", "rudin1976"],
    parts=[
        theorem(
            "reflects",
            text("numbers are ordered as their logarithms", "正数的大小次序与其对数相同"),
            [positive(x), positive(y), assume("order", le(log(x), log(y)))],
            le(x, y),
            {"x": "1", "y": "2"},
            step("turned", apply("log-tangent", x=y / x)),
            step("product", apply("log-product", x=y / x, y=x)),
            calculation("ratio", ge(y / x, 1), "turned", "product"),
            calculation("goal", le(x, y), "ratio"),
        ),
        theorem(
            "falls",
            text("a power with a negative exponent falls with its base", "负指数幂随底数增大而减小"),
            [positive(x), real(y, x), real(a, 0)],
            le(small_y, small_x),
            {"x": "1", "y": "2", "a": "1"},
            step("order", apply("log-order", x=x, y=y)),
            *power("small", y, -a),
            *power("large", x, -a),
            calculation("logs", le(log(small_y), log(small_x)), "order", "small", "large", "small-log", "large-log"),
            by_logarithms("goal", small_y, small_x),
        ),
        theorem(
            "exponent",
            text("a power of a number above one grows with its exponent", "底数不小于 1 时，幂随指数增大"),
            [real(x, 1), real(a), real(b, a)],
            grows,
            {"x": "2", "a": "1", "b": "2"},
            step("order", apply("log-order", x=1, y=x)),
            *power("small", x, a),
            *power("large", x, b),
            calculation("logs", le(log(x**a), log(x**b)), "order", "small", "large", "small-log", "large-log"),
            by_logarithms("goal", x**a, x**b),
        ),
        theorem(
            "cross",
            text("of two numbers, the larger falls faster with the exponent", "两数中较大者随指数下降得更快"),
            [positive(x), real(y, x), real(a), real(b, a)],
            le(cross_left, cross_right),
            {"x": "2", "y": "2", "a": "1", "b": "2"},
            step("order", apply("log-order", x=x, y=y)),
            calculation("weights", le(a * log(y) + b * log(x), a * log(x) + b * log(y)), "order"),
            *cross_terms,
            step("left", apply("log-product", x=y ** (-b), y=x ** (-a))),
            step("right", apply("log-product", x=x ** (-b), y=y ** (-a))),
            calculation(
                "logs",
                le(log(cross_left), log(cross_right)),
                *("y-b", "x-a", "x-b", "y-a", "weights", "left", "right"),
                *("y-b-log", "x-a-log", "x-b-log", "y-a-log"),
            ),
            by_logarithms("goal", cross_left, cross_right),
            role=caveat,
        ),
        theorem(
            "below-tangent",
            text(
                "a power with exponent between zero and one lies below its tangents",
                "指数在 0 与 1 之间的幂位于其切线之下",
            ),
            [positive(x), positive(y), real(a, 0, 1)],
            le(y**a, x**a + a * slope * (y - x)),
            {"x": "1", "y": "4", "a": "1/2"},
            calculation("mean", gt(mean, 0)),
            *compared("at-y", y, mean, "mean"),
            *compared("at-x", x, mean, "mean"),
            calculation("weighted", le(a * log(y) + (1 - a) * log(x), log(mean)), "at-y", "at-x", "mean"),
            *power("small", y, a),
            *power("slope", x, a - 1),
            step("line", apply("log-product", x=slope, y=mean)),
            calculation("line-positive", gt(below, 0), "slope", "mean"),
            calculation(
                "logs",
                le(log(y**a), log(below)),
                "weighted",
                "small",
                "slope",
                "mean",
                "small-log",
                "slope-log",
                "line",
            ),
            by_logarithms("bound", y**a, below),
            calculation("goal", le(y**a, x**a + a * slope * (y - x)), "bound"),
        ),
        theorem(
            "above-tangent",
            text("a power with a negative exponent lies above its tangents", "负指数幂位于其切线之上"),
            [positive(x), positive(y), real(a, 0)],
            ge(small_y, small_x - a * steep * (y - x)),
            {"x": "1", "y": "2", "a": "1"},
            *power("large", y, -a),
            *power("steep", x, -a - 1),
            cases(
                "bound",
                le(falling, 0),
                [calculation("bound", le(above, small_y), "large", "steep")],
                [
                    *compared("at-y", y, x),
                    *compared("at-line", falling, x),
                    calculation("weighted", le(log(falling) + a * log(y), (1 + a) * log(x)), "at-y", "at-line"),
                    step("line", apply("log-product", x=steep, y=falling)),
                    calculation("line-positive", gt(above, 0), "steep"),
                    calculation(
                        "logs",
                        le(log(above), log(small_y)),
                        "weighted",
                        "large",
                        "steep",
                        "large-log",
                        "steep-log",
                        "line",
                    ),
                    by_logarithms("bound", above, small_y),
                ],
                le(above, small_y),
            ),
            calculation("goal", ge(small_y, small_x - a * steep * (y - x)), "bound"),
        ),
    ],
)

# --- the exponential ------------------------------------------------------------------------------------------------

first, second = 1 - x, 1 - x + x**2 / 2
third = second - x**3 / 6


def from_slope(f: Any, *slope_lines: Line) -> Line:
    """f(x) >= f(0) for x >= 0: the line ``grows``."""
    return step("grows", Monotone(f=f, variable=t, low=0, at=x, lines=slope_lines))


exponential = Claim(
    label="lemma-exponential",
    title=text("The exponential beside its Taylor polynomials", "指数函数与其 Taylor 多项式"),
    statement_tex=[
        (
            r"x \ge 0 \;\Rightarrow\; 1 - x \le e^{-x} \le 1 - x + \frac{x^2}{2}, \quad "
            r"1 - x + \frac{x^2}{2} - \frac{x^3}{6} \le e^{-x}"
        ),
        r"x (\log y - \log x) \le y - x",
    ],
    sources=["rudin1976", "cover2006"],
    parts=[
        theorem(
            "first",
            text("a decaying exponential lies above its tangent at zero", "衰减指数函数位于其零点切线之上"),
            [real(x, 0)],
            ge(sp.exp(-x), first),
            {"x": "1"},
            step("tangent", apply("log-tangent", x=sp.exp(-x))),
            calculation("goal", ge(sp.exp(-x), first), "tangent"),
        ),
        theorem(
            "second",
            text("and below its second Taylor polynomial", "并位于其二阶 Taylor 多项式之下"),
            [real(x, 0)],
            le(sp.exp(-x), second),
            {"x": "1"},
            from_slope(
                (second - sp.exp(-x)).xreplace({x: t}),
                step("first", apply("exp-tangent", x=t)),
                calculation("slope", ge(t - 1 + sp.exp(-t), 0), "first"),
            ),
            calculation("goal", le(sp.exp(-x), second), "grows"),
        ),
        theorem(
            "third",
            text("and above its third", "又位于其三阶 Taylor 多项式之上"),
            [real(x, 0)],
            ge(sp.exp(-x), third),
            {"x": "1"},
            from_slope(
                (sp.exp(-x) - third).xreplace({x: t}),
                step("second", apply("exp-second", x=t)),
                calculation("slope", ge(1 - t + t**2 / 2 - sp.exp(-t), 0), "second"),
            ),
            calculation("goal", ge(sp.exp(-x), third), "grows"),
        ),
        theorem(
            "order",
            text("a decaying exponential keeps decaying", "衰减指数函数单调递减"),
            [real(x, 0), real(y, 0), assume("order", le(x, y))],
            ge(sp.exp(-x), sp.exp(-y)),
            {"x": "1", "y": "2"},
            calculation("logs", le(log(sp.exp(-y)), log(sp.exp(-x)))),
            by_logarithms("goal", sp.exp(-y), sp.exp(-x)),
            role=caveat,
        ),
        theorem(
            "below-one",
            text("and falls below one at once", "且立即小于 1"),
            [positive(x)],
            gt(1, sp.exp(-x)),
            {"x": "1"},
            cases(
                "goal", lt(sp.exp(-x), 1), [], [step("order", apply("log-order", x=1, y=sp.exp(-x)))], gt(1, sp.exp(-x))
            ),
            role=caveat,
        ),
        theorem(
            "log-ratio",
            text("the logarithm of a ratio, against the difference", "比值的对数与差"),
            [positive(x), positive(y)],
            le(x * (log(y) - log(x)), y - x),
            {"x": "1", "y": "2"},
            *compared("at-y", y, x),
            calculation("goal", le(x * (log(y) - log(x)), y - x), "at-y"),
            role=caveat,
        ),
    ],
)

CLAIMS = (powers, exponential)
