-- grain      : one item
-- reads      : nothing
-- replaces   : query.item, the line of that item
-- parameters : item_key, collection, territory, data_year, rule, unit_id, question, header, severity, message, advice, row_number, raw, about, delivered, exception
insert into query.item
    (item_key, collection, data_year, territory, rule, unit_id, question, header, severity, message, advice,
     row_number, raw, about, delivered, exception)
values (%(item_key)s, %(collection)s, %(data_year)s, %(territory)s, %(rule)s, %(unit_id)s, %(question)s,
        %(header)s, %(severity)s, %(message)s, %(advice)s, %(row_number)s, %(raw)s, %(about)s, %(delivered)s,
        %(exception)s)
on conflict (item_key) do update set
    header = excluded.header, severity = excluded.severity, message = excluded.message, advice = excluded.advice,
    row_number = excluded.row_number, raw = excluded.raw, about = excluded.about, delivered = excluded.delivered,
    exception = excluded.exception
