-- What the cells of a data year were computed from, so that nothing is computed twice and nothing is left behind.

create table indicator.basis (
    collection text not null,
    data_year  smallint not null,
    basis      text not null,
    primary key (collection, data_year)
);
comment on table indicator.basis is 'What the cells of a data year were computed from. Grain: one collection in one data year.';
comment on column indicator.basis.collection is 'Collection.';
comment on column indicator.basis.data_year is 'Year of the activity described.';
comment on column indicator.basis.basis is 'Hash of the loaded deliveries, the codebook and the statement that computes.';
