-- grain      : one département
-- reads      : reference.departement
-- replaces   : nothing
-- parameters : none
select code, name from reference.departement order by code
