/** A window tells of at most so many accounts of one source apart, and gives at most so many rows and places. */
const accountsApart = 40
const mostRows = 1000
const mostPlaces = 200
/** Failures, and successes, of a window that are looked at, oldest first: a flood takes no more than some seconds. */
const mostSignIns = 200_000

function kindOf(outcome: 'failure' | 'success'): string {
  return `
    select at, position, record, dataset, coalesce(action, '') as action, substr(coalesce("user", ''), 1, 256) as account,
      case when source_ip is null then 'account' else 'address' end as subject_type,
      substr(coalesce(source_ip, "user"), 1, 256) as subject,
      ${outcome === 'success' ? 1 : 0} as got_in,
      case when repeated > 1000 then 1000 when repeated > 1 then repeated else 1 end as times
    from event
    where category like '% authentication %' and outcome = '${outcome}' and coalesce(source_ip, "user") <> ''
    order by at, position, record limit ${mostSignIns}`
}

/**
 * Sign-ins of one host and window, per source and account: failures up to the success that ended them. A source is an
 * address, or the account itself where none is recorded.
 *
 * One attempt is told by several programs (sshd, PAM, the login records), and by sshd in several lines. Of each source
 * only the program that tells of most failures is counted, and of it the kind of line that tells of most per account. A
 * line without an address is counted only where no line gives one for that account.
 *
 * It sorts and looks up, and never joins: a planner that expects few rows would compare each with each in a flood.
 */
export const measureSignIns = `
with sign_in as materialized (
  select * from (${kindOf('failure')}) as failed
  union all
  select * from (${kindOf('success')}) as succeeded
),
placed as (
  select distinct account from sign_in where got_in = 0 and subject_type = 'address'
),
line as materialized (
  select subject_type, subject, account, dataset, action, sum(times) as failures,
    row_number() over (
      partition by subject_type, subject, account, dataset
      order by sum(times) desc, case when action = 'sign-in' then 0 else 1 end, action
    ) as place
  from sign_in
  where got_in = 0 and (subject_type = 'address' or account not in (select account from placed))
  group by subject_type, subject, account, dataset, action
),
program as (
  select subject_type, subject, dataset,
    row_number() over (
      partition by subject_type, subject
      order by sum(failures) desc, count(*) desc, case when dataset = 'pam' then 1 else 0 end, dataset
    ) as place
  from line where place = 1
  group by subject_type, subject, dataset
),
told as (
  select subject_type, subject, account, at, position, record, got_in, times
  from sign_in
  where got_in = 1 or (
    (subject_type, subject, account, dataset, action) in (
      select subject_type, subject, account, dataset, action from line where place = 1
    )
    and (subject_type, subject, dataset) in (select subject_type, subject, dataset from program where place = 1)
  )
),
numbered as (
  select told.*,
    cast(coalesce(sum(got_in) over (
      partition by subject_type, subject, account order by at, position, record
      rows between unbounded preceding and 1 preceding
    ), 0) as bigint) as run,
    row_number() over (partition by subject_type, subject, got_in order by at, position, record) as nth
  from told
),
run as (
  select subject_type, subject, account, run,
    cast(coalesce(sum(times) filter (where got_in = 0), 0) as bigint) as failures,
    min(at) filter (where got_in = 0) as first_at,
    max(at) filter (where got_in = 0) as last_at,
    max(at) filter (where got_in = 1) as answered_at,
    max(position || ':' || record) filter (where got_in = 1) as answered_in,
    string_agg(position || ':' || record, ' ' order by at, position, record)
      filter (where got_in = 0 and nth <= ${mostPlaces}) as places
  from numbered
  group by subject_type, subject, account, run
),
ranked as (
  select run.*,
    case when (subject_type, subject, account) in (
      select subject_type, subject, account from sign_in where action = 'user-unknown'
    ) then 1 else 0 end as unknown,
    row_number() over (partition by subject_type, subject order by failures desc, account, run) as place,
    sum(failures) over (partition by subject_type, subject) as all_failures
  from run
  where failures > 0 or run = 0
)
select subject_type, subject,
  case when place <= ${accountsApart} then account end as account,
  case when place <= ${accountsApart} then run end as run,
  case when max(all_failures) > 0 then 0 else 1 end as context,
  count(distinct account) as accounts, cast(sum(failures) as bigint) as failures, min(first_at) as first_at, max(last_at) as last_at,
  case when min(place) <= ${accountsApart} then max(answered_at) end as answered_at,
  case when min(place) <= ${accountsApart} then max(answered_in) end as answered_in,
  min(unknown) as unknown,
  string_agg(places, ' ') as places
from ranked
group by subject_type, subject, case when place <= ${accountsApart} then account end,
  case when place <= ${accountsApart} then run end
order by max(all_failures) desc, subject_type, subject, min(place)
limit ${mostRows}
`
