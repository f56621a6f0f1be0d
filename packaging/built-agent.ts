import { existsSync, readdirSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { agentProgram, bundleAgent } from './bundle.ts'
import { runtime } from './runtime.ts'

const root = dirname(import.meta.dirname)
const folder = join(root, 'packaging/out/agent')

/** Newest change under these folders, milliseconds. */
export function newestIn(...folders: string[]): number {
  const files = folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()),
  )
  return Math.max(...files.map((file) => statSync(join(file.parentPath, file.name)).mtimeMs))
}

/**
 * The agent as hosts get it, which takes half the memory of the one that runs from source: made anew where its sources
 * changed. Returns how Node starts it.
 */
export async function builtAgent(): Promise<{ args: string[]; env: NodeJS.ProcessEnv }> {
  const built = join(folder, agentProgram)
  const sources = newestIn(...['agent/src', 'protocol/src', 'protocol/node'].map((part) => join(root, part)))
  if (!existsSync(built) || statSync(built).mtimeMs <= sources) {
    process.stderr.write('Building the agent …\n')
    await bundleAgent(folder)
  }
  return { args: [...runtime.flags, built], env: { ...process.env, ...runtime.environment } }
}
