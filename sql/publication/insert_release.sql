-- grain      : one decision to publish
-- reads      : nothing
-- replaces   : nothing; adds to publication.release
-- parameters : vintage_no, kind, reason, decided_by, released_on
insert into publication.release (vintage_no, kind, reason, decided_by, released_on)
values (%(vintage_no)s, %(kind)s, %(reason)s, %(decided_by)s, %(released_on)s)
