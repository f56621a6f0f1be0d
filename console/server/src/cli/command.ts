import { resolve } from 'node:path'
import type { Command } from 'commander'
import { type Api, openApi } from './api.ts'

/** Options every command has. */
export interface Common {
  data: string
  keys?: string
  json?: boolean
}

export function withData(command: Command): Command {
  return command
    .option('--data <dir>', 'data folder of the console', process.env.TIDEWAITER_DATA_DIR ?? './data')
    .option('--keys <dir>', 'keys folder, where it is not inside the data folder')
    .option('--json', 'print one JSON document (or one a line)')
}

/** Runs `use` with the API of the console on this data folder. @throws what `openApi` throws */
export async function withApi<Result>(
  { data, keys }: Common,
  use: (api: Api) => Promise<Result>,
  { mayCreate = false } = {},
): Promise<Result> {
  const api = await openApi({ data: resolve(data), keys: keys === undefined ? undefined : resolve(keys), mayCreate })
  try {
    return await use(api)
  } finally {
    await api.close()
  }
}
