#!/usr/bin/env node
import type { Help } from './cli/help.ts'

// Only what every Node can run stands before the check: an old one must read this file to say so.
const oldestNode = 24

type Run = (argv: string[]) => Promise<number>

interface Command {
  about: string
  load: () => Promise<{ run: Run; help: Help }>
}

/** Every command as it is typed, what it does, and where it is. The only dynamic imports of the program. */
const commands: Record<string, Command> = {
  start: {
    about: 'start everything: database, keeper, server, pages (--demo [--fresh]: a sample company)',
    load: async () => {
      const { start, help } = await import('./cli/start.ts')
      return { run: start, help }
    },
  },
  migrate: {
    about: 'bring the schema of an external PostgreSQL up to date, as DATABASE_OWNER_URL',
    load: async () => {
      const { migrateCommand, help } = await import('./cli/migrate.ts')
      return { run: migrateCommand, help }
    },
  },
  'import customers': {
    about: 'bring customers in from a CSV file, with the evidence of their consent',
    load: async () => {
      const { importCustomers, customersHelp } = await import('./cli/import.ts')
      return { run: importCustomers, help: customersHelp }
    },
  },
  'import contacts': {
    about: 'bring contacts in from CSV, vCard, HubSpot or Salesforce, by a mapping of the columns',
    load: async () => {
      const { importContacts, contactsHelp } = await import('./cli/import-contacts.ts')
      return { run: importContacts, help: contactsHelp }
    },
  },
  'import list': {
    about: 'list the imports, with their counts',
    load: async () => {
      const { listRuns, listHelp } = await import('./cli/import-undo.ts')
      return { run: listRuns, help: listHelp }
    },
  },
  'import undo': {
    about: 'take an import of customers back, but for those about whom something has changed: ID',
    load: async () => {
      const { undoRun, undoHelp } = await import('./cli/import-undo.ts')
      return { run: undoRun, help: undoHelp }
    },
  },
  'import purchases': {
    about: 'bring purchases in from a CSV file, for customers who agreed',
    load: async () => {
      const { importPurchases, purchasesHelp } = await import('./cli/import.ts')
      return { run: importPurchases, help: purchasesHelp }
    },
  },
  backup: {
    about: 'write a backup of the database, while Custode runs or not: DIR',
    load: async () => {
      const { backup, help } = await import('./cli/backup.ts')
      return { run: backup, help }
    },
  },
  restore: {
    about: 'bring a backup back, up to what the log says: DIR (--discard: drop what was before)',
    load: async () => {
      const { restoreCommand, help } = await import('./cli/restore.ts')
      return { run: restoreCommand, help }
    },
  },
  config: {
    about: 'list every setting and its value',
    load: async () => {
      const { config, help } = await import('./cli/config.ts')
      return { run: config, help }
    },
  },
  doctor: {
    about: 'look for what weakens this installation',
    load: async () => {
      const { doctor, help } = await import('./cli/doctor.ts')
      return { run: doctor, help }
    },
  },
  'keeper recover': {
    about: 'begin the keeper’s folder anew from one of its places: PLACE',
    load: async () => {
      const { keeperRecover, help } = await import('./cli/keeper-recover.ts')
      return { run: keeperRecover, help }
    },
  },
  'keeper retire': {
    about: 'state that what a custodian that was left out held was destroyed by hand: CUSTODIAN',
    load: async () => {
      const { keeperRetire, help } = await import('./cli/keeper-retire.ts')
      return { run: keeperRetire, help }
    },
  },
  'keeper recovery create': {
    about: 'make a cold recovery secret, in shares for several holders: DIR',
    load: async () => {
      const { recoveryCreate, help } = await import('./cli/keeper-recovery-create.ts')
      return { run: recoveryCreate, help }
    },
  },
  'keeper recovery restore': {
    about: 'open the keybook with shares when every custodian was lost: SHARE…',
    load: async () => {
      const { recoveryRestore, help } = await import('./cli/keeper-recovery-restore.ts')
      return { run: recoveryRestore, help }
    },
  },
  'log verify': {
    about: 'verify every byte of the log (--keeper DIR: another folder)',
    load: async () => {
      const { logVerify, help } = await import('./cli/log-verify.ts')
      return { run: logVerify, help }
    },
  },
  'log project': {
    about: 'make the database’s table of the log anew from the log (--check: compare only)',
    load: async () => {
      const { logProject, help } = await import('./cli/log-project.ts')
      return { run: logProject, help }
    },
  },
  witness: {
    about: 'cosign checkpoints of somebody else’s log: DIR --name NAME --log VKEY…',
    load: async () => {
      const { witness, help } = await import('./cli/witness.ts')
      return { run: witness, help }
    },
  },
  'intake verify': {
    about: 'verify a company’s page for sealed forms against its log: URL',
    load: async () => {
      const { intakeVerify, help } = await import('./cli/intake-verify.ts')
      return { run: intakeVerify, help }
    },
  },
  'receipt verify': {
    about: 'verify a withdrawal receipt, offline: FILE',
    load: async () => {
      const { receiptVerify, help } = await import('./cli/receipt-verify.ts')
      return { run: receiptVerify, help }
    },
  },
}

