"""Rewrites the simulated exports of the demo: `python -m senacs.simulation.demo`."""

import sys

from senacs.simulation.demo.exports import write_demo

if __name__ == "__main__":
    for path in write_demo():
        sys.stdout.write(f"{path}\n")
