"""Texts and papers: parsed into documents, checked by rules. Needs neither torch nor sympy."""
