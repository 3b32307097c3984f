-- What the house reads of the figures: everything about one in one row, and what it was made from.

create view indicator.detail with (security_invoker = true) as
select c.collection, k.label as collection_label, k.simulated, c.data_year, c.indicator, i.position, i.theme_label,
       i.label, i.statistic, i.unit, i.decimals, i.headline, i.note, c.population, c.level, c.area,
       case c.level when 'france' then 'France'
                    when 'surveyed' then 'Territoires enquêtés'
                    when 'departement' then coalesce(d.name, 'Département non renseigné')
                    when 'epci' then coalesce(e.name, c.area)
                    else coalesce(r.name, 'Région non renseignée') end as area_label,
       c.breakdown, coalesce(b.label, '') as breakdown_label, c.category,
       case when c.category = 'inconnu' then 'Non renseigné' else coalesce(g.label, '') end as category_label,
       y.comparability, y.note as comparability_note,
       case when c.confidential then 'confidential'
            when c.n_base = 0 then 'no base'
            when c.value is null then 'no answer'
            else 'value' end as status,
       c.n_scope, c.n_responded, c.n_base, c.n_item, c.n_corrected, c.n_managers, c.value,
       s.value as estimate, s.low as estimate_low, s.high as estimate_high, s.share_imputed, s.share_covered,
       p.n_panel, p.value_before as panel_before, p.value as panel_value, p.confidential as panel_confidential,
       h.at as changed_at, h.reasons as changed_why, h.value_before as changed_from
  from indicator.cell c
  join codebook.collection k using (collection)
  join codebook.indicator i using (collection, indicator)
  left join codebook.indicator_year y using (collection, indicator, data_year)
  left join codebook.breakdown b using (collection, breakdown)
  left join codebook.category g using (collection, breakdown, category)
  left join reference.departement d on c.level = 'departement' and d.code = c.area
  left join reference.epci e on c.level = 'epci' and e.siren = c.area and e.years @> c.data_year::integer
  left join reference.region r
         on c.level in ('region', 'region_today') and r.code = c.area
        and case c.level when 'region' then make_date(c.data_year, 12, 31) else 'infinity'::date end
            between r.valid_from and coalesce(r.valid_to, 'infinity')
  left join indicator.estimate s
         on c.breakdown = 'all' and s.collection = c.collection and s.data_year = c.data_year and s.level = c.level
        and s.area = c.area and s.indicator = c.indicator and s.population = c.population
  left join indicator.panel p
         on c.breakdown = 'all' and p.collection = c.collection and p.data_year = c.data_year and p.level = c.level
        and p.area = c.area and p.indicator = c.indicator and p.population = c.population
  left join lateral (
        select x.at, x.reasons, x.value_before
          from indicator.change x
         where x.collection = c.collection and x.data_year = c.data_year and x.level = c.level and x.area = c.area
           and x.indicator = c.indicator and x.population = c.population and x.breakdown = c.breakdown
           and x.category = c.category
         order by x.change_no desc limit 1) h on true;
