import { spawnSync } from 'node:child_process'

/** Makes a shared object of a C file, to be preloaded into a program. */
export function compileShim(source: string, shim: string): string {
  const { status, stderr } = spawnSync('gcc', ['-O1', '-shared', '-fPIC', '-o', shim, source, '-ldl'])
  if (status !== 0) throw new Error(String(stderr))
  return shim
}
