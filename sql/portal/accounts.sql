-- grain      : one account, with its territories of any day
-- reads      : portal.account, portal.account_territory, portal.invitation, portal.second_factor
-- replaces   : nothing
-- parameters : none
select a.account_no, a.email, a.name, a.role, a.active,
       array_remove(array_agg(distinct t.territory order by t.territory), null) as territories,
       (select i.ends_at from portal.invitation i where i.account_no = a.account_no) as invited_until,
       exists (select 1 from portal.second_factor f
                where f.account_no = a.account_no and f.confirmed_at is not null) as second_factor
  from portal.account a
  left join portal.account_territory t on t.account_no = a.account_no
 group by a.account_no
 order by a.email
