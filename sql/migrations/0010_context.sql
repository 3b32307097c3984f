-- What findings depend on beside the layers: the year before and the territory's previous export.

alter table intake.run add column context text;
comment on column intake.run.context is 'Hash of what its findings alone depend on: last year''s values and the territory''s previous export. The layers do not.';

create table intake.run_column (
    run_id   uuid not null references intake.run on delete cascade,
    question text not null,
    filled   bigint not null,
    primary key (run_id, question)
);
comment on table intake.run_column is 'What a loaded export filled, for the next one to be compared with. Grain: one question that had a column in one run.';
comment on column intake.run_column.run_id is 'Run that loaded the export.';
comment on column intake.run_column.question is 'Question of that data year''s codebook.';
comment on column intake.run_column.filled is 'Cells of its column that are not empty.';
