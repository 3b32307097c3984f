-- grain      : one content
-- reads      : intake.export
-- replaces   : nothing
-- parameters : none
select sha256, bytes
  from intake.export
 order by first_received desc, sha256
