-- What a monitor is told: counts alone, of nothing smaller than a collection, so that it needs no right on a row.
create function quality.observed() returns table (name text, labels jsonb, value double precision)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select 'revision', '{}'::jsonb, max(version_num::double precision) from public.alembic_version
    union all
    select 'runs', jsonb_build_object('collection', r.collection, 'outcome', r.outcome), count(*)::double precision
      from intake.run r
     group by r.collection, r.outcome
    union all
    select 'last_run', jsonb_build_object('collection', r.collection), extract(epoch from max(r.finished_at))::double precision
      from intake.run r
     where r.finished_at is not null
     group by r.collection
    union all
    select 'dead_runs', '{}', count(*)
      from intake.run r
     where r.outcome = 'running'
       and not exists (select
                         from pg_locks l
                        where l.locktype = 'advisory' and l.objsubid = 1 and l.granted
                          and l.database = (select oid from pg_database where datname = current_database())
                          and (l.classid::bigint << 32) | l.objid::bigint
                              = hashtextextended(format('%s/%s/%s', r.collection, r.territory, r.data_year), 0))
    union all
    select sample.name, jsonb_build_object('step', s.step, 'outcome', s.outcome), sample.value
      from (select t.step, t.outcome, count(*)::double precision as times, sum(t.seconds / t.together) as seconds,
                   max(t.seconds) as longest
              from intake.step t
             where t.started_at > now() - interval '1 day'
             group by t.step, t.outcome) s
     cross join lateral (values ('steps', s.times), ('step_seconds', s.seconds), ('longest_step', s.longest)) as sample (name, value)
    union all
    select 'notices', jsonb_build_object('state', d.state), count(*) from notice.delivery d group by d.state
    union all
    select 'overdue_notices', '{}', count(*)
      from notice.delivery d
      join notice.message m on m.message_no = d.message_no
     where d.state = 'waiting' and m.posted_at < now() - interval '1 day'
    union all
    select 'open_requests', jsonb_build_object('kind', r.kind), count(*) from intake.request r where r.state = 'open' group by r.kind
$$;
comment on function quality.observed() is 'What a monitor is told: samples of counts and times, steps of the last day. Grain: one sample.';
revoke execute on function quality.observed() from public;
grant execute on function quality.observed() to senacs_etl, senacs_gate, senacs_national_analyst;
grant usage on schema quality to senacs_gate;
