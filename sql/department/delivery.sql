-- grain      : one territory in one data year
-- reads      : department.delivery
-- replaces   : nothing
-- parameters : collection, territory, data_year
select sha256, fingerprint, records, answers, rejected_answers
  from department.delivery
 where collection = %(collection)s and data_year = %(data_year)s and territory = %(territory)s
