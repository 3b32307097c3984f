"""Simulated exports of the Hauts-de-Seine (register and survey), seeded and reproducible.

`python -m senacs.simulation` rewrites `demo/supplier/registre` and `demo/supplier/senacs`;
`senacs.simulation.truth.truth` says what they hold and what was planted in them.
"""
