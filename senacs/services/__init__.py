"""Embedded services: PostgreSQL, a Prefect server and a Prefect worker, all under one folder."""
