-- grain      : one export that a vintage rests on
-- reads      : publication.file
-- replaces   : nothing
-- parameters : vintage_no
select territory, sha256, file_name, received_on
  from publication.file
 where vintage_no = %(vintage_no)s
 order by territory
