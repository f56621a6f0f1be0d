import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { filesOfVectors } from './files.ts'

/** Writes the vectors: `node protocol/vectors/make.ts`. Keys, seeds and signatures are fixed, so that they are the same each time. */
for (const [name, text] of await filesOfVectors()) writeFileSync(join(import.meta.dirname, name), text)
