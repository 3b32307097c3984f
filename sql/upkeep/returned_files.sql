-- grain      : one content
-- reads      : query.returned_file
-- replaces   : nothing
-- parameters : none
select distinct sha256, bytes
  from query.returned_file
 order by sha256
