import { hash } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { CreatedToken } from '@tidewaiter/protocol/api'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { accessibilityFaults } from '../support/accessibility.ts'
import { type Browser, openBrowser } from '../support/browser.ts'
import { intruder, signInAttack } from '../support/evidence.ts'
import {
  freePort,
  lastingFolder,
  launchAgent,
  launchConsole,
  type Running,
  tidewaiter,
  tidewaiterAgent,
} from '../support/program.ts'
import { missing } from '../support/requires.ts'
import { root } from '../support/root.ts'

const person = { email: 'r.abara@halyard-customs.example', password: 'correct horse battery staple' }
/** The program that runs this very test: certainly running on this host. */
const program = process.execPath

describe.skipIf(missing('chromium'))('a person at the screens of a real console', () => {
  const folder = lastingFolder()
  const data = join(folder.path, 'console')
  const running: Running[] = []
  /** Paths that were looked at for accessibility. */
  const looked: string[] = []
  let browser: Browser
  let page: Page
  let origin: string
  let host = ''
  let incident = ''
  const packageFile = join(folder.path, 'package.zip')

  beforeAll(async () => {
    const ports = { port: await freePort(), agentPort: await freePort() }
    origin = `http://localhost:${ports.port}`
    const console = await launchConsole(data, ports)
    running.push(console)
    const { token } = (await tidewaiter(['token', 'create', '--data', data, '--json'])).json<CreatedToken>()
    const agentData = join(folder.path, 'agent')
    mkdirSync(agentData, { mode: 0o700 })
    expect(await tidewaiterAgent(['enroll', '--token', token, '--data', agentData])).toMatchObject({ status: 0 })
    const log = join(folder.path, 'auth.log')
    writeFileSync(log, signInAttack(Date.now()))
    const config = join(folder.path, 'agent.yaml')
    writeFileSync(config, `files: [${log}]\n`)
    running.push(await launchAgent(agentData, ['--config', config]))
    browser = await openBrowser(origin)
    page = browser.page
    await page.goto(/Open (\S+)/.exec(console.output())?.[1] ?? origin)
  }, 120_000)

  afterEach(({ task }) => browser.showFailure(task))

  afterAll(async () => {
    await browser?.close()
    for (const one of running.reverse()) await one.kill('SIGKILL')
    folder.remove()
  })

  /** The page as it stands, with whatever is open in it, in both colours. */
  async function expectAccessible(): Promise<void> {
    looked.push(new URL(page.url()).pathname)
    expect(await accessibilityFaults(page)).toEqual([])
  }

  test('set-up takes the printed code, makes the first admin and gives the recovery key and its file once', async () => {
    expect(await page.getByLabel('Set-up code').inputValue()).toMatch(/^[A-Z0-9]{4}-[A-Z0-9]{4}$/)
    await expectAccessible()
    await page.getByLabel('Broker name').fill('Halyard Customs Brokers, Inc.')
    await page.getByLabel('Filer code').fill('ZZZ')
    await page.getByLabel('Your name').fill('R. Abara')
    await page.getByLabel('E-mail').fill(person.email)
    await page.getByLabel('Password', { exact: true }).fill(person.password)
    await page.getByRole('button', { name: 'Create console' }).click()
    await page.getByRole('heading', { name: 'Keep the recovery key' }).waitFor()
    expect(await page.getByText(/AGE-SECRET-KEY-1/).count()).toBeGreaterThan(0)
    await expectAccessible()
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download recovery.age' }).click(),
    ])
    expect(readFileSync(await file.path(), 'utf8')).toMatch(/^age-encryption\.org\/v1\n/)
    await page.getByLabel(/I have kept the key and the file/).check()
    await page.getByRole('button', { name: 'Go to the console' }).click()
    await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor()
  })

  test('this machine is there with its sources, and its events come by themselves', async () => {
    await page.goto(`${origin}/hosts`)
    await page.getByRole('table').getByRole('link').first().click()
    await page
      .getByText(/covered/i)
      .first()
      .waitFor()
    host = /hosts\/([0-9a-f]{32})/.exec(page.url())?.[1] ?? ''
    await expectAccessible()
    await page.getByRole('link', { name: 'Processes' }).click()
    await page.getByRole('table', { name: 'Processes' }).getByRole('row').nth(3).waitFor()
    await page.getByRole('table', { name: 'Processes' }).getByRole('link').first().click()
    await page.getByRole('button', { name: 'Close' }).waitFor()
    await expectAccessible()
  })

  test('guessed passwords are found, with the records that show it', async () => {
    await page.goto(`${origin}/findings`)
    await page.getByRole('region', { name: 'Queue' }).getByText(intruder).first().click()
    await page.getByRole('button', { name: 'Confirm' }).waitFor()
    await expectAccessible()
    await page.getByRole('link', { name: 'Own page' }).click()
    await page.waitForURL(/\/findings\/[^?]+$/)
    await expectAccessible()
    await page.locator('a[href^="/records/"]').first().click()
    await page.getByText('Proof checked in this browser').waitFor()
    await expectAccessible()
  })

  test('the hash of a running program is imported as an indicator and met in what was seen before', async () => {
    const sha256 = hash('sha256', readFileSync(program))
    await page.goto(`${origin}/indicators/import`)
    await page
      .getByRole('textbox', { name: 'Indicators' })
      .fill(`${sha256}\nhxxp://cdn.cargo-docs[.]example/u\nnot an indicator\n`)
    await page.getByRole('textbox', { name: 'Source' }).fill('CBP SOC, call of 2026-10-29')
    await page.getByRole('button', { name: 'Check first' }).click()
    await page.getByText('not an indicator').first().waitFor()
    await expectAccessible()
    await page.getByRole('button', { name: 'Import 2 indicators' }).click()
    await page.getByRole('link', { name: 'Show sightings' }).click()
    const sightings = page.getByRole('table', { name: 'Sightings' })
    await sightings.getByRole('link').first().waitFor()
    expect(await sightings.textContent()).toContain(sha256.slice(0, 8))
  })

  test('an incident is opened, its facts are saved by the server, and the sighting is put into it', async () => {
    await page.goto(`${origin}/incidents`)
    await page.getByRole('button', { name: 'Open an incident' }).click()
    await page.getByRole('textbox', { name: 'Name of the incident' }).fill('Ransom note on WS11')
    await expectAccessible()
    await page.getByRole('button', { name: 'Open incident' }).click()
    await page.waitForURL(/\/incidents\/INC-\d+\/facts/)
    incident = /INC-\d+/.exec(page.url())?.[0] ?? ''
    const cause = page.getByRole('group', { name: /^Cause/ })
    await cause.getByRole('radio', { name: 'Not known yet' }).check()
    await cause.getByText(/^Saved .* · rev \d+/).waitFor()

    await page.goto(`${origin}/indicators/sightings`)
    await page.getByRole('table', { name: 'Sightings' }).getByRole('link').first().click()
    await page
      .getByRole('button', { name: /^Add to INC-/ })
      .first()
      .click()
    await expectAccessible()
    await page.goto(`${origin}/incidents/${incident}/findings`)
    await page
      .getByRole('button', { name: /^Remove / })
      .first()
      .waitFor()
  })

  test('a package is built, downloaded and verified in the browser, and a changed byte is named', async () => {
    await page.goto(`${origin}/incidents/${incident}/packages`)
    await page.getByRole('button', { name: 'Build package' }).click()
    await page.waitForURL(/\/packages\/[^/]+$/)
    const link = page.getByRole('link', { name: /^Download / })
    await link.waitFor({ timeout: 60_000 })
    await expectAccessible()
    const [download] = await Promise.all([page.waitForEvent('download'), link.click()])
    await download.saveAs(packageFile)

    await page.goto(`${origin}/verify`)
    await page.locator('input[type=file]').setInputFiles(packageFile)
    await page.getByRole('heading', { name: /complete and unchanged/ }).waitFor({ timeout: 60_000 })
    await expectAccessible()

    const bytes = readFileSync(packageFile)
    const at = bytes.indexOf('Halyard')
    bytes[at] = (bytes[at] ?? 0) ^ 1
    const changed = join(folder.path, 'changed.zip')
    writeFileSync(changed, bytes)
    await page.locator('input[type=file]').setInputFiles(changed)
    await page.locator('.checks > li.differs').first().waitFor({ timeout: 60_000 })
    expect(await page.locator('.checks > li.differs').allTextContents()).toEqual(
      expect.arrayContaining([expect.stringMatching(/data\/|bag-info/)]),
    )
    await expectAccessible()
  })

  test('every other page is as accessible, and no address of the console was left out', async () => {
    const paths = [
      '/',
      '/hosts',
      ...['events', 'network', 'logins', 'health'].map((tab) => `/hosts/${host}/${tab}`),
      '/enrol',
      '/search?q=event.dataset%3Aprocess',
      ...['', '/sightings', '/sweep'].map((tab) => `/indicators${tab}`),
      '/incidents',
      ...['', '/facts', '/findings', '/packages'].map((tab) => `/incidents/${incident}${tab}`),
      ...['', '/broker', '/people', '/keys', '/about'].map((section) => `/settings${section}`),
      '/no/such/page',
    ]
    for (const path of paths) {
      await page.goto(`${origin}${path}`)
      await page.getByRole('heading', { level: 1 }).first().waitFor()
      await page.locator('[aria-busy=true]').first().waitFor({ state: 'detached' })
      await expectAccessible()
    }
    await page.context().clearCookies()
    await page.goto(`${origin}/hosts`)
    await page.getByRole('button', { name: 'Sign in' }).waitFor()
    await expectAccessible()

    const shown = (pattern: RegExp) => looked.some((path) => pattern.test(path))
    expect(routes().filter((route) => !shown(patternOf(route)))).toEqual(['/fleet'])
  })

  test('a part of the screens that is not there is said to be missing, and is no page', async () => {
    expect((await fetch(`${origin}/assets/of-another-version.js`)).status).toBe(404)
    expect((await fetch(`${origin}/hosts/anything`)).status).toBe(200)
  })

  test('all the way no page said an error and nothing was asked of any other place', () => {
    expect(browser.faults).toEqual({ said: [], left: [] })
  })
})

/** Addresses as the router has them: `/hosts/$id/{-$tab}`. */
function routes(): string[] {
  const source = readFileSync(join(root, 'console/ui/src/routes.tsx'), 'utf8')
  return [...source.matchAll(/(?:page\(|path: )'(\/[^']*)'/g)].map(([, route = '']) => route)
}

function patternOf(route: string): RegExp {
  return new RegExp(`^${route.replace(/\/\{-\$\w+\}/g, '(/[^/]+)?').replace(/\$\w+/g, '[^/]+')}$`)
}
