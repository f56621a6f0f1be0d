import { expect, test } from 'vitest'
import { madeBySqlite, rowEvents } from '../database.fixture.ts'

/**
 * Tables as Firefox makes them (toolkit/components/places/nsPlacesTables.h) and annotations as it writes them for a download
 * (toolkit/components/downloads/DownloadHistory.sys.mjs). No recorded file with a download was found.
 */
const places = `
  create table moz_places (id integer primary key, url longvarchar, title longvarchar, rev_host longvarchar, visit_count integer default 0,
    hidden integer default 0 not null, typed integer default 0 not null, frecency integer default -1 not null, last_visit_date integer, guid text);
  create table moz_historyvisits (id integer primary key, from_visit integer, place_id integer, visit_date integer, visit_type integer, session integer);
  create table moz_anno_attributes (id integer primary key, name varchar(32) unique not null);
  create table moz_annos (id integer primary key, place_id integer not null, anno_attribute_id integer, content longvarchar, flags integer default 0,
    expiration integer default 0, type integer default 0, dateAdded integer default 0, lastModified integer default 0);
  insert into moz_places (id, url, title) values (1, 'https://a.example/', 'A'), (2, 'https://a.example/invoice.exe', 'invoice.exe');
  insert into moz_historyvisits values (1, 0, 1, 1700000000000000, 2, 0), (2, 1, 2, 1700000001000000, 7, 0);
  insert into moz_anno_attributes values (1, 'downloads/destinationFileURI'), (2, 'downloads/metaData');
  insert into moz_annos (place_id, anno_attribute_id, content, dateAdded) values
    (2, 1, 'file:///C:/Users/ana/Downloads/my%20invoice.exe', 1700000001500000),
    (2, 2, '{"state":8,"deleted":false,"endTime":1700000003000,"fileSize":4711}', 1700000003000000)`

test('a download is its visit, and an event of its own with the file and how it ended', () => {
  expect(rowEvents(madeBySqlite(places).bytes)).toMatchObject([
    { event: { action: 'page-visited' }, tidewaiter: { visit: { transition: 'typed' } } },
    {
      event: { action: 'page-visited' },
      tidewaiter: { visit: { transition: 'download', from_url: 'https://a.example/' } },
    },
    {
      '@timestamp': '2023-11-14T22:13:21.500000Z',
      event: { action: 'file-downloaded', outcome: 'failure', end: '2023-11-14T22:13:23.000000Z' },
      file: { path: 'C:/Users/ana/Downloads/my invoice.exe', name: 'my invoice.exe', size: 4711 },
      url: { domain: 'a.example', path: '/invoice.exe' },
      tidewaiter: { download: { state: 'blocked-reputation' } },
    },
  ])
})

test('annotations that hold no JSON, or none at all, leave the file and the address', () => {
  const damaged = `${places.replace(`'{"state":8`, `'{"state":8 oops`)}`
  const [, , download] = rowEvents(madeBySqlite(damaged).bytes)

  expect(download).toMatchObject({ event: { outcome: 'unknown' }, file: { name: 'my invoice.exe' } })
})
