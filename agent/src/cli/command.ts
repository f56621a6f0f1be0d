import { resolve } from 'node:path'
import type { Policy } from '@tidewaiter/protocol'
import type { Command } from 'commander'
import type { Collector } from '../collectors/collector.ts'
import { defaultConfig } from '../config-path.ts'
import type { Host } from '../host.ts'

/** What the commands are given by `main.ts`, the only reader of environment and configuration. */
export interface Surroundings {
  openHost(): Host
  collectors: readonly Collector[]
  /** Data folder where none is named. */
  dataFolder: string
  /** What TIDEWAITER_TOKEN says. */
  token: string | undefined
  /** Throws `config-malformed`, `not-permitted`. */
  readConfig(file: string | undefined): Policy
  /** Aborts when the process is asked to stop. To be called by a command that stops in its own order. */
  stopSignal(): AbortSignal
  /** Sets with which code the process is to end, where that is not 0. */
  exitWith(code: number): void
}

/** Options every command has. */
export interface Common {
  data: string
  json?: boolean
}

export function withData(command: Command, { dataFolder }: Surroundings): Command {
  return command.option('--data <dir>', 'data folder of the agent: its key, its enrolment, its spool', dataFolder)
}

export function withJson(command: Command): Command {
  return command.option('--json', 'print one JSON document')
}

/** Absolute, so that it holds wherever it is read; undefined where none was named. */
export function pathOf(named: string | undefined): string | undefined {
  return named === undefined ? undefined : resolve(named)
}

export function withConfig(command: Command): Command {
  return command.option('--config <file>', `what this host gives and within which bounds (${defaultConfig})`)
}
