-- grain      : one upload
-- reads      : nothing
-- replaces   : in intake.upload, what the source had when it was first asked after the choice
-- parameters : upload_id, sha256
update intake.upload set source_sha256 = %(sha256)s where upload_id = %(upload_id)s and source_sha256 is null
