-- grain      : one upload
-- reads      : nothing
-- replaces   : in intake.upload, that runs take it no more; one that has ended stays as it is
-- parameters : upload_id, ending, author
update intake.upload
   set ending = %(ending)s, ended_at = now(), ended_by = %(author)s
 where upload_id = %(upload_id)s and ending is null
