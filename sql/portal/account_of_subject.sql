-- grain      : one account: of that subject, else of that address where nobody's subject is known of it; no row where there is none
-- reads      : portal.account
-- replaces   : nothing
-- parameters : subject, email
select account_no, email, subject
  from portal.account
 where active and (subject = %(subject)s or (subject is null and email = %(email)s))
 order by subject nulls last
 limit 1
