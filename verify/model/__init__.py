"""The vocabulary: words, evidence, statements, claims. The submodules are imported one by one.

``words`` and ``evidence`` need pydantic only; ``statement`` and ``claim`` also need sympy.
"""
