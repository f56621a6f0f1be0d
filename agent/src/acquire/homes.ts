import type { Host } from '../host.ts'

const mostHomes = 1_000
const mostBytes = 1024 * 1024

/** Home folders that passwd(5) names, each once; `/` is none: it would be everything. Undefined where it cannot be read. */
export async function homesOf(host: Pick<Host, 'read'>): Promise<string[] | undefined> {
  const text = await host.read('/etc/passwd', mostBytes)
  if (typeof text === 'string') return undefined
  const homes = text
    .toString('utf8')
    .split('\n')
    .map((line) => line.split(':')[5]?.replace(/\/{1,64}$/, '') ?? '')
    .filter((home) => home.startsWith('/'))
  return [...new Set(homes)].slice(0, mostHomes)
}
