"""Proofs with symbolic sizes.

A proof is data: lines of formulas, each with its justification (``lines``). ``check`` accepts it for a statement only
if every line is justified and the lines end in exactly what the statement says. The justifications are small and
independent: matrix identities (``identities``), real arithmetic (``arithmetic``), named theorems (``theorems``), sums
and products (``sums``), orthonormal expansions (``spectral``), objects that exist (``frames``), traces and entries
(``traces``, ``entries``), case distinctions (``cases``), matrix calculus (``calculus``), dimension counts
(``linear``), induction. ``binding`` sees to bound names.
"""
