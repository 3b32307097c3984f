-- grain      : one content
-- reads      : nothing
-- replaces   : nothing; adds to intake.export if new
-- parameters : sha256, bytes
--
-- No column is named in `on conflict`: who only sends need not be let read what is there.
insert into intake.export (sha256, bytes, first_received)
values (%(sha256)s, %(bytes)s, now())
on conflict do nothing
