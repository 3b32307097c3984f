-- grain      : one content
-- reads      : nothing
-- replaces   : nothing; adds to intake.export if new
-- parameters : sha256, bytes
insert into intake.export (sha256, bytes, first_received)
values (%(sha256)s, %(bytes)s, now())
on conflict (sha256) do nothing
