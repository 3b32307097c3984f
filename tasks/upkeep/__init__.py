"""Upkeep: the health check, backup and restore, and what may be deleted."""
