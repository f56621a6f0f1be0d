import type { Acquirer } from './acquirer.ts'
import { artifactSet } from './artifact-set.ts'
import { capture } from './capture.ts'
import { file } from './file.ts'
import { folder } from './folder.ts'
import { processMemory } from './process-memory.ts'

type AnyAcquirer = { [Kind in Acquirer['kind']]: Acquirer<Kind> }[Acquirer['kind']]

/** Everything this agent can acquire, one file each. */
export const acquirers: readonly AnyAcquirer[] = [artifactSet, capture, file, folder, processMemory]
