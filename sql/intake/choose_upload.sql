-- grain      : one upload
-- reads      : nothing
-- replaces   : in intake.upload, which one is in place
-- parameters : collection, territory, data_year, upload_id, author
update intake.upload
   set ending = 'replaced', ended_at = now(), ended_by = %(author)s
 where collection = %(collection)s and data_year = %(data_year)s and territory = %(territory)s
   and chosen_at is not null and ending is null and upload_id <> %(upload_id)s;
update intake.upload
   set chosen_at = coalesce(chosen_at, now()), chosen_by = coalesce(chosen_by, %(author)s)
 where upload_id = %(upload_id)s and ending is null
