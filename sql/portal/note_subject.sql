-- grain      : one account
-- reads      : nothing
-- replaces   : in portal.account, who the provider says the person is, where nobody has said so yet
-- parameters : account_no, subject
update portal.account set subject = %(subject)s where account_no = %(account_no)s and subject is null
returning account_no
