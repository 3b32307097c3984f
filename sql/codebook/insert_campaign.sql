-- grain      : one collection in one data year
-- reads      : nothing
-- replaces   : nothing; adds to codebook.campaign
-- parameters : collection, data_year, campaign_year, opens, closes, perimeter
insert into codebook.campaign (collection, data_year, campaign_year, opens, closes, perimeter)
values (%(collection)s, %(data_year)s, %(campaign_year)s, %(opens)s, %(closes)s, %(perimeter)s)
