"""The mathematics: one package a text, one module a subsection."""
