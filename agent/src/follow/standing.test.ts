import { expect, test } from 'vitest'
import { standingOf } from './standing.ts'

test('only of a file that can be named elsewhere it is said to correct its path', () => {
  for (const source of ['log-file:/srv/app.log', 'login:/srv/wtmp', 'log-file:history:/srv/app.log'])
    expect(standingOf(source, 'missing').fix).toContain('correct the path')
  for (const source of ['login:utmp', 'login:btmp']) expect(standingOf(source, 'missing').fix).not.toContain('path')
})
