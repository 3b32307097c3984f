-- Whom a question is asked of, so that a figure's base leaves out those who were not asked.

alter table codebook.question add column populations text[];
comment on column codebook.question.populations is 'Populations that are asked; null: all of the collection''s.';
comment on column indicator.cell.n_base is 'Of these, units the figure is about: asked and concerned, and meeting the indicator''s condition.';
-- The copy of each codebook is made again by the next run, with this column.
update codebook.collection set version = '';