comment on view indicator.detail is 'All about a figure, for the house: no disclosure control but the mark. Grain: that of indicator.cell. Simulated where the column says so.';
comment on column indicator.detail.collection is 'Collection.';
comment on column indicator.detail.collection_label is 'French label of the collection.';
comment on column indicator.detail.simulated is 'True: invented answers on invented names; say so wherever shown.';
comment on column indicator.detail.data_year is 'Year of the activity described.';
comment on column indicator.detail.indicator is 'Indicator of the codebook.';
comment on column indicator.detail.position is 'Order of presentation.';
comment on column indicator.detail.theme_label is 'Theme, in French.';
comment on column indicator.detail.label is 'Label of the figure, in French.';
comment on column indicator.detail.statistic is 'scope, count, response, total, mean, median, share, ratio.';
comment on column indicator.detail.unit is 'Unit; share means 0 to 1.';
comment on column indicator.detail.decimals is 'Decimals shown.';
comment on column indicator.detail.headline is 'Shown first.';
comment on column indicator.detail.note is 'What a reader must know.';
comment on column indicator.detail.population is 'CS, EVS, POSTE; AVS for all together, counts and totals only.';
comment on column indicator.detail.level is 'epci, departement, region, region_today (where the regions of the year are not those of now), france, surveyed.';
comment on column indicator.detail.area is 'Code of the area.';
comment on column indicator.detail.area_label is 'French name of the area.';
comment on column indicator.detail.breakdown is 'all, or what it is broken down by.';
comment on column indicator.detail.breakdown_label is 'In French; empty for all.';
comment on column indicator.detail.category is 'all, or a category; inconnu where it is not known.';
comment on column indicator.detail.category_label is 'In French; empty for all.';
comment on column indicator.detail.comparability is 'With the last year before that has the figure: first, same, recoded or break.';
comment on column indicator.detail.comparability_note is 'What changed, in French.';
comment on column indicator.detail.status is 'value; confidential (a primary disclosure rule hides it); no answer (units in the base, none answered); no base (nobody is concerned).';
comment on column indicator.detail.n_scope is 'Units of the perimeter.';
comment on column indicator.detail.n_responded is 'Units that responded.';
comment on column indicator.detail.n_base is 'Units the figure is about.';
comment on column indicator.detail.n_item is 'Units that answered the item.';
comment on column indicator.detail.n_corrected is 'Of these, units of which an answer was corrected or confirmed by a correspondent.';
comment on column indicator.detail.n_managers is 'Managing bodies among n_item; 3 stands for three or more.';
comment on column indicator.detail.value is 'The figure: sums of respondents, unweighted.';
comment on column indicator.detail.estimate is 'Estimate for all units in scope (docs/estimates.md); null by breakdown and EPCI.';
comment on column indicator.detail.estimate_low is 'Lower end of its 95 % interval.';
comment on column indicator.detail.estimate_high is 'Upper end of its 95 % interval.';
comment on column indicator.detail.share_imputed is 'Share of the estimate that rests on imputed items, 0 to 1.';
comment on column indicator.detail.share_covered is 'Share of the units in scope that the estimate is made from, 0 to 1.';
comment on column indicator.detail.n_panel is 'Units in the base that answered the item in this year and the one before.';
comment on column indicator.detail.panel_before is 'Their figure in the year before.';
comment on column indicator.detail.panel_value is 'Their figure in this year.';
comment on column indicator.detail.panel_confidential is 'A primary disclosure rule hides the evolution.';
comment on column indicator.detail.changed_at is 'When the figure last changed; null where it never did since it was first computed.';
comment on column indicator.detail.changed_why is 'Why: correction, late_reply, method, perimeter.';
comment on column indicator.detail.changed_from is 'What it was before.';

create view indicator.lineage with (security_invoker = true) as
with of_area as (
    select b.collection, b.data_year, b.territory, a.level, a.area
      from indicator.basis b
     cross join unnest(b.departements) u (departement)
      left join reference.departement_region g
             on g.departement = u.departement and g.period @> reference.geography_date(b.data_year)
      left join reference.departement_region n on n.departement = u.departement and n.valid_to is null
     cross join lateral (values ('departement', u.departement), ('region', coalesce(g.region, 'ZZ')),
                                ('region_today', coalesce(n.region, 'ZZ')), ('france', 'FR'), ('surveyed', '*'))
                                as a (level, area)
)
select distinct o.collection, o.data_year, o.level, o.area, o.territory, d.sha256, r.run_id, c.file_name, r.finished_at,
       d.codebook_version, d.fingerprint, d.records, d.answers
  from of_area o
  join department.delivery d using (collection, data_year, territory)
  left join lateral (
        select x.run_id, x.finished_at, x.sha256
          from intake.run x
         where x.collection = d.collection and x.data_year = d.data_year and x.territory = d.territory
           and x.outcome = 'loaded' and x.fingerprint = d.fingerprint
         order by x.started_at desc limit 1) r on true
  left join lateral (
        select y.file_name
          from intake.receipt y
         where y.collection = d.collection and y.data_year = d.data_year and y.territory = d.territory
           and y.sha256 = d.sha256
         order by y.received_at desc limit 1) c on true
 where exists (select from indicator.cell f
                where f.collection = o.collection and f.data_year = o.data_year and f.level = o.level and f.area = o.area);
comment on view indicator.lineage is 'What the figures of an area were made from: files, runs, codebook. Grain: one territory of one area in one data year. For an EPCI, see those of its départements.';
comment on column indicator.lineage.collection is 'Collection.';
comment on column indicator.lineage.data_year is 'Year of the activity described.';
comment on column indicator.lineage.level is 'Level of the area.';
comment on column indicator.lineage.area is 'Code of the area.';
comment on column indicator.lineage.territory is 'Collection territory with units in the area.';
comment on column indicator.lineage.sha256 is 'Export that is loaded of it: its name in the archive.';
comment on column indicator.lineage.run_id is 'Run that loaded it.';
comment on column indicator.lineage.file_name is 'Name under which the export last came.';
comment on column indicator.lineage.finished_at is 'When that run ended.';
comment on column indicator.lineage.codebook_version is 'Version of the codebook it was read with.';
comment on column indicator.lineage.fingerprint is 'Hash of all that the loaded state depends on.';
comment on column indicator.lineage.records is 'Records loaded.';
comment on column indicator.lineage.answers is 'Answers loaded, of any status.';

grant select on indicator.detail, indicator.lineage to senacs_etl, senacs_national_analyst;
