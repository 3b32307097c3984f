"""Senacs: the observatory of the centres sociaux and espaces de vie sociale.

This package holds the domain without effects (codebook, reading, indicators), the settings,
the embedded services and the command line. Flows, tasks and expectations import it; it
imports none of them, except the command line, which starts flows.
"""
