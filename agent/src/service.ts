import type { Host } from './host.ts'

export const unitName = 'tidewaiter-agent.service'
const answerMs = 5_000
/** While the agent is being stopped nobody waits for long. */
const hurriedMs = 2_000

/** How the agent's unit stands, in the words of systemd. */
export type Unit = Partial<Record<'LoadState' | 'ActiveState' | 'UnitFileState' | 'MainPID', string>>

/** Undefined where systemd is not the init system. */
export function askSystemd(host: Host): Promise<Unit | undefined> {
  return show(host, [unitName, '--property=LoadState,ActiveState,UnitFileState'], answerMs)
}

/** The same in a hurry, of a few properties. */
export function askUnit(host: Host, properties: readonly (keyof Unit)[]): Promise<Unit | undefined> {
  return show(host, [unitName, `--property=${properties.join(',')}`], hurriedMs)
}

/** True when systemd shuts the machine down or starts it again. */
export async function isSystemStopping(host: Host): Promise<boolean> {
  const system = await show(host, ['--property=SystemState'], hurriedMs)
  return system?.SystemState === 'stopping'
}

async function show(host: Host, what: readonly string[], limitMs: number): Promise<Record<string, string> | undefined> {
  if (!host.has('systemctl')) return undefined
  const late = AbortSignal.timeout(limitMs)
  const args = ['show', ...what]
  let text = ''
  try {
    for await (const part of host.run('systemctl', args, late)) text += part
  } catch {
    return undefined
  }
  return Object.fromEntries(
    text
      .trim()
      .split('\n')
      .map((line) => line.split('=', 2)),
  )
}

/** Where an agent finds what it is to be: its data folder, and its configuration where that was named. */
export interface Places {
  path: string
  configFile?: string | undefined
}

/** The command that starts the agent: by its unit only where there is one. */
export async function startCommand(host: Host, places: Places): Promise<string> {
  const unit = await askSystemd(host)
  return unit?.LoadState === 'loaded' ? `systemctl start ${unitName}` : runCommandOf(places)
}

/** The command that runs the agent in the foreground as it is set up. */
export function runCommandOf({ path, configFile }: Places): string {
  return `tidewaiter-agent run --data ${path}${configFile === undefined ? '' : ` --config ${configFile}`}`
}
