import { expect, test } from 'vitest'
import { readAsctime, readDate, readDayFirst, readJava, readShortYear } from './dated.ts'

const clock = { year: 2013, month: 3, day: 4, hour: 8, minute: 24, second: 9, fraction: '' }

test('every form gives the parts that are written, and where they end', () => {
  expect(readAsctime('Mon Mar 04 08:24:09 2013] x')).toEqual({ written: clock, end: 24 })
  expect(readAsctime('[Mon Mar  4 08:24:09.250000 2013]', 1)).toEqual({
    written: { ...clock, fraction: '250000' },
    end: 32,
  })
  expect(readDate('2013/03/04 08:24:09 [error]')).toEqual({ written: clock, end: 19 })
  expect(readDate('2013-03-04  8:24:09 7')).toEqual({ written: clock, end: 19 })
  expect(readDate('2013-03-04T08:24:09,820Z [x]')).toEqual({
    written: { ...clock, fraction: '820', offset: 0 },
    end: 24,
  })
  expect(readDate('2013-03-04 08:24:09.129+0800]')).toEqual({
    written: { ...clock, fraction: '129', offset: 480 },
    end: 28,
  })
  expect(readDayFirst('04-Mar-2013 08:24:09 -0500]: x')).toEqual({ written: { ...clock, offset: -300 }, end: 26 })
  expect(readDayFirst('04-Mar-2013 08:24:09.372 x')).toEqual({ written: { ...clock, fraction: '372' }, end: 24 })
  expect(readJava('Mar 4, 2013 8:24:09 AM org.x')).toEqual({ written: clock, end: 22 })
  expect(readShortYear('130304  8:24:09 [Note]')).toEqual({ written: clock, end: 15 })
})

test('noon and midnight are where a clock of twelve hours has them', () => {
  expect(readJava('mar 4, 2013 12:05:09 PM x')?.written).toMatchObject({ hour: 12, minute: 5 })
  expect(readJava('mar 4, 2013 12:05:09 AM x')?.written).toMatchObject({ hour: 0, minute: 5 })
  expect(readJava('mar 4, 2013 1:05:09 PM x')?.written).toMatchObject({ hour: 13 })
})

test('two digits of a year are of 1970 to 2069, as MySQL reads them', () => {
  expect(readShortYear('690304  8:24:09 x')?.written.year).toBe(2069)
  expect(readShortYear('700304  8:24:09 x')?.written.year).toBe(1970)
})

test('what no calendar or clock has is no time', () => {
  expect(readAsctime('Mon Feb 30 08:24:09 2013 ')).toBeUndefined()
  expect(readAsctime('Mon Mar  4 08:24:09 x')).toBeUndefined()
  expect(readDate('2013/13/04 08:24:09')).toBeUndefined()
  expect(readDate('2013/03/04 24:24:09')).toBeUndefined()
  expect(readDayFirst('04-Mrz-2013 08:24:09')).toBeUndefined()
  expect(readJava('mar 4, 2013 13:05:09 PM x')).toBeUndefined()
  expect(readJava('mar 0, 2013 1:05:09 PM x')).toBeUndefined()
  expect(readShortYear('131304  8:24:09 x')).toBeUndefined()
})
