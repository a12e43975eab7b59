"""A formula is data: written once as a sympy expression, read in six ways.

``vocabulary`` holds the words; ``printing``, ``typing``, ``float`` (torch), ``ball`` (Arb), ``exact`` and
``mutation`` are the readers, each a dispatch over node types; an unknown node is an error that names it.
"""
