"""The search for counterexamples: hypothesis draws recipes, torch makes batches, suspects are certified elsewhere.

``ensembles`` families of matrices; ``layout`` what a statement asks to be drawn; ``recipe`` the few numbers that fix
one batch; ``sampler`` a batch from a recipe; ``coverage`` which regions were visited; ``magnitude`` what is rounding;
``trials`` margins of a batch; ``ascent`` gradient search; ``suspects`` float suspect to certificate; ``polish`` to a
printable example; ``search`` the whole.
"""
