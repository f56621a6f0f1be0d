import { expect, test } from 'vitest'
import { statementMeaning, withoutSecrets } from './statement.ts'

const read = (sql: string) => {
  const { action, type } = statementMeaning(sql)
  return [action, ...(type ?? [])]
}

test('a statement reads, writes or does neither, by its first word', () => {
  expect(read('SELECT * FROM entries')).toEqual(['statement', 'access'])
  expect(read('/* app */ -- x\n insert into t values (1)')).toEqual(['statement', 'change'])
  expect(read('BEGIN')).toEqual(['statement', 'info'])
  expect(read('')).toEqual(['statement', 'info'])
})

test('what gives rights, takes rows out or runs a program has a name of its own', () => {
  expect(read('CREATE ROLE x SUPERUSER')).toEqual(['user-created', 'creation', 'user'])
  expect(read('grant all on *.* to x')[0]).toBe('privilege-granted')
  expect(read("select * from t into outfile '/tmp/x'")[0]).toBe('rows-exported')
  expect(read("COPY t TO PROGRAM 'id'")[0]).toBe('program-run')
  expect(read('COPY t TO STDOUT')[0]).toBe('rows-exported')
  expect(read("COPY t FROM '/tmp/x'")).toEqual(['statement', 'change'])
  expect(read('drop table t')[0]).toBe('data-dropped')
  expect(read("alter system set log_connections = 'off'")[0]).toBe('setting-changed')
})

test('comments without end take no more time than their length', () => {
  expect(read('/*/'.repeat(100_000))).toEqual(['statement', 'info'])
  expect(read('--\n'.repeat(100_000))).toEqual(['statement', 'info'])
})

test('a password in a statement is not kept, and the rest of it is', () => {
  expect(withoutSecrets("CREATE ROLE ana LOGIN PASSWORD 'it''s' VALID UNTIL '2027'")).toBe(
    "CREATE ROLE ana LOGIN PASSWORD '*****' VALID UNTIL '2027'",
  )
  expect(withoutSecrets("alter user a@'%' identified by 'x\\'y', b@'%' identified with x by \"z\"")).toBe(
    "alter user a@'%' identified by '*****', b@'%' identified with x by '*****'",
  )
  expect(withoutSecrets("CREATE LOGIN ana WITH PASSWORD = 'x'")).toBe("CREATE LOGIN ana WITH PASSWORD = '*****'")
  expect(withoutSecrets("set password for ana = password('x')")).toBe("set password for ana = password('*****')")
  expect(withoutSecrets("select 'a' from password_list")).toBe("select 'a' from password_list")
  expect(withoutSecrets(`identified by '${'\\'.repeat(100_000)}`)).toHaveLength(100_015)
})
