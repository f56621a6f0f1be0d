/**
 * Columns of an indexed event: what is searched, sorted and measured, and nothing else. The document itself is decoded
 * again from its record when it is read. `path` is the ECS field the value comes from; times are milliseconds UTC.
 */
export const columns = {
  /** Source time corrected by the batch's clock offset, in the source's own precision; the time read where it has none. */
  at: { type: 'integer' },
  host_at: { type: 'integer' },
  read_at: { type: 'integer' },
  received_at: { type: 'integer' },
  /** Ledger position of the batch of the (first) record, and its index in it. */
  position: { type: 'integer' },
  record: { type: 'integer' },
  /** Numbers of the host and of the source in the index. */
  host: { type: 'integer' },
  source: { type: 'integer' },
  dataset: { type: 'text', path: 'event.dataset' },
  /** Space-separated, with a space at both ends: ` authentication `. */
  category: { type: 'text', path: 'event.category' },
  kind: { type: 'text', path: 'event.type' },
  action: { type: 'text', path: 'event.action' },
  outcome: { type: 'text', path: 'event.outcome' },
  user: { type: 'text', path: 'user.name' },
  target_user: { type: 'text', path: 'user.target.name' },
  source_ip: { type: 'text', path: 'source.ip' },
  source_port: { type: 'integer', path: 'source.port' },
  destination_ip: { type: 'text', path: 'destination.ip' },
  destination_port: { type: 'integer', path: 'destination.port' },
  process: { type: 'text', path: 'process.name' },
  pid: { type: 'integer', path: 'process.pid' },
  executable: { type: 'text', path: 'process.executable' },
  sha256: { type: 'text', path: 'process.hash.sha256' },
  service: { type: 'text', path: 'service.name' },
  file: { type: 'text', path: 'file.path' },
  bytes: { type: 'integer', path: 'http.response.body.bytes' },
  /** How often the source says it happened, where one record stands for several; null for once. */
  repeated: { type: 'integer', path: 'tidewaiter.repeated' },
  /** JSON: what is needed to decode the event again alone; null when its first record suffices. */
  context: { type: 'text' },
} as const satisfies Record<string, { type: 'integer' | 'text'; path?: string }>

export type Column = keyof typeof columns
