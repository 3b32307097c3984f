-- grain      : one shipped file
-- reads      : nothing
-- replaces   : in reference.shipped_file, which version is loaded
-- parameters : name, sha256
insert into reference.shipped_file (name, sha256) values (%(name)s, %(sha256)s)
on conflict (name) do update set sha256 = excluded.sha256
