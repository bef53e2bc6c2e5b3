import { hash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { parse } from 'csv-parse'

/**
 * Writes a customer file for the customer numbers in a file of purchases: invented names, `@example.org` addresses
 * that cannot reach anybody, numbers from ranges reserved for fiction (Ofcom), and evidence of consent for 95 % of
 * them. The same seed writes the same file.
 *
 *     node bench/retail-customers.ts online-retail.csv.gz customers.csv [seed]
 */
export async function retailCustomers(purchases: string, seed: number): Promise<string> {
  const numbers = await customerNumbers(purchases)
  const random = seeded(seed)
  const lines = numbers.map(number => ({ number, at: random(), columns: columnsOf(number, random) }))
  const withEvidence = Math.round(numbers.length * 0.95)
  const order = [...lines].sort((a, b) => a.at - b.at || a.number.localeCompare(b.number))
  const evident = new Set(order.slice(0, withEvidence).map(line => line.number))
  const header = 'reference,name,email,phone,purposes,consent_date,consent_source'
  const rows = lines.map(line => {
    const { name, email, phone, date, source, offers } = line.columns
    const evidence = evident.has(line.number)
      ? [`service${offers ? ' offers' : ''}`, date, source]
      : ['', '', '']
    return [line.number, name, email, phone, ...evidence].join(',')
  })
  return `${[header, ...rows].join('\n')}\n`
}

async function customerNumbers(file: string): Promise<string[]> {
  const numbers = new Set<string>()
  const records = parse({ columns: true, bom: true })
  records.on('data', (record: { CustomerID: string }) => numbers.add(record.CustomerID))
  const source = createReadStream(file)
  await (file.endsWith('.gz') ? pipeline(source, createGunzip(), records) : pipeline(source, records))
  return [...numbers].sort()
}

const firstNames = (
  'Ada Bruno Chiara Dario Elena Fabio Giada Hugo Irene Jonas Katia Luca Marta Nico Olga Paolo Quinn Rita Sandro ' +
  'Teresa Ugo Vera Walter Xenia Yuri Zoe Amelia Boris Celia Duncan Edith Flora Gareth Hilda Ivor Jasmine'
).split(' ')
const lastNames = (
  'Alder Brighella Corvo Danvers Esposti Fennel Granata Holloway Ibsen Jarrow Kestrel Lupino Marbury Nettle Orsato ' +
  'Pellegri Quarto Rosmarin Saltmarsh Tamburo Underhill Viola Wexcombe Yarrow Zagara'
).split(' ')
const sources = ['till-form', 'web-shop', 'phone-order']

function columnsOf(number: string, random: () => number) {
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)]!
  const name = `${pick(firstNames)} ${pick(lastNames)}`
  const date = new Date(Date.UTC(2010, 0, 1 + Math.floor(random() * 330))).toISOString().slice(0, 10)
  const email = `${name.toLowerCase().replace(' ', '.')}.${number}@example.org`
  // +44 20 7946 0000 to 0999 are set aside for drama (Ofcom).
  const phone = random() < 0.7 ? `+442079460${String(Math.floor(random() * 1000)).padStart(3, '0')}` : ''
  return { name, email, phone, date, source: pick(sources), offers: random() < 0.4 }
}

/** Numbers from 0 to 1 that depend on the seed alone: SHA-256 over seed and counter. */
export function seeded(seed: number): () => number {
  let count = 0
  return () => hash('sha256', `${seed}/${count++}`, 'buffer').readUIntBE(0, 6) / 2 ** 48
}

if (import.meta.main) {
  const [purchases, out, seed] = process.argv.slice(2)
  if (purchases === undefined || out === undefined) {
    console.error('usage: node bench/retail-customers.ts PURCHASES.csv[.gz] CUSTOMERS.csv [seed]')
    process.exitCode = 1
  } else {
    await writeFile(out, await retailCustomers(purchases, Number(seed ?? 1)))
  }
}
