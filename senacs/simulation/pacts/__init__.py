"""Fictitious agreements: everything in them is invented, and every name says so."""
