import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BrowserContext, chromium, type Page } from 'playwright-core'

/** Debian's Chromium with nothing of its own: no updates, no look-ups, no profile that stays. */
const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** What a page said or asked for that it should not have. */
export interface Faults {
  /** Console errors and warnings, uncaught errors, blocked by the content security policy. */
  said: string[]
  /** Requests to any other origin. */
  left: string[]
}

export interface Browser {
  page: Page
  context: BrowserContext
  faults: Faults
  /** Keeps a picture of the page as it was when the test failed, and says where. */
  showFailure(task: { name: string; result?: { state: string } | undefined }): Promise<void>
  close(): Promise<void>
}

/** A browser for the console at `origin`. */
export async function openBrowser(origin: string, { width = 1280, height = 720 } = {}): Promise<Browser> {
  const profile = mkdtempSync(join(tmpdir(), 'tidewaiter-chromium-'))
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: '/usr/bin/chromium',
    args,
    viewport: { width, height },
    acceptDownloads: true,
  })
  const page = context.pages()[0] ?? (await context.newPage())
  const faults: Faults = { said: [], left: [] }
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') faults.said.push(message.text())
  })
  page.on('pageerror', (error) => faults.said.push(String(error)))
  page.on('request', (request) => {
    const url = new URL(request.url())
    if (/^(http|ws)s?:$/.test(url.protocol) && url.host !== new URL(origin).host) faults.left.push(request.url())
  })
  return {
    page,
    context,
    faults,
    async showFailure({ name, result }) {
      if (result?.state !== 'fail') return
      const path = join(tmpdir(), `tidewaiter-failed-${name.replaceAll(/\W+/g, '-').slice(0, 60)}.png`)
      await page.screenshot({ path })
      console.log(`${name}\n  at ${page.url()}, as ${path} shows`)
    },
    async close() {
      await context.close()
      rmSync(profile, { recursive: true, force: true })
    },
  }
}
