import type { Host } from './host.ts'

export const unitName = 'tidewaiter-agent.service'
const answerMs = 5_000

/** How the agent's unit stands, in the words of systemd. */
export type Unit = Partial<Record<'LoadState' | 'ActiveState' | 'UnitFileState', string>>

/** Undefined where systemd is not the init system. */
export async function askSystemd(host: Host): Promise<Unit | undefined> {
  if (!host.has('systemctl')) return undefined
  const late = AbortSignal.timeout(answerMs)
  const args = ['show', unitName, '--property=LoadState,ActiveState,UnitFileState']
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

/** The command that starts the agent on a data folder: by its unit only where there is one. */
export async function startCommand(host: Host, path: string): Promise<string> {
  const unit = await askSystemd(host)
  return unit?.LoadState === 'loaded' ? `systemctl start ${unitName}` : `tidewaiter-agent run --data ${path}`
}
