-- grain      : one population of a collection in one data year, as a whole, by kind of management, by membership
-- reads      : quality.unit_response
-- replaces   : nothing
-- parameters : collection, data_year
select population, management, federated, grouping(management) = 0 as by_management,
       grouping(federated) = 0 as by_federated,
       sum(n_approved)::int as n_approved, sum(n_scope)::int as n_scope, sum(n_asked)::int as n_asked,
       sum(n_collected)::int as n_collected, sum(n_delivered)::int as n_delivered,
       sum(n_responded)::int as n_responded, sum(n_usable)::int as n_usable
  from quality.unit_response
 where collection = %(collection)s and data_year = %(data_year)s
 group by grouping sets ((population), (population, management), (population, federated))
