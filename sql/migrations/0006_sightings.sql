-- What a visit to a drop folder saw of a file it did not take yet.

create table intake.sighting (
    collection text not null,
    data_year  smallint not null,
    territory  text not null,
    source     text not null,
    mark       text not null,
    seen_at    timestamptz not null,
    primary key (collection, data_year, territory)
);
comment on table intake.sighting is 'The file that the last visit found still changing; the next visit takes it if it is the same. Grain: one territory in one data year.';
comment on column intake.sighting.collection is 'Collection.';
comment on column intake.sighting.data_year is 'Year of the activity described.';
comment on column intake.sighting.territory is 'Collection territory.';
comment on column intake.sighting.source is 'Address of the folder, without credentials.';
comment on column intake.sighting.mark is 'Name, size and time of the file.';
comment on column intake.sighting.seen_at is 'When it was seen.';

comment on column intake.receipt.etag is 'What the source says of this version, for the next conditional request: ETag, or name, size and time of the file, or hash of the content.';
