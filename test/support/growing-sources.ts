import { appendFileSync, copyFileSync, existsSync, renameSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { btmpRecord } from './evidence.ts'

/** A source and every text that was written to it; of a failed sign-in, its process id. */
export interface Growing {
  id: string
  file: string
  written: string[]
}

/**
 * Three sources of one host that grow: a log that is rotated by renaming, one that is copied and emptied, and failed
 * sign-ins.
 */
export function newGrowingSources(folder: string, name: string) {
  const renamed = newSource('log-file', join(folder, 'auth.log'))
  const copied = newSource('log-file', join(folder, 'app.log'))
  const btmp = newSource('login', join(folder, 'btmp'))
  let late = 0
  const addLine = ({ written }: Growing, text: string, file: string) => {
    written.push(text)
    appendFileSync(file, `${text}\n`)
  }
  return {
    all: [renamed, copied, btmp],
    write(count: number) {
      for (let i = 0; i < count; i++) {
        const number = btmp.written.length + 1
        const minute = String(number % 60).padStart(2, '0')
        addLine(renamed, `Nov 24 03:${minute}:01 ${name} sshd[77]: line ${number}`, renamed.file)
        addLine(copied, `${name} line ${number}`, copied.file)
        btmp.written.push(`${number}`)
        appendFileSync(btmp.file, btmpRecord(number))
      }
    },
    /** As a program does that has not noticed the last rotation. */
    writeLate() {
      const before = `${renamed.file}.1`
      if (existsSync(before)) addLine(renamed, `Nov 24 03:59:59 ${name} sshd[77]: late ${++late}`, before)
    },
    rotate() {
      shift(renamed.file)
      renameSync(renamed.file, `${renamed.file}.1`)
      writeFileSync(renamed.file, '')
      shift(copied.file)
      copyFileSync(copied.file, `${copied.file}.1`)
      truncateSync(copied.file)
    },
  }
}

function newSource(collector: string, file: string): Growing {
  writeFileSync(file, '')
  return { id: `${collector}:${file}`, file, written: [] }
}

/** As logrotate does it: `.1` becomes `.2`, and so on. */
function shift(file: string): void {
  let last = 0
  while (existsSync(`${file}.${last + 1}`)) last += 1
  for (let number = last; number > 0; number--) renameSync(`${file}.${number}`, `${file}.${number + 1}`)
}
