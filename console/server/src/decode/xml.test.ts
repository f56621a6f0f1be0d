import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cpuMs } from './cpu.fixture.ts'
import { readOr } from './damaged.ts'
import { attribute, childText, readXml } from './xml.ts'

test('elements have their attributes, children and text', () => {
  const text = `<?xml version="1.0"?>\n<!-- a --><a b="1" c='2 &amp; 3'>x<d/>y<e f = "g">z</e ></a>rest`
  const { root, end } = readXml(text)

  expect(root).toEqual({
    name: 'a',
    attributes: ['b', '1', 'c', '2 & 3'],
    text: 'xy',
    children: [
      { name: 'd', attributes: [], children: [], text: '' },
      { name: 'e', attributes: ['f', 'g'], children: [], text: 'z' },
    ],
  })
  expect(text.slice(end)).toBe('rest')
  expect(attribute(root, 'c')).toBe('2 & 3')
  expect(attribute(root, 'none')).toBe('')
  expect(childText(root, 'e')).toBe('z')
  expect(childText(root, 'd')).toBeUndefined()
})

test.each([
  ['&lt;&gt;&quot;&apos;&amp;', `<>"'&`],
  ['&#65;&#x42;&#128169;', 'AB\u{1f4a9}'],
  ['&nbsp;&#x110000;&constructor;&', '&nbsp;&#x110000;&constructor;&'],
  ['<![CDATA[<b>&amp;]]>c', '<b>&amp;c'],
  ['a<!-- b -->c<?d e?>f', 'acf'],
  ['a\r\nb', 'a\r\nb'],
])('%s is read as %s', (written, read) => {
  expect(readXml(`<a>${written}</a>`).root.text).toBe(read)
})

test.each([
  ['a document type', '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', 'xml-malformed'],
  ['a file that is named', '<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>', 'xml-malformed'],
  ['an element that does not end', '<a><b></b>', 'xml-malformed'],
  ['an end of another', '<a></b>', 'xml-malformed'],
  ['an end without a beginning', '</a>', 'xml-malformed'],
  ['a value without quotes', '<a b=c/>', 'xml-malformed'],
  ['no XML', 'a', 'xml-malformed'],
  ['nothing', '', 'xml-malformed'],
  ['a nesting without end', '<a>'.repeat(1000), 'too-deep'],
  ['elements without end', `<a>${'<b/>'.repeat(200_000)}</a>`, 'too-many'],
])('%s is refused', (_, text, code) => {
  expect(damageOf(text)).toBe(code)
})

describe('any text', () => {
  test('is read, or refused by name', () => {
    const piece = fc.constantFrom(
      '<a>',
      '</a>',
      '<a',
      '<b c="',
      '"',
      '/>',
      '>',
      '&amp;',
      '&#',
      ';',
      '<![CDATA[',
      ']]>',
      ' ',
      'x',
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        expect(damageOf(pieces.join(''))).toMatch(/^(none|xml-malformed|too-deep)$/)
      }),
    )
  })

  test.each(['<', '<a ', '<a b="', '&', '&amp;', '<!--', '<![CDATA[', ' ', 'a', '<?', '="'])(
    'of a mebibyte of %s takes the time its length takes',
    (piece) => {
      const startedAt = cpuMs()
      damageOf(`<a>${piece.repeat((1024 * 1024) / piece.length)}`)
      damageOf(`<a ${piece.repeat((1024 * 1024) / piece.length)}`)
      damageOf(`<a>${`<b>${piece}</b>`.repeat(90_000)}</a>`)

      expect(cpuMs() - startedAt).toBeLessThan(1000)
    },
  )
})

function damageOf(text: string): string {
  return readOr(
    () => {
      readXml(text)
      return 'none'
    },
    ({ code }) => code,
  )
}
