-- grain      : one territory in one data year
-- reads      : department.record, department.answer
-- replaces   : nothing; adds the line that says what is loaded
-- parameters : collection, territory, data_year, sha256, fingerprint, codebook_version
insert into department.delivery
    (collection, data_year, territory, sha256, fingerprint, codebook_version, records, answers, rejected_answers)
select %(collection)s::text, %(data_year)s::smallint, %(territory)s::text, %(sha256)s::text,
       %(fingerprint)s::text, %(codebook_version)s::text,
       (select count(*) from department.record
         where collection = %(collection)s and data_year = %(data_year)s and territory = %(territory)s),
       count(*), count(*) filter (where status = 'rejected')
  from department.answer
 where collection = %(collection)s and data_year = %(data_year)s and territory = %(territory)s
returning records, answers, rejected_answers
