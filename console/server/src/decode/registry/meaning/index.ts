import { autoruns } from './autoruns.ts'
import type { Meaning } from './meaning.ts'
import { services } from './services.ts'

/** Everything that is known of keys. Where several know one, each says its own. */
export const meanings: readonly Meaning[] = [...autoruns, ...services]
