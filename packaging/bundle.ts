import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type OutputOptions, rolldown } from 'rolldown'

const agent = join(import.meta.dirname, '..', 'agent')

/**
 * Writes the agent as hosts get it into `folder`, which is made anew: `tidewaiter-agent.cjs`, what it loads when it is
 * needed, and the child that asks for the inventory. Returns the path of the program.
 */
export async function bundleAgent(folder: string): Promise<string> {
  rmSync(folder, { recursive: true, force: true })
  // CommonJS: an ES module that imports `node:http` makes Node load all that hangs on it (measured: 8 MB).
  await bundle('src/main.ts', {
    dir: folder,
    format: 'cjs',
    entryFileNames: 'tidewaiter-agent.cjs',
    chunkFileNames: '[name].cjs',
  })
  await bundle('src/host-linux/inventory-child.ts', {
    dir: folder,
    format: 'esm',
    entryFileNames: 'inventory-child.mjs',
    codeSplitting: false,
  })
  const program = join(folder, 'tidewaiter-agent.cjs')
  writeFileSync(program, escaped(readFileSync(program, 'utf8')))
  return program
}

async function bundle(input: string, output: OutputOptions): Promise<void> {
  const made = await rolldown({ input, cwd: agent, platform: 'node' })
  await made.write({ ...output, minify: true })
  await made.close()
}

/** A single letter beyond ASCII makes V8 keep the whole text with two bytes a letter. */
function escaped(code: string): string {
  return code.replaceAll(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
