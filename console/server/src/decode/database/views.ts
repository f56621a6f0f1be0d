import { type Row, textIn } from '../row.ts'

/** What a view counts, and what an event calls it: with its unit at the end. */
export interface View {
  /** Columns that name what is counted, by what an event calls them. */
  names: Readonly<Record<string, string>>
  /** Columns that only rise. */
  counters: Readonly<Record<string, string>>
  /** Columns that rise and fall. */
  levels?: Readonly<Record<string, string>>
  /** Since when it counts, as a text that changes with every beginning; undefined where the row does not say. */
  begins?(row: Row): string | undefined
  /** What else begins anew with it: those views do not say it themselves. */
  beginsFor?(row: Row): readonly string[]
  /** The beginning of which it has. */
  beginsWith?(row: Row): string
}

const database = (row: Row) => `pg ${textIn(row, 'datname') ?? ''}`

/** By its own name. PostgreSQL counts pages of `block_size` bytes; SQL Server's pages have 8 KiB. */
export const views: ReadonlyMap<string, View> = new Map<string, View>([
  ['pg_settings', { names: {}, counters: {}, levels: { block_size: 'block_size_bytes' } }],
  [
    'pg_stat_database',
    {
      names: { datname: 'name' },
      counters: {
        ...{ tup_returned: 'returned_rows', tup_fetched: 'fetched_rows', tup_inserted: 'inserted_rows' },
        ...{
          tup_updated: 'updated_rows',
          tup_deleted: 'deleted_rows',
          blks_read: 'read_blocks',
          blks_hit: 'hit_blocks',
        },
        ...{ xact_commit: 'committed_transactions', xact_rollback: 'rolled_back_transactions' },
        ...{ temp_bytes: 'temporary_bytes', sessions: 'begun_sessions' },
      },
      levels: { numbackends: 'open_connections', block_size: 'block_size_bytes' },
      begins: (row) => textIn(row, 'stats_reset'),
      beginsFor: (row) => [database(row)],
    },
  ],
  [
    'pg_stat_user_tables',
    {
      names: { datname: 'name', schemaname: 'schema', relname: 'table' },
      counters: {
        ...{ seq_scan: 'sequential_scans', seq_tup_read: 'sequentially_read_rows' },
        ...{ idx_scan: 'index_scans', idx_tup_fetch: 'index_fetched_rows' },
      },
      levels: { n_live_tup: 'live_rows' },
      beginsWith: database,
    },
  ],
  [
    'pg_stat_activity',
    {
      names: { datname: 'name', usename: 'account', application_name: 'application', client_addr: 'client' },
      counters: {},
      levels: { sessions: 'open_sessions', active: 'active_sessions' },
    },
  ],
  [
    'pg_stat_statements_info',
    {
      names: {},
      counters: { dealloc: 'evictions' },
      begins: (row) => textIn(row, 'stats_reset'),
      beginsFor: () => ['statements'],
    },
  ],
  [
    'pg_stat_statements',
    {
      names: { rolname: 'account', datname: 'name' },
      counters: {
        ...{ rows: 'returned_rows', calls: 'executed_statements' },
        ...{ shared_blks_read: 'read_blocks', shared_blks_hit: 'hit_blocks' },
      },
      levels: { statements: 'distinct_statements' },
      beginsWith: () => 'statements',
    },
  ],
  ['@@version', { names: {}, counters: {} }],
  [
    'SHOW GLOBAL STATUS',
    {
      names: {},
      counters: {
        ...{ Uptime: 'uptime_seconds', Uptime_since_flush_status: 'counted_seconds', Innodb_rows_read: 'read_rows' },
        ...{ Rows_read: 'handler_read_rows', Rows_sent: 'sent_rows', Handler_read_first: 'index_first_reads' },
        ...{ Handler_read_key: 'index_key_reads', Handler_read_next: 'index_next_reads' },
        ...{ Handler_read_rnd: 'position_reads', Handler_read_rnd_next: 'table_scan_reads' },
        ...{ Bytes_sent: 'sent_bytes', Innodb_data_read: 'read_bytes', Com_select: 'select_statements' },
        ...{ Questions: 'executed_statements', Connections: 'begun_sessions', Select_scan: 'table_scans' },
      },
      levels: { Threads_connected: 'open_connections' },
      beginsFor: () => ['server'],
    },
  ],
  [
    'processlist',
    {
      names: { USER: 'account', DB: 'name', CLIENT: 'client' },
      counters: {},
      levels: { SESSIONS: 'open_sessions', ACTIVE: 'active_sessions' },
    },
  ],
  [
    'user_statistics',
    {
      names: { USER: 'account' },
      counters: {
        ...{ ROWS_READ: 'read_rows', ROWS_SENT: 'sent_rows', BYTES_SENT: 'sent_bytes' },
        ...{ SELECT_COMMANDS: 'select_statements', TOTAL_CONNECTIONS: 'begun_sessions' },
      },
      beginsWith: () => 'server',
    },
  ],
  [
    'table_statistics',
    {
      names: { TABLE_SCHEMA: 'name', TABLE_NAME: 'table' },
      counters: { ROWS_READ: 'read_rows' },
      beginsWith: () => 'server',
    },
  ],
  [
    'events_statements_summary_by_user_by_event_name',
    {
      names: { USER: 'account' },
      counters: {
        ...{ SUM_ROWS_EXAMINED: 'examined_rows', SUM_ROWS_SENT: 'sent_rows', COUNT_STAR: 'executed_statements' },
      },
      beginsWith: () => 'server',
    },
  ],
  [
    'sys.dm_os_sys_info',
    {
      names: {},
      counters: {},
      begins: (row) => textIn(row, 'sqlserver_start_time'),
      beginsFor: () => ['server'],
    },
  ],
  [
    'sys.dm_io_virtual_file_stats',
    {
      names: { database_name: 'name' },
      counters: { num_of_bytes_read: 'read_bytes', num_of_reads: 'reads' },
      beginsWith: () => 'server',
    },
  ],
  [
    'sys.dm_exec_sessions',
    {
      names: { login_name: 'account', program_name: 'application', host_name: 'client' },
      counters: {},
      levels: { sessions: 'open_sessions', reads: 'session_read_pages', logical_reads: 'session_logical_read_pages' },
    },
  ],
  [
    'sys.dm_exec_query_stats',
    {
      names: {},
      counters: {
        ...{ total_rows: 'returned_rows', execution_count: 'executed_statements' },
        ...{ total_logical_reads: 'logical_read_pages', total_physical_reads: 'physical_read_pages' },
      },
      beginsWith: () => 'server',
    },
  ],
  [
    '/proc/<pid>/io',
    {
      names: { pid: 'pid', starttime: 'start_ticks' },
      counters: { rchar: 'read_bytes', read_bytes: 'disk_read_bytes', syscr: 'read_calls' },
      levels: { processes: 'processes' },
    },
  ],
])
