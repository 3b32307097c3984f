-- Exports of several sheets: a finding says which one.

alter table intake.finding add column sheet text;
comment on column intake.finding.sheet is 'Title of the sheet; null where the export is one table, or the finding is about all of it.';
comment on column intake.finding.row_number is 'Row of its sheet as a spreadsheet counts, the header being row 1; null for the whole file.';
comment on column department.record.row_number is 'First row that holds it, in the sheet that its population is where the export has several (header = row 1).';
comment on column department.answer.row_number is 'Row of the export, or of its sheet (header = row 1).';
comment on column codebook.variable.kind is 'number, integer, code, yes_no, date, siret, siren or text.';
call access.keep_out_of_statistics();
