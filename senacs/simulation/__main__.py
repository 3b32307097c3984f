"""Rewrites the simulated exports of the demo: `python -m senacs.simulation`."""

import sys

from senacs.simulation.exports import write_demo

if __name__ == "__main__":
    for path in write_demo():
        sys.stdout.write(f"{path}\n")
