-- grain      : the tables of territories
-- reads      : nothing
-- replaces   : reference.region, reference.departement, reference.departement_region, reference.commune, reference.commune_successor, reference.commune_movement, reference.commune_alias, reference.commune_moved, reference.arrondissement_municipal, reference.commune_population, reference.epci, reference.epci_year, reference.commune_epci, reference.collectivite, reference.caf, reference.collection_extent, reference.collection_territory: emptied, to be filled in the same transaction
-- parameters : none
delete from reference.region;
delete from reference.departement;
delete from reference.departement_region;
delete from reference.commune;
delete from reference.commune_successor;
delete from reference.commune_movement;
delete from reference.commune_alias;
delete from reference.commune_moved;
delete from reference.arrondissement_municipal;
delete from reference.commune_population;
delete from reference.epci;
delete from reference.epci_year;
delete from reference.commune_epci;
delete from reference.collectivite;
delete from reference.caf;
delete from reference.collection_extent;
delete from reference.collection_territory
