-- grain      : one collection
-- reads      : nothing
-- replaces   : codebook.collection with all that the codebook declares of it, reference.campaign_departement, reference.campaign_territory: emptied for that collection
-- parameters : collection
delete from reference.campaign_departement where collection = %(collection)s;
delete from reference.campaign_territory where collection = %(collection)s;
delete from codebook.collection where collection = %(collection)s
