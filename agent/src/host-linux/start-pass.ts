import type { StartPass } from '../apart/apart.ts'
import { output, type Program } from './commands.ts'

/**
 * Starts a pass in a process of its own, with the flags this one was started with.
 * @param program the file of this agent
 */
export function newPassStarter(program: string, surroundings: Pick<Program, 'timeZone' | 'env'>): StartPass {
  return (asked, signal) => {
    const args = [...process.execArgv, program, 'pass']
    return output({ name: 'the pass', file: process.execPath, args, ...surroundings, input: asked }, signal)
  }
}
