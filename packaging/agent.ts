import { spawn } from 'node:child_process'
import { builtAgent } from './built-agent.ts'

/** `npx tidewaiter-agent`: becomes the agent as hosts get it, with its flags. */
const { args, env } = await builtAgent()
const words = [...args, ...process.argv.slice(2)]
process.execve?.(process.execPath, [process.execPath, ...words], env)
// Windows and older Nodes cannot.
const child = spawn(process.execPath, words, { stdio: 'inherit', env })
child.on('exit', (code) => process.exit(code ?? 1))
