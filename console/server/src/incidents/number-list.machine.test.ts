import { Decrypter } from 'age-encryption'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openStore, type Store } from '../store/store.ts'
import { openVault, type Vault } from '../store/vault.ts'
import { setFact } from './facts.ts'
import { createIncident } from './incidents.ts'
import { sealNumberList } from './number-list.ts'

const by = { who: 'r.abara@halyard-customs.example', at: '2026-11-24T12:00:00.000Z' }
const passphrase = 'correct horse battery staple'

let store: Store
let vault: Vault
let incident: string

beforeEach(async () => {
  store = await openStore({ file: ':memory:' })
  vault = openVault(Buffer.alloc(32, 7))
  incident = await createIncident(store, 'Norfolk', by)
})

afterEach(() => store.destroy())

test('the list comes out whole, under the passphrase, and the act stands in the log without a number', async () => {
  await setNumbers('00-0000123\n987-65-4320')

  const { sealed, fileName, count } = await sealNumberList({ store, vault }, incident, { passphrase, ...by })

  const decrypter = new Decrypter()
  decrypter.addPassphrase(passphrase)
  expect((await decrypter.decrypt(sealed, 'text')).split('\n')).toEqual([
    'Compromised importer identification numbers known in incident INC-1',
    'Revision 2, entered 2026-11-24T12:00:00.000Z: 1 EIN, 1 SSN, 0 CBP-assigned',
    '',
    '00-0000123',
    '987-65-4320',
    '',
  ])
  expect([fileName, count]).toEqual(['INC-1_importer-numbers_r2.txt.age', 2])
  expect(await exports()).toEqual([{ who: by.who, data: '{"incident":"INC-1","rev":2,"count":2}' }])
})

test('without a list, and under a short passphrase, nothing is given and nothing is written down', async () => {
  const ask = (words: string) => sealNumberList({ store, vault }, incident, { passphrase: words, ...by })

  await expect(ask(passphrase)).rejects.toMatchObject({ code: 'not-found' })
  await setNumbers('00-0000123')
  await expect(ask('too short')).rejects.toMatchObject({ code: 'input-malformed' })
  expect(await exports()).toEqual([])
})

function setNumbers(value: string): Promise<void> {
  return setFact(store, incident, { field: 'importerNumbers', state: 'answered', value, rev: 0 }, { ...by, vault })
}

function exports() {
  return store.selectFrom('audit').select(['who', 'data']).where('act', '=', 'importer-numbers.export').execute()
}
