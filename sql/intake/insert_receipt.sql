-- grain      : one delivery
-- reads      : nothing
-- replaces   : nothing; adds to intake.receipt
-- parameters : receipt_id, collection, territory, data_year, sha256, source, file_name, etag, last_modified
insert into intake.receipt
    (receipt_id, collection, data_year, territory, sha256, source, file_name, etag, last_modified, received_at)
values (%(receipt_id)s, %(collection)s, %(data_year)s, %(territory)s, %(sha256)s, %(source)s,
        %(file_name)s, %(etag)s, %(last_modified)s, now())
