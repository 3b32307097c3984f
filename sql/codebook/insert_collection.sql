-- grain      : one collection
-- reads      : nothing
-- replaces   : nothing; adds to codebook.collection
-- parameters : collection, label, unit_label, unit_label_plural, disclosure, simulated, provenance, licence, version, register_collection, pooled_population, pooled_label, epci_least
insert into codebook.collection
    (collection, label, unit_label, unit_label_plural, disclosure, simulated, provenance, licence, version,
     register_collection, pooled_population, pooled_label, epci_least)
values (%(collection)s, %(label)s, %(unit_label)s, %(unit_label_plural)s, %(disclosure)s, %(simulated)s,
        %(provenance)s, %(licence)s, %(version)s, %(register_collection)s,
        %(pooled_population)s, %(pooled_label)s, %(epci_least)s)
