import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Plugin, rolldown } from 'rolldown'

/** Name of the program in its folder. */
export const agentProgram = 'tidewaiter-agent.cjs'

const agent = join(import.meta.dirname, '..', 'agent')

/**
 * Writes the agent as hosts get it into `folder`, which is made anew: `tidewaiter-agent.cjs`, what it loads when it is
 * needed, and the child that asks databases. Returns the path of the program.
 */
export async function bundleAgent(folder: string): Promise<string> {
  rmSync(folder, { recursive: true, force: true })
  const made = await rolldown({ input: 'src/main.ts', cwd: agent, platform: 'node', plugins: [light] })
  // CommonJS: an ES module that imports `node:http` makes Node load all that hangs on it (measured: 8 MB).
  await made.write({
    dir: folder,
    format: 'cjs',
    entryFileNames: agentProgram,
    chunkFileNames: '[name].cjs',
    minify: true,
  })
  await made.close()
  const child = await rolldown({ input: 'src/host-linux/database-child.ts', cwd: agent, platform: 'node' })
  await child.write({ file: join(folder, 'database-child.mjs'), format: 'esm', codeSplitting: false, minify: true })
  await child.close()
  for (const name of readdirSync(folder).filter((name) => name.endsWith('.cjs'))) {
    const file = join(folder, name)
    writeFileSync(file, escaped(readFileSync(file, 'utf8')))
  }
  return join(folder, agentProgram)
}

/**
 * What libraries load from Node for what the agent does not ask of them, and what stands in for it: a log written by
 * another thread, messages of wrong options, a clock that comes with all that measures.
 */
const lighter = new Map([
  ['thread-stream', 'module.exports = undefined'],
  ['worker_threads', 'module.exports = { isMainThread: true }'],
  ['assert', 'module.exports = (ok, says) => { if (!ok) throw new Error(says) }'],
])

const light: Plugin = {
  name: 'light',
  resolveId: (id) => (lighter.has(id) ? `\0${id}` : undefined),
  load: (id) => lighter.get(id.slice(1)),
  transform: (code, id) =>
    /node_modules\/chokidar\//.test(id) ? code.replaceAll('performance.now()', '(process.uptime() * 1e3)') : undefined,
}

/** A single letter beyond ASCII makes V8 keep the whole text with two bytes a letter. */
function escaped(code: string): string {
  return code.replaceAll(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
