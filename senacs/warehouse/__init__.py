"""The way into PostgreSQL: engine, statements of `sql/`, bulk copy, migrations."""
