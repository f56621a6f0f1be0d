import { setFlagsFromString } from 'node:v8'
import { Worker, type WorkerOptions } from 'node:worker_threads'

/**
 * Starts a thread beside the main one.
 *
 * V8 keeps what calls from WebAssembly into JavaScript were compiled to in one list for all threads, and can end the
 * whole process when threads that come and go give such code back ("Check failed: jit_page.has_value()" in
 * `WasmImportWrapperCache::Free`; https://github.com/nodejs/node/issues/64500). Node itself strips types with
 * WebAssembly, in every thread. So these calls are never compiled.
 */
export function startThread(program: URL, options: Omit<WorkerOptions, 'execArgv'> = {}): Worker {
  setFlagsFromString('--wasm-wrapper-tiering-budget=2000000000')
  return new Worker(program, { ...options, execArgv: [] })
}
