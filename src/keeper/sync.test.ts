import { spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdtemp, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startKeeper } from '../../test/keeper.ts'
import { sealPerson, takeGrant } from '../../test/sealed-person.ts'

/**
 * What a trace tells, in order: `write` and `sync` of the log when they have ended, `answer` when it begins to leave.
 * `strace -f -y` cuts a call in two when threads mix.
 */
function stepsOf(trace: string): string[] {
  const begun = new Map<string, string>()
  const steps: string[] = []
  for (const line of trace.split('\n')) {
    const [, thread, rest] = /^(\d+) +(.*)$/.exec(line) ?? []
    if (thread === undefined || rest === undefined) continue
    const unfinished = rest.endsWith('<unfinished ...>')
    const resumed = rest.startsWith('<...')
    if (unfinished) begun.set(thread, rest)
    const [, name, path] = /^(\w+)\(\d+<(.*?)>/.exec(resumed ? (begun.get(thread) ?? '') : rest) ?? []
    if (name === undefined || path === undefined) continue
    const toLog = /\/log\/[0-9]+\.log$/.test(path)
    if (toLog && !unfinished) steps.push(name.includes('sync') ? 'sync' : 'write')
    if (/^(UNIX|socket:)/.test(path) && !resumed) steps.push('answer')
  }
  return steps
}

test('each acknowledged act was written to the log and synced before its answer left', {
  timeout: 60_000,
}, async context => {
  if (spawnSync('strace', ['-V']).error !== undefined) return context.skip('strace is not installed')
  const trace = join(await mkdtemp(join(tmpdir(), 'trace-')), 'trace')
  const traced = ['write', 'writev', 'pwrite64', 'fdatasync', 'fsync', 'sendto', 'sendmsg']
  const under = ['strace', '-f', '-y', '-qq', '-s', '0', '-e', `trace=${traced.join()}`, '-o', trace]
  if (spawnSync('strace', ['-qq', '-o', '/dev/null', 'true']).status !== 0) {
    return context.skip('this system does not let a process be traced')
  }
  const keeper = await startKeeper({ under })
  const { client } = keeper
  const ana = await sealPerson(client)
  const grant = await takeGrant(client, [ana])
  const body = { kind: 'consent', act: randomUUID(), actor: 'customer', subject: ana.alias, result: 'given' }
  const acts = 20
  const announced = 10
  for (let number = 1; number <= acts / 2; number++) {
    await client.open({ ...grant, fields: ['email'], items: [ana.box] })
    await client.append([{ id: randomUUID(), number, trailSlot: ana.trail, body }])
  }
  for (let at = 0; at < announced; at++) {
    const act = randomUUID()
    await client.announce({ ...grant, customer: ana.customer, fields: ['email'], act })
    await client.open({ ...grant, fields: ['email'], items: [ana.box], act })
  }
  await client.close()
  await keeper.kill()
  // One act at a time was under way, so each answer follows a write and the sync after it.
  const steps = stepsOf(await readFile(trace, 'utf8'))
  // What was announced is answered before it is durable; what it opens leaves after the sync.
  const early = `((answer )?write (answer )?(write )*sync answer ?){${announced}}`
  expect(steps.join(' ')).toMatch(new RegExp(`(write (write )*sync answer ){${acts}}${early}$`))
})
