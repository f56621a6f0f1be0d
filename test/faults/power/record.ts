import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { splitBatch } from '@tidewaiter/protocol'
import { nodePrimitives } from '@tidewaiter/protocol/node'
import { seeded } from '../../support/evidence.ts'
import { Wire } from '../rig/wire.ts'
import { newGround, World } from '../rig/world.ts'

/**
 * Runs agent and console side by side, from nothing, over several segments and connections; a test runs it with its
 * writes journaled. What one side tells the other is written to `marks`, just before: the journal has it in its order.
 */
const [, , folder = '', rounds = ''] = process.argv
const marks = join(folder, 'marks')
const mark = (value: object) => appendFileSync(marks, `${JSON.stringify(value)}\n`)
const { carry } = Wire.prototype
Wire.prototype.carry = function (from, frame) {
  if (frame.isBinary) {
    const { header, headerHash } = splitBatch(nodePrimitives, frame.data)
    mark({ sent: headerHash, seq: header.seq })
  } else if (frame.data.toString().startsWith('{"type":"ack"')) {
    const { headerHash, head } = JSON.parse(frame.data.toString())
    mark({ acked: headerHash, head })
  }
  carry.call(this, from, frame)
}

const ground = await newGround(folder)
const world = await World.begin(ground)
const random = seeded(4711)
let number = 0
for (let round = 0; round < Number(rounds); round++) {
  if (round % 7 === 0) await world.connect()
  // Large ones bring the logs of both sides to the point where they are moved into their databases.
  const filling = random() < 0.3 ? 900 : 1
  const noise = () => Array.from({ length: filling }, () => random().toString(36).slice(2)).join('')
  await world.write(Array.from({ length: 1 + Math.floor(random() * 6) }, () => `record ${number++} ${noise()}`))
  await world.pass(5_000)
  if (round % 7 === 5) world.agent.drop()
}
await world.heal()
appendFileSync(join(folder, 'lines.json'), JSON.stringify(world.agent.lines))
process.stdout.write(world.agent.path)
process.exit()
