"""Commands of TeX formulas, by what they do to what stands beside them. Names are without their backslash."""

from __future__ import annotations

import re
from functools import cache


def names(text: str) -> frozenset[str]:
    """The words of a text, for tables."""
    return frozenset(text.split())


GREEK = names(
    "alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi pi varpi rho"
    " varrho sigma varsigma tau upsilon phi varphi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi"
    " Psi Omega"
)
LETTERS = GREEK | names("ell hbar imath jmath wp Re Im aleph beth infty emptyset varnothing")
RELATIONS = names(
    "leq le geq ge neq ne equiv approx sim simeq cong propto in ni notin subset supset subseteq supseteq"
    " subsetneq ll gg lll ggg prec succ preceq succeq to gets rightarrow leftarrow Rightarrow Leftarrow"
    " leftrightarrow iff implies Leftrightarrow longrightarrow Longrightarrow mapsto longmapsto coloneqq triangleq"
    " doteq models vdash perp parallel leqslant geqslant lesssim gtrsim lessapprox gtrapprox asymp hookrightarrow"
    " twoheadrightarrow trianglelefteq nsubseteq rightharpoonup Vdash eqqcolon nmid nleq ngeq uparrow downarrow"
    " nearrow searrow rightrightarrows xrightarrow"
)
ORDER = names("leq le geq ge ll gg prec succ preceq succeq leqslant geqslant lesssim gtrsim") | {"<", ">"}
BINARY = names(
    "cdot times pm mp div ast star circ bullet oplus ominus otimes oslash odot cup cap setminus wedge vee land"
    " lor bmod sqcup amalg dagger ddagger"
)
BIG = names("sum prod coprod int iint iiint oint bigcup bigcap bigoplus bigotimes bigvee bigwedge bigsqcup")
FUNCTIONS = names(
    "log ln lg exp sin cos tan cot sec csc sinh cosh tanh coth arcsin arccos arctan max min sup inf lim limsup liminf"
    " arg argmax argmin det dim ker deg gcd Pr hom"
)
DOTS = names("dots ldots cdots vdots ddots dotsc dotsb dotsm dotsi dotso")
OPEN = {"{": "}", "lbrace": "}", "langle": ">", "lfloor": "lf", "lceil": "lc", "lVert": "V", "lvert": "v"}
CLOSE = {"}": "}", "rbrace": "}", "rangle": ">", "rfloor": "lf", "rceil": "lc", "rVert": "V", "rvert": "v"}
BARS = names("| vert Vert mid")
BOLD = names("mathbf boldsymbol bm pmb symbf bfseries bf")
STYLES = BOLD | names("mathcal mathbb mathrm mathsf mathfrak mathscr mathit mathtt mathnormal")
TEXTS = names("text textrm textbf textit textsf texttt textnormal mbox hbox operatorname operatorname* mathop emph")
ACCENTS = names(
    "hat bar tilde vec dot ddot breve check acute grave mathring widehat widetilde overline underline overrightarrow"
)
ONE = ACCENTS | names("sqrt overbrace underbrace boxed phantom hphantom vphantom cancel ensuremath substack smash")
ONE |= names("mathrel mathbin mathopen mathclose mathord mathpunct mathinner pmod pod xrightarrow xleftarrow")
TWO = names("frac dfrac tfrac cfrac binom dbinom tbinom stackrel overset underset textcolor")
FRACTIONS = names("frac dfrac tfrac cfrac")
RAW = names("label ref eqref cref Cref autoref tag tag* cite citep citet color hspace vspace hspace* mspace kern mskip")
"""Commands whose one argument is no formula."""
SPACES = names(
    ", ; : ! > quad qquad enspace thinspace medspace thickspace negthinspace displaystyle textstyle scriptstyle"
    " scriptscriptstyle limits nolimits big Big bigg Bigg bigl Bigl biggl Biggl bigr Bigr biggr Biggr bigm Bigm"
    " nonumber"
    " notag not mathstrut strut allowbreak nobreak hfill hline hfil rm it normalsize small left right middle"
) | {" ", "\n", "/"}
OTHERS = names(
    "begin end frac nabla partial forall exists nexists neg lnot top bot prime colon cdotp intercal angle square"
    " Box because therefore mathbf choose over atop % # & $ _ - ( ) [ ] \\ * newline intertext shortintertext"
    " lbrack rbrack backslash degree checkmark S P copyright dag ddag lim S bigstar blacksquare qed ss"
)

PACKAGES = names("xspace mathds mathbbm bbm num qty SI si unit ang bra ket braket norm abs SIrange numrange ce")
"""Commands of packages that LaTeX sources load and no converter knows."""

CORE = (
    LETTERS | RELATIONS | BINARY | BIG | FUNCTIONS | DOTS | BARS | STYLES | TEXTS | ONE | TWO | RAW | SPACES | OTHERS
    | frozenset(OPEN) | frozenset(CLOSE)
)  # fmt: skip


def is_command(name: str) -> bool:
    """Whether TeX, with the usual packages for formulas, knows ``\\name``."""
    return name in CORE or f"\\{name}" in _wide()


@cache
def _wide() -> frozenset[str]:
    """The names that the converter to MathML knows: read only where a name is not one of the common ones."""
    from latex2mathml import commands, symbols_parser

    found = set(symbols_parser.parse_symbols())
    for value in vars(commands).values():
        for name in [value] if isinstance(value, str) else value if isinstance(value, (tuple, list, dict, set)) else ():
            if isinstance(name, str) and name.startswith("\\"):
                found.add(name)
    return frozenset(found)


_DEFINED = re.compile(
    r"\\(?:(?:re|provide)?newcommand|renewcommand|providecommand|DeclareMathOperator|DeclarePairedDelimiter|def|let"
    r"|newcommandx|NewDocumentCommand|DeclareRobustCommand|gdef)\*?\s{0,5}\{?\s{0,5}\\(?P<name>[A-Za-z]+)"
)


def defined(source: str) -> frozenset[str]:
    """The commands that a source defines for itself."""
    return frozenset(match["name"] for match in _DEFINED.finditer(source))


def nearest(name: str) -> str:
    """The common command that a misspelt name was meant to be, or an empty word."""
    from difflib import get_close_matches

    candidates = [one for one in CORE if one[:1].isalpha() and abs(len(one) - len(name)) <= 2]
    return next(iter(get_close_matches(name, sorted(candidates), n=1, cutoff=0.72)), "")


SHORTEST = 4


def is_slip(name: str, meant: str) -> bool:
    """Whether a name differs from the one that was meant by one letter: lost, added, wrong, or changed places with the
    next one. Short names are too near to one another."""
    if min(len(name), len(meant)) < SHORTEST or abs(len(name) - len(meant)) > 1:
        return False
    pairs = enumerate(zip(name, meant, strict=False))
    at = next((i for i, (a, b) in pairs if a != b), min(len(name), len(meant)))
    behind, other = name[at:], meant[at:]
    swapped = behind[1::-1] == other[:2] and len(other) > 1
    wrong, added, lost = behind[1:] == other[1:], behind[1:] == other, behind == other[1:]
    return wrong or added or lost or (swapped and behind[2:] == other[2:])
