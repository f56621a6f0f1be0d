import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright-core'

const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

/** What axe finds wrong with the page as it stands, light and dark: one line each. */
export async function accessibilityFaults(page: Page): Promise<string[]> {
  const found: string[] = []
  for (const colorScheme of ['light', 'dark'] as const) {
    // A colour that is on its way to another one is not what people read.
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    const { violations } = await new AxeBuilder({ page })
      .withTags(rules)
      .options({ rules: { 'target-size': { enabled: true } } })
      .analyze()
    const path = new URL(page.url()).pathname
    for (const { id, nodes } of violations) found.push(`${path}, ${colorScheme}: ${id} at ${nodes[0]?.target}`)
  }
  return found
}
