import { createInterface } from 'node:readline'

// Stands for PowerShell, whose protocol it speaks: node powershell.fixture.ts. What it says depends on the script.
for await (const line of createInterface({ input: process.stdin })) {
  const [, number] = /'#(\d+) begin'/.exec(line) ?? []
  if (number === undefined) continue
  const say = (text: string) => process.stdout.write(`${text}\r\n`)
  say(`#${number} begin`)
  if (line.includes('Win32_Process')) {
    say('noise')
    say(JSON.stringify({ Name: `a\n#${number} end`, pid: process.pid }))
    say(`#${number} end`)
  } else if (line.includes('Get-NetTCPConnection')) say(`#${number} failed "no such command"`)
  else if (line.includes('Win32_SystemDriver')) process.exit(3)
  else if (line.includes('Get-LocalUser')) say('x'.repeat(2_000_000))
  else if (line.includes('Get-HotFix')) for (let i = 0; i < 100; i++) say(JSON.stringify({ i }))
  // Win32_Service: never answers.
}
