import { giveConsent } from '../src/collection/consent.ts'
import { makeCustomer } from '../src/collection/customer.ts'
import { currentNotice, publishNotice } from '../src/collection/notice.ts'
import { brokenConstraint } from '../src/core/database.ts'
import type { House } from '../src/core/house.ts'
import { makeOrganisation } from '../src/identity/organisation.ts'
import { keep } from '../src/storage/keeping.ts'
import { searchDuplicates } from '../src/use/duplicate-search.ts'
import { openBenchHouse } from './bench-house.ts'
import { type Known, mistypedPeople } from './mistyped-people.ts'
import type { Outcome } from './run.ts'

/**
 * A whole search in a real house: boxes from PostgreSQL, fingerprints from the keeper, candidates compared under grants, tasks
 * made. Two in a hundred are there twice and everybody shares a telephone with a relative. They hold name and telephone, which is
 * what a company asks before an officer decides to ask for more. How many people may be said in place of a file.
 */
export async function duplicateSearch(quick: boolean, people = quick ? '300' : '5000'): Promise<Outcome> {
  const bench = await openBenchHouse()
  try {
    const { house, owner } = bench
    await house.database.transaction(async tx => {
      await makeOrganisation(tx, house, 'Bench')
      await publishNotice(tx, house.clock)
    })
    const known = mistypedPeople(Number(people), 3, 0.02)
    for (let at = 0; at < known.length; at += 20)
      await Promise.all(known.slice(at, at + 20).map((one, next) => join(house, one, at + next)))
    const began = performance.now()
    const before = await bench.cpu()
    await searchDuplicates(house)
    const seconds = (performance.now() - began) / 1000
    const cpu = before === null ? null : (((await bench.cpu()) ?? before) - before) / 1e6
    const { found } = await owner.one<{ found: number }>('select count(*)::integer as found from duplicate')
    const again = performance.now()
    await searchDuplicates(house)
    return {
      name: 'duplicate-search',
      ratios: {},
      figures: {
        search: {
          ...{
            customers: known.length,
            seconds: round(seconds),
            'customers/s': Math.round(known.length / seconds),
          },
          ...{ 'cpu seconds': cpu === null ? null : round(cpu), tasks: found },
        },
        again: { seconds: round((performance.now() - again) / 1000) },
      },
      correct: found > 0,
    }
  } finally {
    await bench.close()
  }
}

const round = (figure: number) => Math.round(figure * 10) / 10

/** Among very many people two draw one alias now and then: drawn again. */
async function join(house: House, one: Known, number: number): Promise<void> {
  try {
    await joinOnce(house, one, number)
  } catch (error) {
    if (brokenConstraint(error) !== 'subject_alias_key') throw error
    await join(house, one, number)
  }
}

const joinOnce = (house: House, { person }: Known, number: number): Promise<void> =>
  house.database.transaction(async tx => {
    const made = await makeCustomer(tx, house, 1)
    const evidence = {
      evidence: 'portal' as const,
      version: await currentNotice(tx),
      language: 'it' as const,
    }
    const consent = await giveConsent(tx, house, made.id, 'service', evidence)
    const given = { source: 'customer' as const, at: house.clock.now().toISOString() }
    await keep(tx, house, consent, made.id, made.id, {
      name: { value: `${person.given} ${person.surname}`, ...given },
      email: { value: `customer.${number}@example.org`, ...given },
      ...(person.phone === undefined ? {} : { phone: { value: person.phone, ...given } }),
    })
  })
