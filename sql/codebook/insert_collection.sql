-- grain      : one collection
-- reads      : nothing
-- replaces   : nothing; adds to codebook.collection
-- parameters : collection, label, unit_label, unit_label_plural, disclosure, simulated, provenance, licence, version, register_collection
insert into codebook.collection
    (collection, label, unit_label, unit_label_plural, disclosure, simulated, provenance, licence, version,
     register_collection)
values (%(collection)s, %(label)s, %(unit_label)s, %(unit_label_plural)s, %(disclosure)s, %(simulated)s,
        %(provenance)s, %(licence)s, %(version)s, %(register_collection)s)
