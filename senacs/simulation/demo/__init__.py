"""The demonstration's exports: the Hauts-de-Seine in 2011 and 2012, kept under `demo/`.

`python -m senacs.simulation.demo` rewrites them; `truth.truth` says what they hold and what was
planted in them.
"""
