-- How each structure of the register is managed, for response rates by kind of management.

alter table reference.structure add column management text;
comment on column reference.structure.management is 'Kind of management, as the register''s code list mode_gestion says it; null where it says none.';
-- The register is loaded again by its next run, with this column.
update department.delivery set fingerprint = '' where collection = 'registre';
