import type { Acquirer } from './acquirer.ts'
import { readFile } from './read-file.ts'

export const file: Acquirer<'file'> = {
  kind: 'file',
  platforms: ['linux'],
  provenOn: ['Debian GNU/Linux 12, ext4 and tmpfs'],
  async *acquire({ path }, acquiring) {
    yield await readFile(path, acquiring)
  },
}
