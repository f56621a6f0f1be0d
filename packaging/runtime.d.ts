/**
 * How the agent is started on a host: with these flags of Node and these settings of glibc. An agent at rest is small
 * with them; what each of them saves is told by `npm run bench -- --only rest`.
 */
export declare const runtime: {
  readonly flags: readonly [
    '--max-semi-space-size=1',
    '--optimize-for-size',
    '--no-opt',
    '--no-maglev',
    '--v8-pool-size=1',
  ]
  readonly environment: {
    readonly UV_THREADPOOL_SIZE: '2'
    readonly MALLOC_ARENA_MAX: '1'
    readonly MALLOC_MMAP_THRESHOLD_: '65536'
    readonly MALLOC_TRIM_THRESHOLD_: '65536'
  }
}
