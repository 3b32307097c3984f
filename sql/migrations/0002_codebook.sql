-- The codebook as the layers use it: a copy of the declared collections, replaced when their files change.

create schema codebook;
comment on schema codebook is 'Copy of codebook/ for SQL: collections, variables, questions, codes, indicators. The files are the source.';

create table codebook.collection (
    collection text primary key,
    label      text not null,
    unit_label text not null,
    unit_label_plural text not null,
    disclosure text not null check (disclosure in ('protected', 'open')),
    simulated  boolean not null,
    provenance text not null,
    licence    text not null,
    version    text not null
);
comment on table codebook.collection is 'Declared collections. Grain: one collection.';
comment on column codebook.collection.collection is 'Name of the collection: its folder under codebook/.';
comment on column codebook.collection.label is 'French label.';
comment on column codebook.collection.unit_label is 'What one record is, in French, singular.';
comment on column codebook.collection.unit_label_plural is 'The same, plural.';
comment on column codebook.collection.disclosure is 'protected: figures pass disclosure control; open: already public record by record.';
comment on column codebook.collection.simulated is 'True: every answer of this collection is invented, on invented names.';
comment on column codebook.collection.provenance is 'Where the exports come from.';
comment on column codebook.collection.licence is 'Licence of the exports.';
comment on column codebook.collection.version is 'Content hash of the collection''s files, twelve hex digits.';

create table codebook.variable (
    collection text not null references codebook.collection on delete cascade,
    variable   text not null,
    theme      text not null,
    label      text not null,
    kind       text not null,
    unit       text not null,
    primary key (collection, variable)
);
comment on table codebook.variable is 'Harmonised variables: one meaning and one unit over all years. Grain: one variable.';
comment on column codebook.variable.collection is 'Collection.';
comment on column codebook.variable.variable is 'Name of the variable.';
comment on column codebook.variable.theme is 'Theme of the questionnaire.';
comment on column codebook.variable.label is 'French label.';
comment on column codebook.variable.kind is 'number, integer, code, yes_no, date, siret or text.';
comment on column codebook.variable.unit is 'Unit of a number: €, personnes, ETP, heures; empty otherwise.';

create table codebook.question (
    collection text not null references codebook.collection on delete cascade,
    data_year  smallint not null,
    question   text not null,
    position   smallint not null,
    label      text not null,
    variable   text,
    factor     numeric not null,
    primary key (collection, data_year, question)
);
comment on table codebook.question is 'Questions by data year and what they are mapped to. Grain: one question of one data year.';
comment on column codebook.question.collection is 'Collection.';
comment on column codebook.question.data_year is 'Year of the activity described.';
comment on column codebook.question.question is 'Code of the question.';
comment on column codebook.question.position is 'Order in the questionnaire.';
comment on column codebook.question.label is 'French label.';
comment on column codebook.question.variable is 'Harmonised variable; null for a question that is kept but not harmonised.';
comment on column codebook.question.factor is 'What a delivered number is multiplied by to be in the variable''s unit.';

create table codebook.indicator (
    collection     text not null references codebook.collection on delete cascade,
    indicator      text not null,
    position       smallint not null,
    theme          text not null,
    theme_label    text not null,
    label          text not null,
    statistic      text not null check (statistic in ('count', 'total', 'mean', 'median', 'share', 'ratio')),
    variable       text,
    codes          text[] not null,
    denominator    text,
    where_variable text,
    where_codes    text[] not null,
    unit           text not null,
    decimals       smallint not null,
    headline       boolean not null,
    note           text not null,
    primary key (collection, indicator)
);
comment on table codebook.indicator is 'Definitions of published figures. Grain: one indicator.';
comment on column codebook.indicator.collection is 'Collection.';
comment on column codebook.indicator.indicator is 'Name of the indicator.';
comment on column codebook.indicator.position is 'Order of presentation.';
comment on column codebook.indicator.theme is 'Theme it is shown under.';
comment on column codebook.indicator.theme_label is 'French label of the theme.';
comment on column codebook.indicator.label is 'French label.';
comment on column codebook.indicator.statistic is 'count of units, total, mean or median of a variable, share of units with a code, ratio of two sums.';
comment on column codebook.indicator.variable is 'The variable summed up; null for a count.';
comment on column codebook.indicator.codes is 'For a share: the codes that count.';
comment on column codebook.indicator.denominator is 'For a ratio: the variable under the line.';
comment on column codebook.indicator.where_variable is 'Variable that restricts the base; null for everyone.';
comment on column codebook.indicator.where_codes is 'Codes of where_variable that are in the base.';
comment on column codebook.indicator.unit is 'Unit of the figure; share means 0 to 1.';
comment on column codebook.indicator.decimals is 'Decimals shown.';
comment on column codebook.indicator.headline is 'Shown first.';
comment on column codebook.indicator.note is 'What a reader must know.';
