#!/bin/sh
# Prefect's own database beside the warehouse, with a role that cannot enter the warehouse.
set -eu
psql --set=ON_ERROR_STOP=1 --set=password="$PREFECT_PASSWORD" --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" <<'SQL'
create role prefect login password :'password';
create database prefect owner prefect;
revoke all on database senacs from public;
\connect prefect
create extension if not exists pg_trgm;
SQL
