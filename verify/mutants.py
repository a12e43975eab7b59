"""What becomes of the mutants of a part: killed by a certified counterexample, implied by a proof, or surviving.

A mutant is implied where the part's own proof also proves it, or where it follows from the part by real arithmetic
and the order of singular values and norms. Only a certified counterexample kills. Where the part has a proof its
witness may be that counterexample: a witness on the border of the hypotheses shows that a bound is attained. Without a
proof the verdict rests on the search, so that only the search may kill.
"""

from __future__ import annotations

from itertools import permutations
from typing import Any

import sympy as sp

from verify.certify import certify
from verify.context import Context
from verify.formula.mutation import Mutation, mutations
from verify.formula.printing import tex, tex_given
from verify.formula.vocabulary import Energy, FrobeniusNorm, NuclearNorm, Sigma, SpectralNorm
from verify.model.claim import Part
from verify.model.evidence import Certificate, Mutant
from verify.model.statement import Statement
from verify.model.words import Outcome
from verify.proof.arithmetic import entails, is_scalar_relation
from verify.proof.errors import ProofError
from verify.proof.facts import Facts
from verify.proof.lines import Derivation, check, derive, hypotheses, missing


def try_mutants(part: Part, context: Context) -> list[Mutant]:
    """The outcome for each mutant of the part's statement, in the fixed order of :func:`mutations`."""
    known = established(part)
    return [_try(part, mutation, context, known) for mutation in mutations(part.statement)]


def _try(part: Part, mutation: Mutation, context: Context, known: list[Facts]) -> Mutant:
    from verify.stress.search import BRIEF, WIDER, search

    shown = _shown(part.statement, mutation)
    reason = implied(part, mutation, known)
    if reason is not None:
        return Mutant(name=mutation.name, tex=shown, outcome=Outcome.IMPLIED, reason=reason)
    broken = certify(mutation.statement, part.witness) if known and part.witness is not None else None
    if isinstance(broken, Certificate):
        reason = "the part's witness is a counterexample"
        return Mutant(name=mutation.name, tex=shown, outcome=Outcome.KILLED, reason=reason, certificate=broken)
    found = search(mutation.statement, context=context, gradient=False, polished=False, effort=BRIEF)
    if found.counterexample is None:  # where there is a proof, the verdict does not rest on it
        more = WIDER if known else None
        found = search(mutation.statement, context=context, gradient=not known, polished=False, effort=more)
    if found.counterexample is not None:
        return Mutant(
            name=mutation.name,
            tex=shown,
            outcome=Outcome.KILLED,
            reason=f"counterexample found by {found.counterexample.found_by}",
            certificate=found.counterexample.certificate,
        )
    tried = f"no counterexample among {found.stress.matrices} instances"
    return Mutant(name=mutation.name, tex=shown, outcome=Outcome.SURVIVING, reason=tried)


def _shown(original: Statement, mutation: Mutation) -> str:
    if mutation.changed == "conclusion":
        changed = [b for a, b in zip(original.says, mutation.statement.says, strict=True) if a != b]
        return r",\quad ".join(tex(f) for f in changed)
    kept = set(original.given)
    changed_lines = [line for line in mutation.statement.given if line not in kept]
    return r",\quad ".join(tex_given(line) for line in changed_lines) or r"\text{" + mutation.name + "}"


def established(part: Part) -> list[Facts]:
    """What each proof of the part establishes; a proof that fails establishes nothing."""
    out = []
    for derivation in _derivations(part):
        try:
            _, facts = derive(derivation, part.statement)
        except ProofError:
            continue
        if missing(facts, part.statement) is None:
            out.append(facts)
    return out


def _derivations(part: Part) -> list[Derivation]:
    from verify.checks import Prove

    return [c.derivation for c in part.checks if isinstance(c, Prove)]


def implied(part: Part, mutation: Mutation, known: list[Facts]) -> str | None:
    """Why nothing could kill the mutant, or None where that is not known. ``known``: see :func:`established`."""
    if mutation.changed == "conclusion":
        if any(missing(facts, mutation.statement) is None for facts in known):
            return "the part's own proof proves it"
        if _follows(part.statement, mutation.statement):
            return "follows from the part by arithmetic and the order of singular values and norms"
    elif _proved_too(part, mutation.statement):
        return "the part's own proof proves it"
    return None


def _proved_too(part: Part, statement: Statement) -> bool:
    for derivation in _derivations(part):
        try:
            check(derivation, statement)
        except ProofError:
            continue
        return True
    return False


def _follows(original: Statement, mutant: Statement) -> bool:
    said = [original.expand(f) for f in original.says]
    wanted = [mutant.expand(f) for f in mutant.says]
    if not all(is_scalar_relation(f) for f in (*said, *wanted)):
        return False
    given = [f for f in hypotheses(original) if is_scalar_relation(f)]
    facts = [*given, *said, *_orders(given, [*said, *wanted])]
    try:
        return all(entails(facts, f) for f in wanted)
    except ProofError:
        return False


def _orders(given: list[Any], formulas: list[Any]) -> list[Any]:
    """Facts between the atoms that occur: singular values and energies by index, norms by kind."""
    atoms = {a for f in formulas for a in f.atoms(Sigma, Energy, FrobeniusNorm, SpectralNorm, NuclearNorm)}
    out = []
    for a, b in permutations(sorted(atoms, key=sp.srepr), 2):
        if type(a) is type(b) and isinstance(a, (Sigma, Energy)) and a.args[0] == b.args[0]:
            if _known(given, sp.Le(b.args[1], a.args[1], evaluate=False)):
                low, high = (a, b) if isinstance(a, Sigma) else (b, a)
                out.append(sp.Le(low, high, evaluate=False))
        elif a.args == b.args and (type(a), type(b)) in SMALLER:
            out.append(sp.Le(a, b, evaluate=False))
    return out


SMALLER = {(SpectralNorm, FrobeniusNorm), (FrobeniusNorm, NuclearNorm), (SpectralNorm, NuclearNorm)}


def _known(given: list[Any], relation: Any) -> bool:
    if relation.lhs.free_symbols | relation.rhs.free_symbols == set() or relation.lhs.is_integer:
        try:
            return entails(given, relation)
        except ProofError:
            return False
    return False
