#!/usr/bin/env node
// Only what every Node can run stands before the check: an old one must read this file to say so.
const oldestNode = 24

type Command = (argv: string[]) => Promise<number>

/** Every command as it is typed, what it does, and where it is. The only dynamic imports of the program. */
const commands: Record<string, { about: string; load: () => Promise<Command> }> = {
  start: {
    about: 'start everything: database, keeper, server, pages (--demo [--fresh]: a sample company)',
    load: async () => (await import('./cli/start.ts')).start,
  },
  migrate: {
    about: 'bring the schema of an external PostgreSQL up to date, as DATABASE_OWNER_URL',
    load: async () => (await import('./cli/migrate.ts')).migrateCommand,
  },
  'import customers': {
    about: 'bring customers in from a CSV file, with the evidence of their consent',
    load: async () => (await import('./cli/import.ts')).importCustomers,
  },
  'import purchases': {
    about: 'bring purchases in from a CSV file, for customers who agreed',
    load: async () => (await import('./cli/import.ts')).importPurchases,
  },
  config: {
    about: 'list every setting and its value',
    load: async () => (await import('./cli/config.ts')).config,
  },
  doctor: {
    about: 'look for what weakens this installation',
    load: async () => (await import('./cli/doctor.ts')).doctor,
  },
  'log verify': {
    about: 'verify every byte of the log (--keeper DIR: another folder)',
    load: async () => (await import('./cli/log-verify.ts')).logVerify,
  },
  'receipt verify': {
    about: 'verify a withdrawal receipt, offline: FILE',
    load: async () => (await import('./cli/receipt-verify.ts')).receiptVerify,
  },
}

function help(): void {
  console.log('custode: a CRM in which the customer’s data belongs to the customer\n')
  const width = Math.max(...Object.keys(commands).map(name => name.length))
  for (const [name, { about }] of Object.entries(commands))
    console.log(`  custode ${name.padEnd(width)}  ${about}`)
}

async function main(argv: string[]): Promise<number> {
  if (argv.length === 0 || ['help', '--help', '-h'].includes(argv[0] ?? '')) {
    help()
    return argv.length === 0 ? 2 : 0
  }
  for (const words of [2, 1]) {
    const command = commands[argv.slice(0, words).join(' ')]
    if (command === undefined || argv.length < words) continue
    const rest = argv.slice(words)
    if (rest.includes('--help') || rest.includes('-h')) {
      console.log(`custode ${argv.slice(0, words).join(' ')}: ${command.about}`)
      return 0
    }
    return await run(await command.load(), rest)
  }
  console.error(`custode: there is no command “${argv[0]}”; custode --help lists them`)
  return 2
}

async function run(command: Command, argv: string[]): Promise<number> {
  try {
    return await command(argv)
  } catch (error) {
    if (!String((error as { code?: unknown }).code).startsWith('ERR_PARSE_ARGS')) throw error
    console.error(`custode: ${(error as Error).message}`)
    return 2
  }
}

const major = Number(process.versions.node.split('.')[0])
if (major < oldestNode) {
  console.error(
    `custode needs Node ${oldestNode} and this is ${process.versions.node}: use npm start or npx custode, which bring their own`,
  )
  process.exitCode = 1
} else {
  process.exitCode = await main(process.argv.slice(2))
}