const asksForHelp = (word: string | undefined): boolean => ['--help', '-h'].includes(word ?? '')

async function main(argv: string[]): Promise<number> {
  const [first] = argv
  if (first === undefined) return unknown('custode: a command is missing; these there are:')
  if (first === 'help' && argv.length > 1) return await main([...argv.slice(1), '--help'])
  if (first === 'help' || asksForHelp(first)) return await overview()
  if (first === '--version' || first === '-v') return await tellVersion()
  for (const words of [3, 2, 1]) {
    const name = argv.slice(0, words).join(' ')
    if (argv.length >= words && Object.hasOwn(commands, name))
      return await run(commands[name]!, argv.slice(words))
  }
  const beginning = Object.keys(commands).filter(name => name.startsWith(`${first} `))
  if (beginning.length === 0) return unknown(`custode: there is no command “${first}”; these there are:`)
  if (asksForHelp(argv[1])) return await overview(beginning)
  return unknown(`custode: “${first}” alone is no command; these there are:`, beginning)
}

const listOf = (names: string[] = Object.keys(commands)): string => {
  const width = Math.max(...names.map(name => name.length))
  return names.map(name => `  custode ${name.padEnd(width)}  ${commands[name]?.about}`).join('\n')
}

async function overview(names?: string[]): Promise<number> {
  console.log('custode: a CRM in which the customer’s data belongs to the customer\n')
  console.log(listOf(names))
  console.log('\ncustode COMMAND --help says more of each; custode --version says which this is')
  return 0
}

function unknown(why: string, names?: string[]): number {
  console.error(`${why}\n${listOf(names)}`)
  return 2
}

async function tellVersion(): Promise<number> {
  const { readFile } = await import('node:fs/promises')
  const text = await readFile(new URL('../package.json', import.meta.url), 'utf8')
  console.log((JSON.parse(text) as { version: string }).version)
  return 0
}

async function run(command: Command, argv: string[]): Promise<number> {
  const { run, help } = await command.load()
  const ended = argv.indexOf('--')
  if (argv.slice(0, ended === -1 ? argv.length : ended).some(asksForHelp)) {
    const { describe } = await import('./cli/help.ts')
    console.log(describe(command.about, help).join('\n'))
    return 0
  }
  try {
    return await run(argv)
  } catch (error) {
    if (!String((error as { code?: unknown } | null)?.code).startsWith('ERR_PARSE_ARGS')) throw error
    const [why] = (error as Error).message.split('. ')
    console.error(`custode: ${why}; ${help.command} --help says what there is`)
    return 2
  }
}

/** Ends at what nobody expected. Its message stays unsaid, because it may hold a value. */
async function endAtBug(error: unknown): Promise<never> {
  const { framesOf } = await import('./supervisor/frames.ts')
  console.error(
    'custode: this is a bug of Custode: please report it with the lines below in the repository’s issues, or as SECURITY.md says where it puts data at risk',
  )
  console.error(framesOf(error).join('\n'))
  process.exit(1)
}

const major = Number(process.versions.node.split('.')[0])
if (major < oldestNode) {
  console.error(
    `custode needs Node ${oldestNode} and this is ${process.versions.node}: use npm start or npx custode, which bring their own`,
  )
  process.exitCode = 1
} else {
  process.on('uncaughtException', endAtBug)
  process.exitCode = await main(process.argv.slice(2)).catch(endAtBug)
}
