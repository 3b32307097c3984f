-- grain      : one account, with its territories of any day
-- reads      : portal.account, portal.account_territory
-- replaces   : nothing
-- parameters : none
select a.account_no, a.email, a.name, a.role, a.active,
       array_remove(array_agg(distinct t.territory order by t.territory), null) as territories
  from portal.account a
  left join portal.account_territory t on t.account_no = a.account_no
 group by a.account_no
 order by a.email
