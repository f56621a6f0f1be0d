import si from 'systeminformation'
import { sections } from './inventory-sections.ts'

// Asks `systeminformation` in a process of its own: it starts programs and waits for some of them on its thread.
// One line of JSON a section. It never rejects: what it does not find out is empty.
for (const section of sections) process.stdout.write(`${JSON.stringify({ section, value: await si[section]() })}\n`)
