"""A check for what says nothing: an assertion whose undefined terms can always be chosen so that it holds.

The terms of which the text gives no definition are free symbols of the part. The author names values for them, made of
the other symbols; the proof checker shows that with these values everything that is assumed of the terms, and the
conclusion, holds whatever the other symbols are. Then no observation of those could contradict the assertion.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from verify.checks import ill_typed
from verify.context import Context
from verify.model.claim import Check, Part
from verify.model.evidence import Evidence, Failure, Typing
from verify.model.statement import Assume, Declared, Real, Statement, symbols_of


class Unfalsifiable(Check):
    """``values`` gives each undefined term an expression in the other symbols; ``derivation`` proves what remains.

    Terms are real numbers. The evidence is that of an ill-posed part; a proof that does not check is a failure.
    """

    values: Mapping[Any, Any]
    derivation: Any

    def run(self, part: Part, context: Context) -> list[Evidence]:
        from verify.formula.printing import plain
        from verify.proof.errors import ProofError
        from verify.proof.lines import check

        if ill_typed(part):
            return []
        start = time.perf_counter()
        try:
            steps, _ = check(self.derivation, self.accommodated(part.statement))
        except (ProofError, ValueError) as error:
            return [Failure(engine="proof", check="Unfalsifiable", cause="error", message=str(error))]
        chosen = ", ".join(f"{plain(term)} = {plain(value)}" for term, value in self.values.items())
        message = (
            f"{', '.join(map(plain, self.values))} are given no definition, and with {chosen} the conclusion holds "
            f"whatever the other values are (proved in {len(steps)} steps): no observation could contradict it"
        )
        return [Typing(engine="proof checker", seconds=time.perf_counter() - start, message=message)]

    def accommodated(self, statement: Statement) -> Statement:
        """The statement with the terms replaced by their values; what was assumed of the terms is to be proved too.

        Raises ValueError for a term that is no declared real number, and for a value that mentions a term.
        """
        from verify.proof.formulas import substitute
        from verify.proof.lines import hypotheses

        terms = set(self.values)
        reals = {line.symbol for line in statement.given if isinstance(line, Real)}
        if not terms or not terms <= reals:
            raise ValueError("every undefined term must be declared as a real number of its own")
        for term, value in self.values.items():
            if symbols_of(value) & terms:
                raise ValueError(f"the value of {term} mentions an undefined term; make it of the other symbols")
        kept: list[Declared] = []
        required: list[Any] = []
        for line in statement.given:
            about = symbols_of(line.introduces) if line.introduces is not None else set()
            if about & terms or (isinstance(line, Assume) and symbols_of(line.formula) & terms):
                required += hypotheses(Statement.model_construct(given=(line,), says=()))
            else:
                kept.append(line)
        return Statement(
            given=tuple(kept), says=tuple(substitute(f, self.values) for f in (*required, *statement.says))
        )


__all__ = ["Unfalsifiable"]
