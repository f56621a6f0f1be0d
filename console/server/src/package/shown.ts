import { mask } from '../incidents/importer-numbers.ts'
import { replaceNumbers } from '../index/private-numbers.ts'

/** How values that came from hosts, files or people stand in what is read by people: harmless, and nothing hidden in them. */

/** Numbers of importers and persons masked, the last four digits left. */
export function masked(text: string): string {
  return replaceNumbers(text, mask)
}

/**
 * Characters without a shape of their own (controls, bidi, joiners, tags, variation selectors), and halves of pairs: a
 * reader must see that they are there, and no terminal or browser may obey them.
 */
const unseen = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Variation_Selector}\u115f\u1160\u17b4\u17b5\u3164\uffa0]/gu

export function visible(text: string): string {
  return text.replace(unseen, (char) => `<U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}>`)
}

const scheme = /\b(h)tt(ps?)(?=:\/\/)|\b(f)t(ps?)(?=:\/\/)/gi
/** A dot inside a name: file names are no exception, since `.zip` and `.sh` are domains too. */
const dotInName = /(?<=[\p{L}\p{N}_-])\.(?=\p{L})/gu
const address = /(?<![\w.])(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})(?![\w.]*\w)/g
const mailbox = /(?<=[\p{L}\p{N}._%+-])@(?=[\p{L}\p{N}-]+\.)/gu

/** Unclickable (domain.md D.8): `hxxp://`, `203[.]0[.]113[.]201`, `evil[.]example`, `a[@]b[.]example`. For people only; machine files keep the value. */
function defanged(text: string): string {
  return text
    .replace(scheme, (_, h, tail, f, ftpTail) => (h === undefined ? `${f}x${ftpTail}` : `${h}xx${tail}`))
    .replace(mailbox, '[@]')
    .replace(address, '$1[.]$2[.]$3[.]$4')
    .replace(dotInName, '[.]')
}

/** Any value as a letter or a readable table shows it. */
export function shown(text: string): string {
  return visible(defanged(masked(text)))
}
